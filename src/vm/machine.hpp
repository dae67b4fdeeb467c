// SPDX-License-Identifier: MIT
// One run of an interpreted program: registers, frames, and what memory it may touch.
//
// A register holds a number. If that is an address of this process it must lie in memory that the program
// has; pointers to what is no memory (the context, a socket by its UAPI view, a map) are numbers whose upper
// 16 bits no user-space address has, so following one by mistake leads nowhere.
#pragma once

#include <algorithm>
#include <string>

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/map/bpf_map.hpp>

#include "../helper/section_state.hpp"
#include "dynptr_table.hpp"
#include "ebpf_prog.hpp"
#include "iterator_table.hpp"

namespace sockops::vm {

enum class pointer_kind : u16 {
	memory = 0,
	ctx = 0xbc01,      ///< struct bpf_sock_ops; the rest: ctx_origin and an offset
	sock = 0xbc02,     ///< struct bpf_sock; the rest: the socket's address, and an offset
	tcp_sock = 0xbc03, ///< struct bpf_tcp_sock; the same
	map = 0xbc04,      ///< the rest: an index of the program's maps
	function = 0xbc05, ///< the rest: the instruction where a callback begins
};

constexpr u64 pointer_mask = (u64{1} << 48) - 1;
constexpr pointer_kind kind_of(u64 pointer) noexcept { return static_cast<pointer_kind>(pointer >> 48); }
constexpr u64 make_pointer(pointer_kind kind, u64 rest) noexcept {
	return static_cast<u64>(kind) << 48 | (rest & pointer_mask);
}
/// So that a program's subtraction from the context does not leave its kind at once.
inline constexpr u64 ctx_origin = u64{1} << 32;

enum class access : u8 { read, write };

/// Memory that a helper has handed out for this run: a value of a socket's storage, a reserved record.
struct grant {
	u8* base;
	u64 size;
	const char* what; ///< for messages
	bool must_go;     ///< a record that has to be submitted or discarded before the program ends
};

/// What a subprogram's caller gets back at its exit.
struct saved_frame {
	const step* next;
	const ebpf_prog* prog;
	u64 callee_saved[4]; ///< r6 to r9
};

/// A key that bpf_for_each_map_elem() shows to its callback.
struct shown_key {
	const void* base;
	u64 size; ///< bytes; 0: none
};

struct machine {
	static constexpr u32 max_grants = 16;

	u64 regs[11];
	u8* frame;            ///< bottom of the current frame; r10 is max_bpf_stack above it
	u8* recent = nullptr; ///< the map value that was looked up last, of recent_size bytes
	u32 recent_size = 0;
	u32 budget = 0;     ///< instructions until the next call or turn of an iterator
	u64 left;           ///< and what these may still add to it
	u32 depth = 0;      ///< of calls: index of the current frame
	u32 base_depth = 0; ///< where exit ends the run: 0, or a callback's frame
	u32 tail_calls;
	u32 grants_used = 0;
	u32 next_victim = 0; ///< of the grants: where room is made
	bool faulted = false;
	bool recent_writable = true;
	bool is_watched = false; ///< it is a watched_machine
	const ebpf_prog* prog;
	bpf_sock_ops_kern* ctx; ///< nullptr in a raw run
	bpf_sock_ops_kern*
		asks; ///< of whose net the time, chance and what is printed are; never the program's to see
	const step* at = nullptr; ///< the step of the helper that is running, for its faults
	grant grants[max_grants];
	dynptr_table dynptrs;
	iterator_table iterators;
	helper::section_state sections;
	saved_frame saved[max_call_frames];
	shown_key shown_keys[max_call_frames]; ///< by depth of the callback that may read it
	alignas(16) u8 stack[max_call_frames * max_bpf_stack];

	machine(const ebpf_prog& of, bpf_sock_ops_kern* context) noexcept;

	/// Runs from `entry` until exit or a fault; r0, 0 after a fault.
	u64 run(const step* entry) noexcept;

	/// Where `size` bytes at `address` are in this process; nullptr if the program may not touch them so.
	[[gnu::always_inline]] u8* reach(u64 address, u32 size, access how) noexcept {
		const u64 in_frame = address - reinterpret_cast<std::uintptr_t>(frame);
		if (in_frame <= max_bpf_stack - size) [[likely]]
			return frame + in_frame;
		const u64 in_value = address - reinterpret_cast<std::uintptr_t>(recent);
		if (recent_size >= size && in_value <= recent_size - size && (how == access::read || recent_writable))
			return recent + in_value;
		return reach_elsewhere(address, size, how);
	}
	u8* reach_elsewhere(u64 address, u64 size, access how) noexcept;
	/// The value of one of the program's maps in which all of it lies, to which `map` is set; nullptr: in
	/// none, or it is where a lock is, which only its helpers touch.
	u8* reach_value(u64 address, u64 size, bpf_map*& map) const noexcept;
	/// The bytes of one modelled member of a socket, context or segment of this call; nullptr: none.
	const u8* reach_core_member(u64 address, u64 size) const noexcept;

	/// Where what a pointer stands for is as the kernel has it: for the context and the views of a socket,
	/// the object itself; any other value is what it is.
	u64 kernel_address(u64 pointer) const noexcept;

	/// A load through a pointer to what is no memory: false if the program may not.
	bool load_typed(u64 pointer, u32 size, u64& value) noexcept;
	/// A store through one, always refused but to the two writable fields of the context.
	bool store_typed(u64 pointer, u32 size, u64 value) noexcept;

	/// Readable and writable for the rest of the run, or until it is taken back.
	void grant_memory(void* base, u64 size, const char* what, bool must_go = false) noexcept;
	/// A record that has to be submitted or discarded is the program's no longer; false: it has none there.
	bool take_back_record(const void* base) noexcept;
	/// What a program that was stopped still holds: its lock, so that nobody waits for it, its sections, its
	/// iterators, and its records, which are discarded, so that those after them can be read.
	void give_back_all() noexcept;
	/// False: left_to_do() is nullptr, for certain.
	bool has_something() const noexcept {
		return grants_used != 0 || !dynptrs.empty() || iterators.first() || sections.any();
	}
	/// What the program has yet to do before it ends or goes on to another, in words ("having destroyed its
	/// iterator"); nullptr: nothing.
	const char* left_to_do() const noexcept;
	/// A value that a map handed out, of which its observers are told: what is reached first from now on.
	void remember(void* value, bpf_map& map) noexcept;
	/// The same, where the observers know.
	void keep_at_hand(void* value, const bpf_map& map) noexcept;

	/// Notes the fault of a run that has no instruction left for `next`.
	[[gnu::cold]] void out_of_budget(const step* next) noexcept;
	/// Notes a fault of the step `where`; the run ends. Returns nullptr, for steps to return.
	[[gnu::cold]] const step* fault(const step* where, std::string what) noexcept;
	[[gnu::cold]] const step* bad_access(const step* where, u64 address, u64 size, access how) noexcept;

	// For helpers: what an argument register stands for. A wrong one is a fault, and nullptr.

	bool is_context(u64 value, const char* helper) noexcept;
	bpf_map* map_of(u64 value, const char* helper) noexcept;
	/// A socket of this call by any kind of pointer to it; nullptr, without fault, for NULL.
	sock_common* socket_of(u64 value, const char* helper) noexcept;
	const u8* readable(u64 address, u64 size, const char* helper) noexcept;
	u8* writable(u64 address, u64 size, const char* helper) noexcept;
	/// Is it a socket of this call: ctx->sk, or the listener of a request?
	sock_common* known_socket(u64 address) const noexcept;

	/// Calls a function of the program from a helper: r1 to r3 are its arguments, and it may read `key`. Its
	/// r0; 0 after a fault.
	u64 call_back(u32 insn, u64 first, u64 second, u64 third, shown_key key = {nullptr, 0}) noexcept;
	/// A kernel looks at 1,000,000 instructions when it loads a program; callbacks, tail calls and the turns
	/// of a bpf_for() then run as often as they like. So each call, and each number or bit that an iterator
	/// gives, gives as many again, as long as bpf_run_limit() lasts.
	void refill() noexcept {
		left += budget;
		budget = static_cast<u32>(std::min<u64>(left, bpf_max_insns));
		left -= budget;
	}
	/// What a call did that takes as long as so many instructions counts for bpf_run_limit(), of which what
	/// comes until the next call is the last to be taken; a fault when it is spent.
	void charge(u64 instructions) noexcept;
	/// Enters the next frame, which begins as zeroes; false, and a fault, if there is none.
	bool enter_frame(const step* where, const step* next) noexcept;
};

/// In words: what an address is, as far as the machine knows.
std::string describe_pointer(const machine& m, u64 pointer);

} // namespace sockops::vm
