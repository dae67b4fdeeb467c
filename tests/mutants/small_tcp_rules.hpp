// SPDX-License-Identifier: MIT
// The rules of the small TCP, one of which can be wrong. To be included before the sources that go by them.
#pragma once

#include <sockops/bpf/bpf_sock_ops_kern.hpp>

#include "small_tcp.hpp"

namespace sockops::testing::model {

template <>
inline bool is_wrong<void>(wrong_rule which) noexcept {
	return mutants::the_wrong_rule == which;
}

struct fold_of_a_mutant : errno_fold {
	void add(u32 ret) noexcept {
		if (is_wrong(wrong_rule::last_return_decides))
			acc = 0;
		if (!is_wrong(wrong_rule::denial_is_ignored))
			errno_fold::add(ret);
	}
};

struct release_of_a_mutant : traced<release_6_18> {
	using fold = fold_of_a_mutant;
	static u32 run(const bpf_prog* prog, bpf_sock_ops_kern* ctx) noexcept {
		const u32 before = ctx->reply;
		const u32 returned = sockops::detail::traced_run(prog, ctx);
		if (is_wrong(wrong_rule::first_reply_stays) && before != 0)
			ctx->reply = before;
		if (is_wrong(wrong_rule::any_reply_needs_ecn) && ctx->op == BPF_SOCK_OPS_NEEDS_ECN && ctx->reply != 0)
			ctx->reply = 1;
		return returned;
	}
	static constexpr bpf_prog_run_fn run_prog = run;
};

template <>
struct rules<void> {
	using release = release_of_a_mutant;
};

} // namespace sockops::testing::model
