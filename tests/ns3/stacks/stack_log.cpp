// SPDX-License-Identifier: MIT
#include "stack_log.hpp"

#include <cstddef>

#include <sockops/net/tcp_states.hpp>
#include <sockops/trace/call_text.hpp>

namespace test {

using namespace sockops;

namespace {

bool is_asked(u32 op) {
	return op == BPF_SOCK_OPS_TIMEOUT_INIT || op == BPF_SOCK_OPS_RWND_INIT || op == BPF_SOCK_OPS_NEEDS_ECN;
}

/// What programs made of it: what the caller gets, who denied, and the flags.
std::string outcome(const trace_call& call) {
	std::string text;
	if (is_asked(call.op))
		text += " -> " + std::to_string(call.result);
	for (const trace_step& step : call.steps)
		if (step.ret != 1)
			text += std::string(" denied by ") + step.prog->name;
	if (const u8 flags = call.steps.back().after.cb_flags; flags != call.at_start.cb_flags)
		text += " flags = " + std::to_string(flags);
	return text;
}

} // namespace

void stack_log::called(sockops::testing::side who, const trace_call& call) {
	if (call.steps.empty()) // nobody ran
		return;
	stack_call made;
	made.op = std::string(short_op_name(call.op)) + (call.is_fullsock ? "" : "*");
	made.text = call_text(call.op, call.is_fullsock, call.args) + " in " + tcp_state_name(call.state);
	if (call.op == BPF_SOCK_OPS_RTT_CB)
		made.text += " of " + std::to_string((call.args[0] + 500) / 1000) + " ms";
	made.text += outcome(call) + options_;
	options_.clear();
	calls_[static_cast<std::size_t>(who)].push_back(std::move(made));
}

} // namespace test
