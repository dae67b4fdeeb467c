// SPDX-License-Identifier: MIT
// Recording calls for a trace sink.

#include <sockops/trace/trace.hpp>

#include <algorithm>

namespace sockops {

namespace {
/// The innermost call being recorded on this thread.
constinit thread_local trace_call* current_call = nullptr;
} // namespace

const bpf_prog* trace_call::denied_by() const noexcept {
	for (const trace_step& step : steps)
		if (step.ret == 0)
			return step.prog;
	return nullptr;
}

const bpf_prog* trace_call::answered_by() const noexcept {
	const bpf_prog* last_writer = nullptr;
	for (const trace_step& step : steps)
		if (step.reply_after != step.reply_before)
			last_writer = step.prog;
	return denied_by() ? nullptr : last_writer;
}

detail::call_observer::call_observer(const bpf_sock_ops_kern& ctx, const sock*)
	: call_{}, sink_(ctx.sk->skc_net ? ctx.sk->skc_net->trace : nullptr), outer_(current_call) {
	if (!sink_) {
		current_call = nullptr;
		return;
	}
	call_.time_ns = ctx.sk->skc_net->ktime_get_ns();
	call_.sk = ctx.sk;
	call_.op = ctx.op;
	call_.state = ctx.sk->skc_state;
	call_.is_fullsock = ctx.is_fullsock;
	std::copy(ctx.args, ctx.args + 4, call_.args);
	current_call = &call_;
}

void detail::call_observer::withheld(const tcp_sock&, bpf_sock_ops_op) {}

detail::call_observer::~call_observer() { current_call = outer_; }

void detail::call_observer::done(int result) {
	if (!sink_)
		return;
	call_.result = result;
	sink_->called(call_);
}

u32 detail::traced_run(const bpf_prog* prog, bpf_sock_ops_kern* ctx) noexcept {
	trace_call* const call = current_call;
	const u32 before = ctx->reply;
	const u32 ret = bpf_prog_run(prog, ctx);
	if (call)
		call->steps.push_back({prog, before, ctx->reply, ret});
	return ret;
}

} // namespace sockops
