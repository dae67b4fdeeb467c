// SPDX-License-Identifier: MIT
#include <sockops/vm/fault.hpp>

#include <cstdio>

#include <sockops/net/observer.hpp>
#include <sockops/net/sock.hpp>

#include "machine.hpp"

namespace sockops {

namespace {

std::atomic<u64> run_limit{u64{1} << 28};

std::string hex(u64 value) {
	char text[19];
	std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
	return text;
}

std::string bytes_in_words(u64 size) { return std::to_string(size) + (size == 1 ? " byte" : " bytes"); }

} // namespace

void set_bpf_run_limit(u64 instructions) noexcept {
	run_limit.store(instructions, std::memory_order_relaxed);
}
u64 bpf_run_limit() noexcept { return run_limit.load(std::memory_order_relaxed); }

u64 bpf_prog_faults(const bpf_prog& prog) noexcept {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	return own ? own->faults.load(std::memory_order_relaxed) : 0;
}

std::string bpf_prog_last_fault(const bpf_prog& prog) {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	if (!own)
		return {};
	const std::lock_guard held(own->fault_lock);
	return own->last_fault;
}

namespace vm {

namespace {
void tell(const net_watch* observers, const bpf_fault& fault) noexcept {
	if (!detail::kept_by_an_observer(observers, [&](net_observer& who) { return who.fault(fault); }))
		std::fprintf(stderr, "sockops: program stopped: %s\n", fault.message.c_str());
}

/// `ctx`: nullptr where a program runs without a hook; whoever runs it is told by other means.
void report(const ebpf_prog& prog, u32 insn, std::string message, const bpf_sock_ops_kern* ctx) noexcept {
	prog.faults.fetch_add(1, std::memory_order_relaxed);
	{
		const std::lock_guard held(prog.fault_lock);
		prog.last_fault = message;
	}
	if (ctx)
		tell(sock_observers(ctx->sk), {&prog, insn, std::move(message)});
}

/// A value of a map that lies near: "which is 32 bytes behind a value of map 'conns' (16 bytes)".
std::string near_value(const machine& m, u64 address) {
	for (const bpf_map_ptr& each : m.prog->maps) {
		const bpf_map_area area = each.get()->area();
		const u64 from = address - reinterpret_cast<std::uintptr_t>(area.base);
		if (area.count == 0 || from >= area.stride * area.count)
			continue;
		const u64 within = from % area.stride;
		const std::string value =
			"a value of map '" + each.get()->attr.map_name + "' (" + bytes_in_words(area.value_size) + ")";
		return within < area.value_size ? "which is byte " + std::to_string(within) + " of " + value
										: "which is behind " + value;
	}
	return {};
}

std::string near_frame(const machine& m, u64 address) {
	const u64 from = address - reinterpret_cast<std::uintptr_t>(m.frame) + max_bpf_stack;
	if (from >= 3 * u64{max_bpf_stack})
		return {};
	const s64 off = static_cast<s64>(from) - 2 * s64{max_bpf_stack};
	return "which is r10 " + std::string(off < 0 ? "- " : "+ ") + std::to_string(off < 0 ? -off : off) +
		   "; the stack is r10 - 512 to r10 - 1";
}
} // namespace

std::string describe_pointer(const machine& m, u64 pointer) {
	const u64 rest = pointer & pointer_mask;
	switch (kind_of(pointer)) {
	case pointer_kind::ctx:
		return "the context at offset " + std::to_string(static_cast<s64>(rest - ctx_origin));
	case pointer_kind::sock:
	case pointer_kind::tcp_sock: {
		const u64 sk = m.ctx ? reinterpret_cast<std::uintptr_t>(m.ctx->sk) : 0;
		return std::string(kind_of(pointer) == pointer_kind::sock ? "struct bpf_sock"
																  : "struct bpf_tcp_sock") +
			   " at offset " + std::to_string(static_cast<s64>(rest - sk));
	}
	case pointer_kind::map:
		return rest < m.prog->maps.size() ? "map '" + m.prog->maps[rest].get()->attr.map_name + "' itself"
										  : "no map";
	case pointer_kind::function:
		return "a function of the program";
	default:
		break;
	}
	if (pointer < 4096)
		return pointer == 0 ? "NULL" : "NULL + " + std::to_string(pointer);
	std::string what = near_value(m, pointer);
	if (what.empty())
		what = near_frame(m, pointer);
	return hex(pointer) + ", " + (what.empty() ? "which is no memory of the program" : what);
}

const step* machine::fault(const step* where, std::string what) noexcept {
	if (faulted)
		return nullptr;
	faulted = true;
	give_back_all();
	const u32 insn = prog->insn_of(where);
	report(*prog, insn, place_in_words(prog->name_text, prog->lines, insn) + what, ctx);
	return nullptr;
}

const step* machine::bad_access(const step* where, u64 address, u64 size, access how) noexcept {
	std::string what = how == access::read ? "reads " : "writes ";
	what += bytes_in_words(size) + (how == access::read ? " of " : " to ");
	const bool null = address < 4096;
	const bool there = how == access::write && (kind_of(address) == pointer_kind::memory) &&
					   reach(address, static_cast<u32>(size), access::read);
	what += describe_pointer(*this, address);
	if (there)
		what += ", which programs may only read";
	else if (null)
		what += "; what a lookup returned must be compared with NULL first";
	return fault(where, std::move(what));
}

} // namespace vm
} // namespace sockops
