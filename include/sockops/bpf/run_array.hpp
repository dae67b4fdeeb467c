// SPDX-License-Identifier: MIT
// Running an array of programs over a context.
//
// Context: any thread, where programs may run: on a full socket or request that the caller owns. Programs
// run before it returns, inside a section, and may not wait. In a signal handler once the thread has been
// in a section before.
#pragma once

#include <concepts>

#include <sockops/bpf/bpf_prog_array.hpp>
#include <sockops/bpf/run_policy.hpp>

namespace sockops {

/// __BPF_PROG_RUN_ARRAY(array, ctx, func, check_non_null), whose body is the whole hook: enter,
/// load the array once, run each program until the end marker, fold, leave. Returns the fold. `Array` is an
/// rcu_pointer<bpf_prog_array>, or what loads like one (a cgroup's effective[type]).
template <class Policy, bool check_non_null, class Array>
[[nodiscard, gnu::always_inline]] inline typename Policy::fold run_array(const Array& array,
																		 bpf_sock_ops_kern* ctx) noexcept {
	[[maybe_unused]] const typename Policy::section section;
	typename Policy::fold fold;
	const bpf_prog_array* const progs = rcu_dereference(array);
	if (check_non_null && !progs) [[unlikely]]
		return fold;
	const bpf_prog_array_item* item = progs->items();
	// One dependent load an item; in-place replacement may show the old program or the new one.
	while (const bpf_prog* const prog = rcu_dereference(item->prog)) {
		fold.add(Policy::run_prog(prog, ctx));
		++item;
	}
	return fold;
}

/// BPF_PROG_RUN_ARRAY(array, ctx, func): the AND of all returns; 1 for an empty array.
template <class Policy = default_run_policy, class Array>
requires std::same_as<typename Policy::fold, and_fold>
[[nodiscard]] inline u32 bpf_prog_run_array(const Array& array, bpf_sock_ops_kern* ctx) noexcept {
	return run_array<Policy, false>(array, ctx).acc;
}

/// BPF_PROG_RUN_ARRAY_CHECK(array, ctx, func): a NULL array answers 1.
template <class Policy = default_run_policy, class Array>
requires std::same_as<typename Policy::fold, and_fold>
[[nodiscard]] inline u32 bpf_prog_run_array_check(const Array& array, bpf_sock_ops_kern* ctx) noexcept {
	return run_array<Policy, true>(array, ctx).acc;
}

/// bpf_prog_run_array_cg(), since 5.19: 0, or the -errno of the run.
template <class Policy = run_policy_6_1, class Array>
[[nodiscard, gnu::always_inline]] inline int bpf_prog_run_array_cg(const Array& array,
																   bpf_sock_ops_kern* ctx) noexcept {
	return run_array<Policy, false>(array, ctx).error();
}

} // namespace sockops
