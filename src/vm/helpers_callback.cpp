// SPDX-License-Identifier: MIT
// Helpers that call the program back: bpf_loop(), bpf_for_each_map_elem().

#include <cerrno>

#include "helpers.hpp"

namespace sockops::vm {

namespace {

/// The instruction where a callback begins; false, and a fault, for what is no function of the program.
bool callback_of(machine& m, u64 pointer, u32& insn, const char* helper) noexcept {
	insn = static_cast<u32>(pointer & pointer_mask);
	if (kind_of(pointer) == pointer_kind::function && insn < m.prog->steps.size())
		return true;
	m.fault(m.at, std::string(helper) + "(): its callback is " + describe_pointer(m, pointer));
	return false;
}

u64 loop(machine& m, const u64* r) noexcept {
	constexpr u32 max_loops = 1u << 23;
	const u32 count = static_cast<u32>(r[1]);
	const u64 context = r[3], flags = r[4];
	u32 insn = 0;
	if (!callback_of(m, r[2], insn, "bpf_loop"))
		return 0;
	if (flags != 0)
		return as_u64(-EINVAL);
	if (count > max_loops)
		return as_u64(-E2BIG);
	for (u32 i = 0; i != count; ++i)
		if (m.call_back(insn, i, context, 0) != 0 || m.faulted)
			return i + 1;
	return count;
}

/// What each element's visit needs to know.
struct visit {
	machine& m;
	u32 insn;
	u64 map, context;
};

u64 for_each_map_elem(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_for_each_map_elem";
	const u64 map_pointer = r[1], context = r[3], flags = r[4];
	bpf_map* const map = m.map_of(map_pointer, me);
	u32 insn = 0;
	if (!map || !callback_of(m, r[2], insn, me))
		return 0;
	if (flags != 0)
		return as_u64(-EINVAL);
	visit each{m, insn, map_pointer, context};
	const int called = map->for_each(
		[](void* key, void* value, void* arg) {
			auto& [machine, at, pointer, ctx] = *static_cast<visit*>(arg);
			bpf_map& of = *machine.prog->maps[pointer & pointer_mask].get();
			machine.remember(value, of);
			machine.regs[4] = ctx;
			const u64 stop =
				machine.call_back(at, pointer, reinterpret_cast<std::uintptr_t>(key),
								  reinterpret_cast<std::uintptr_t>(value), {key, of.attr.key_size});
			return machine.faulted || stop != 0 ? 1 : 0;
		},
		&each);
	return as_u64(called);
}

constexpr helper_row rows[] = {{164, for_each_map_elem}, {181, loop}};

} // namespace

std::span<const helper_row> callback_helpers() noexcept { return rows; }

} // namespace sockops::vm
