// SPDX-License-Identifier: MIT
// Recording calls for the observers of a net.

#include <sockops/trace/trace.hpp>

#include <algorithm>
#include <utility>

#include <sockops/bpf/bpf_sock_ops_kern.hpp>
#include <sockops/cgroup/sock_life.hpp>

#include "../hook/refused_option.hpp"

namespace sockops {

namespace {

/// The innermost call being recorded on this thread.
constinit thread_local trace_call* current_call = nullptr;
/// The innermost program being recorded on this thread.
constinit thread_local const bpf_prog* current_prog = nullptr;

trace_state state_of(const bpf_sock_ops_kern& ctx) noexcept {
	const u8 flags = sk_fullsock(ctx.sk) ? static_cast<const tcp_sock*>(ctx.sk)->bpf_sock_ops_cb_flags : 0;
	return {ctx.reply, flags, ctx.remaining_opt_len};
}

/// What the call is and whom it asks; all but the programs' part.
trace_call begin_record(const bpf_sock_ops_kern& ctx, const sock* owner) {
	trace_call call{};
	call.time_ns = ctx.sk->skc_net->ktime_get_ns();
	call.sk = ctx.sk;
	call.profile = ctx.sk->skc_net->profile;
	call.op = ctx.op;
	call.state = ctx.sk->skc_state;
	call.is_fullsock = ctx.is_fullsock;
	call.at_start = state_of(ctx);
	std::copy(ctx.args, ctx.args + 4, call.args);
	if (ctx.skb) {
		call.skb_len = ctx.skb->len;
		call.skb_tcp_flags = ctx.skb->tcp_flags;
	}
	const sock* const asked = owner ? owner : sk_to_full_sk(ctx.sk);
	call.cgrp = asked ? sock_cgroup_ptr(asked) : nullptr;
	return call;
}

/// Why no program has run.
trace_fate fate_without_programs(const trace_call& call) noexcept {
	if (!cgroup_bpf_enabled(CGROUP_SOCK_OPS))
		return trace_fate::key_off;
	if (call.cgrp)
		return trace_fate::no_program;
	return call.state == TCP_TIME_WAIT ? trace_fate::time_wait : trace_fate::no_listener;
}

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
		if (step.after.reply != step.before.reply)
			last_writer = step.prog;
	return denied_by() ? nullptr : last_writer;
}

detail::call_observer::call_observer(const bpf_sock_ops_kern& ctx, const sock* owner)
	: call_{}, observers_(sock_observers(ctx.sk)), outer_(current_call) {
	if (!observers_) {
		current_call = nullptr;
		return;
	}
	call_ = begin_record(ctx, owner);
	current_call = &call_;
}

detail::call_observer::~call_observer() { current_call = outer_; }

void detail::call_observer::done(int result) {
	if (!observers_)
		return;
	call_.result = result;
	call_.fate = call_.steps.empty() ? fate_without_programs(call_) : trace_fate::ran;
	tell_observers(observers_, [&](net_observer& who) { who.called(call_); });
}

void detail::call_observer::withheld(const tcp_sock& tp, bpf_sock_ops_op op) {
	const net_watch* const observers = sock_observers(&tp);
	if (!observers || (op_table[op].gate & sock_profile(&tp).cb_flags) == 0) // no op of that release was due
		return;
	bpf_sock_ops_kern ctx{};
	// The record reads the socket, and no program sees this context.
	ctx.sk = const_cast<tcp_sock*>(&tp);
	ctx.op = op;
	ctx.is_fullsock = 1;
	trace_call call = begin_record(ctx, nullptr);
	call.fate = trace_fate::withheld;
	tell_observers(observers, [&](net_observer& who) { who.withheld(call); });
}

const bpf_prog* program_traced_now() noexcept { return current_prog; }

u32 detail::traced_run(const bpf_prog* prog, bpf_sock_ops_kern* ctx) noexcept {
	trace_call* const call = current_call;
	const trace_state before = call ? state_of(*ctx) : trace_state{};
	// A program that has the stack send may be in the middle of another's run.
	const bpf_prog* const outer = std::exchange(current_prog, prog);
	const refused_option outer_refused = std::exchange(last_refused_option, {});
	const u32 ret = bpf_prog_run(prog, ctx);
	const refused_option refused = std::exchange(last_refused_option, outer_refused);
	current_prog = outer;
	if (call)
		call->steps.push_back({prog, before, state_of(*ctx), ret, refused.bytes, refused.error});
	return ret;
}

} // namespace sockops
