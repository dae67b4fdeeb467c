// SPDX-License-Identifier: MIT
// bpf_tail_call() of natively compiled programs: it comes back only if there is no program to go to.
#include <cerrno>

#include "../helper/tail_call.hpp"
#include "memory_from_c.hpp"

extern "C" long sockops_native_bpf_tail_call(void* ctx, void* prog_array, std::uint32_t index) {
	using namespace sockops;
	constexpr char me[] = "bpf_tail_call";
	const u64 r[] = {0, reinterpret_cast<std::uintptr_t>(prog_array)};
	native::argument_cursor at{r, me};
	native::from_c<helper::program_map> array;
	native::native_run* const run = native::native_run::of_context(ctx, me);
	const bpf_prog* const next = run && array.take(at) ? array.get()->prog_at(index) : nullptr;
	if (!next)
		return -ENOENT;
	run->go_on_with(*next);
	return -EPERM;
}
