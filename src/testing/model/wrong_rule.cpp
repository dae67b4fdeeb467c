// SPDX-License-Identifier: MIT

#include "wrong_rule.hpp"

#include <sockops/bpf/bpf_sock_ops_kern.hpp>

namespace sockops::testing::model {

u32 policy::run(const bpf_prog* prog, bpf_sock_ops_kern* ctx) noexcept {
	const u32 before = ctx->reply;
	const u32 returned = sockops::detail::traced_run(prog, ctx);
	if (is_wrong(wrong_rule::first_reply_stays) && before != 0)
		ctx->reply = before;
	if (is_wrong(wrong_rule::any_reply_needs_ecn) && ctx->op == BPF_SOCK_OPS_NEEDS_ECN && ctx->reply != 0)
		ctx->reply = 1;
	return returned;
}

} // namespace sockops::testing::model
