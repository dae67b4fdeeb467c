// SPDX-License-Identifier: MIT
// A run of a watched program: the machine of every run, and beside its registers and memory which of their
// bits nobody has written. Every step is taken by the machine; a follower (watched_code.hpp) takes it and
// keeps the shadow up.
//
//   operations.cpp   arithmetic and jumps         arguments.cpp, printed.cpp   what a call reads
//   memory.cpp       loads, stores, atomics       results.cpp                  what it writes
//   calls.cpp        frames, helpers, exits       found.cpp                    what is found, in words
#pragma once

#include "../machine.hpp"
#include "filler.hpp"
#include "shadow.hpp"
#include "undefined_bits.hpp"

namespace sockops::vm {

struct watched_machine : machine {
	std::array<shadow, 11> shadows; ///< of the registers
	byte_shadow frames{sizeof stack};
	record_table records;
	origin_table origins;
	filler fill;
	struct caller {
		std::array<shadow, 4> callee_saved; ///< r6 to r9
		code_place place;                   ///< of the call
	};
	std::array<caller, max_call_frames> callers;

	// Of the call that is made.
	bool storage_was_there = false; ///< of bpf_sk_storage_get()
	std::vector<shadow> moved;      ///< by bpf_dynptr_copy()

	watched_machine(const ebpf_prog& of, bpf_sock_ops_kern* context) noexcept;

	/// As machine::run(), step by step with the followers.
	u64 run_watched(const step* entry) noexcept;

	template <class T>
	partial<T> reg(u32 number) const noexcept {
		return {static_cast<T>(regs[number]), static_cast<T>(shadows[number].undefined)};
	}

	/// A program begins: r1 is its context, and nothing else is there.
	void begin_program() noexcept;
	/// The frame that was entered last holds bytes from the filler, and nobody has written them; nor r0 and
	/// r6 to r9. `call`: where it was called.
	void entered_frame(code_place call) noexcept;
	/// The same of a function that the helper `call` calls back: its arguments are written.
	void entered_callback(const step* call) noexcept;
	/// What these put aside comes back.
	void left_frame() noexcept;
	/// r1 to r5 hold nothing after a call.
	void forget_arguments() noexcept;

	// Memory, wherever it is. What is no memory of the program counts as written.

	shadow load_shadow(u64 address, u32 size) noexcept;
	/// `size` bytes that stand there already.
	void store_shadow(u64 address, u32 size, shadow what) noexcept;
	void set_written(u64 address, u64 size) noexcept;
	/// Takes over what is known of other bytes, as they were copied.
	void copy_shadow(u64 to, u64 from, u64 size) noexcept;
	/// A byte of a string that a helper reads as far as it has to.
	void text_is_read(u64 address) noexcept;
	/// A record was given: bytes from the filler.
	void fill_record(void* base, u64 size) noexcept;

	// What is found, told once a run for an instruction and a reader. `reader`: "key of 'conns'";
	// `what_comes`: "the kernel hashes whatever is there".

	/// The register has unwritten bits that matter.
	void found_in_register(const step* where, u32 number, const std::string& reader,
						   const char* what_comes) noexcept;
	/// The same of bits that came from memory just now.
	void found_bits(const step* where, const shadow& bits, const std::string& reader,
					const char* what_comes) noexcept;
	/// Of `size` bytes of memory that are read at least one is unwritten in part. Those that `padding` has do
	/// not count.
	bool has_unwritten(u64 address, u64 size, const padding_bytes& padding = {}) noexcept;
	void found_in_memory(const step* where, u64 address, u64 size, const std::string& reader,
						 const char* what_comes, const padding_bytes& padding = {}) noexcept;

	code_place place(const step* where) const noexcept { return {prog, prog->insn_of(where)}; }

	const step* now = nullptr; ///< the step that is followed

  private:
	const step* followed(const step* where) noexcept;
	const step* unfollowed(const step* where) noexcept;
	void begin_frame() noexcept;
	void unset_register(u32 number) noexcept;

	/// The byte of `frames` where an address is; nullopt: in no frame that is in use.
	std::optional<u32> frame_byte(u64 address, u64 size) const noexcept;
	code_place place_in_frame(u32 of) const noexcept;
	/// What is loaded from `address`, with its origin where it has none yet.
	shadow loaded(shadow found, u64 address);
	shadow load_value_shadow(u64 address, u32 size) noexcept;

	// In words (found.cpp).

	struct unwritten_byte {
		bool is = false;
		std::string from{}; ///< where it was copied from; "": it is here that it was never written
	};
	unwritten_byte look_at(u64 address) noexcept;
	named_bytes name_of(u64 first, u64 last);
	std::string bytes_in_words(u64 address, u64 size, const padding_bytes& padding);
	std::string words_of(const shadow& bits, u32 reg);
	void tell(const step* where, const std::string& reader, const std::string& bytes,
			  const char* what_comes) noexcept;

	std::vector<std::pair<code_place, std::string>> told_;
};

/// What runs a watched program: bpf_prog::bpf_func.
u32 run_watched_program(bpf_sock_ops_kern* ctx, const bpf_prog* prog) noexcept;

} // namespace sockops::vm
