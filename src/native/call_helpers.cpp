// SPDX-License-Identifier: MIT
// Tail calls and callbacks, for natively compiled programs.
#include <cerrno>

#include <sockops/map/prog_array.hpp>

#include "helper.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

// A callback may be declared to return int or long; the verifier lets it return 0 or 1 alone.
using loop_callback = int (*)(u64 index, void* context);
using element_callback = int (*)(void* map, void* key, void* value, void* context);

struct visit {
	bpf_map* of;
	void* map;
	element_callback callback;
	void* context;
};

} // namespace

extern "C" {

long sockops_native_bpf_tail_call(void* ctx, void* prog_array_map, u32 index) {
	constexpr char me[] = "bpf_tail_call";
	native_run* const run = native_run::of_context(ctx, me);
	auto* const array =
		sockops::native::map_of_type<sockops::prog_array_map>(prog_array_map, BPF_MAP_TYPE_PROG_ARRAY, me);
	const bpf_prog* const next = run && array ? array->prog_at(index) : nullptr;
	if (!next)
		return -ENOENT;
	run->go_on_with(*next);
	return -EPERM;
}

long sockops_native_bpf_loop(u32 nr_loops, void* callback_fn, void* callback_ctx, u64 flags) {
	constexpr u32 max_loops = 1u << 23;
	const auto callback = reinterpret_cast<loop_callback>(callback_fn);
	if (flags != 0)
		return -EINVAL;
	if (nr_loops > max_loops)
		return -E2BIG;
	for (u32 i = 0; i != nr_loops; ++i)
		if (callback(i, callback_ctx) != 0)
			return i + 1;
	return nr_loops;
}

long sockops_native_bpf_for_each_map_elem(void* map, void* callback_fn, void* callback_ctx, u64 flags) {
	bpf_map* const of = map_at(map, "bpf_for_each_map_elem");
	if (!of || flags != 0)
		return -EINVAL;
	visit each{of, map, reinterpret_cast<element_callback>(callback_fn), callback_ctx};
	return of->for_each(
		[](void* key, void* value, void* arg) {
			const visit& now = *static_cast<visit*>(arg);
			now.of->tell_observers(key, value);
			return now.callback(now.map, key, value, now.context);
		},
		&each);
}

} // extern "C"
