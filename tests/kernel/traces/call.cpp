// SPDX-License-Identifier: MIT
#include "call.hpp"

#include <cstdarg>
#include <cstdio>

#include <sockops/trace/call_text.hpp>

namespace traces {

namespace {

[[gnu::format(printf, 1, 2)]] std::string print(const char* format, ...) {
	char text[300];
	va_list arguments;
	va_start(arguments, format);
	std::vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return text;
}

} // namespace

std::string op_name(std::uint32_t op) {
	return sockops::find_op(op) ? std::string(sockops::short_op_name(op)) : print("op%u", op);
}

std::string text_of(const call& one) { return sockops::call_text(one.op, one.is_fullsock, one.args.data()); }

std::string details_of(const call& one) {
	return text_of(one) + print(" state=%u args=%u,%u,%u,%u cb_flags=%#x skb_len=%u tcp_flags=%#x family=%u "
								"ports=%u>%u cwnd=%u addresses=%s",
								one.state, one.args[0], one.args[1], one.args[2], one.args[3], one.cb_flags,
								one.skb_len, one.skb_tcp_flags, one.family, one.local_port, one.remote_port,
								one.snd_cwnd, one.addresses.c_str());
}

} // namespace traces
