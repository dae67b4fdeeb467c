// SPDX-License-Identifier: MIT
#include "call.hpp"

#include <cstdarg>
#include <cstdio>

namespace traces {

namespace {

constexpr std::array op_names{"VOID",
							  "TIMEOUT_INIT",
							  "RWND_INIT",
							  "TCP_CONNECT",
							  "ACTIVE_ESTABLISHED",
							  "PASSIVE_ESTABLISHED",
							  "NEEDS_ECN",
							  "BASE_RTT",
							  "RTO",
							  "RETRANS",
							  "STATE",
							  "TCP_LISTEN",
							  "RTT",
							  "PARSE_HDR_OPT",
							  "HDR_OPT_LEN",
							  "WRITE_HDR_OPT",
							  "TSTAMP_SCHED",
							  "TSTAMP_SND_SW",
							  "TSTAMP_SND_HW",
							  "TSTAMP_ACK",
							  "TSTAMP_SENDMSG"};
enum : std::uint32_t { rto = 8, retrans = 9, state = 10, hdr_opt_len = 14 };

[[gnu::format(printf, 1, 2)]] std::string print(const char* format, ...) {
	char text[300];
	va_list arguments;
	va_start(arguments, format);
	std::vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return text;
}

std::string text_of_args(const call& one) {
	const auto& args = one.args;
	switch (one.op) {
	case rto:
		return print("(%u,%u,%u)", args[0], args[1], args[2]);
	case retrans:
		return print("(%u,%d)", args[1], static_cast<int>(args[2]));
	case state:
		return print("(%u>%u)", args[0], args[1]);
	case hdr_opt_len:
		return args[0] == 0 ? "" : args[0] == 1 ? "[mss]" : "[cookie]";
	default:
		return "";
	}
}

} // namespace

std::string op_name(std::uint32_t op) { return op < op_names.size() ? op_names[op] : print("op%u", op); }

std::string text_of(const call& one) {
	return op_name(one.op) + (one.is_fullsock ? "" : "*") + text_of_args(one);
}

std::string details_of(const call& one) {
	return text_of(one) + print(" state=%u args=%u,%u,%u,%u cb_flags=%#x skb_len=%u tcp_flags=%#x family=%u "
								"ports=%u>%u cwnd=%u",
								one.state, one.args[0], one.args[1], one.args[2], one.args[3], one.cb_flags,
								one.skb_len, one.skb_tcp_flags, one.family, one.local_port, one.remote_port,
								one.snd_cwnd);
}

} // namespace traces
