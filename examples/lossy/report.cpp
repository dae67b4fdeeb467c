// SPDX-License-Identifier: MIT
// The timeline of callbacks, and the table of what they changed.

#include "report.hpp"

#include <cstring>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <sockops/bpf/uapi.hpp>
#include <sockops/net/tcp_states.hpp>

#include "programs.hpp"

namespace lossy {

const callback* deciding_call(const run_result& run, const char* side, std::uint32_t op) {
	for (const callback& call : run.callbacks)
		if (call.op == op && std::strcmp(call.side, side) == 0 && !call.answered_by.empty())
			return &call;
	return nullptr;
}

namespace {

using out = std::back_insert_iterator<std::string>;

/// Of the ops that fire all the time the first few are shown for each side.
constexpr unsigned shown_of_frequent = 3;

bool is_frequent(std::uint32_t op) {
	return op == sockops::BPF_SOCK_OPS_RTT_CB || op == sockops::BPF_SOCK_OPS_RETRANS_CB ||
		   op == sockops::BPF_SOCK_OPS_RTO_CB;
}

std::string counted(std::uint32_t count, const char* what) {
	return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string arguments(const callback& call) {
	const auto& a = call.args;
	switch (call.op) {
	case sockops::BPF_SOCK_OPS_STATE_CB:
		return fmt::format("{} -> {}", sockops::tcp_state_name(a[0]), sockops::tcp_state_name(a[1]));
	case sockops::BPF_SOCK_OPS_RTO_CB:
		return fmt::format("{}, RTO {}{}", counted(a[0], "retransmit"),
						   a[1] == 1 ? "1 jiffy" : fmt::format("{} jiffies", a[1]), a[2] ? ", expired" : "");
	case sockops::BPF_SOCK_OPS_RETRANS_CB:
		return fmt::format("seq {}, {}, error {}", a[0], counted(a[1], "segment"), static_cast<int>(a[2]));
	case sockops::BPF_SOCK_OPS_RTT_CB:
		return fmt::format("RTT {:.1f} ms, smoothed {:.1f} ms", a[0] / 1e3, (a[1] >> 3) / 1e3);
	default:
		return "";
	}
}

std::string reply(const callback& call) {
	const sockops::op_info* row = sockops::find_op(call.op);
	if (!row || row->reply == sockops::reply_use::ignored || call.answered_by.empty())
		return "";
	const char* unit = row->reply == sockops::reply_use::jiffies   ? " jiffies"
					   : row->reply == sockops::reply_use::packets ? " packets"
																   : "";
	return fmt::format("{}{}", call.result, unit);
}

/// One row, without blanks at its end.
template <class... Columns>
void print_row(out to, fmt::format_string<const Columns&...> format, const Columns&... columns) {
	std::string row = fmt::format(format, columns...);
	row.resize(row.find_last_not_of(' ') + 1);
	fmt::format_to(to, "{}\n", row);
}

void print_line(out to, const callback& call) {
	const std::string answer = reply(call);
	print_row(to, "{:>10.6f}  {:<6}  {:<22}  {:<12}  {:<33}  {:<10}  {}",
			  static_cast<double>(call.time_ns) / 1e9, call.side, sockops::op_name(call.op),
			  sockops::tcp_state_name(call.state), arguments(call), answer,
			  answer.empty() ? "" : call.answered_by);
}

void print_timeline(out to, const run_result& run) {
	fmt::format_to(to, "{:>10}  {:<6}  {:<22}  {:<12}  {:<33}  {:<10}  {}\n", "time, s", "side", "callback",
				   "state", "arguments", "reply", "answered by");
	std::map<std::pair<std::string, std::uint32_t>, unsigned> counts;
	for (const callback& call : run.callbacks)
		if (unsigned& seen = counts[{call.side, call.op}];
			++seen <= shown_of_frequent || !is_frequent(call.op))
			print_line(to, call);
	for (const auto& [what, count] : counts)
		if (is_frequent(what.second) && count > shown_of_frequent)
			fmt::format_to(to, "{:>10}  {:<6}  {:<22}  and {} more, not shown\n", "...", what.first,
						   sockops::op_name(what.second), count - shown_of_frequent);
}

void print_sockopts(out to, const run_result& run) {
	fmt::format_to(to, "\nbpf_setsockopt() by programs\n");
	for (const sockopt_call& call : run.sockopts)
		fmt::format_to(to, "  {:<6}  {:<10}  {:<21} = {:<8}  {}{}\n", call.side, call.program, call.option,
					   call.value, call.result == 0 ? "ok" : fmt::format("error {}", call.result),
					   call.read_back.empty() ? ", cannot be read back"
											  : fmt::format(", reads back {}", call.read_back));
}

// --- the table ----------------------------------------------------------------------------------

std::string milliseconds(const std::optional<std::uint64_t>& ns) {
	return ns ? fmt::format("{:g} ms", static_cast<double>(*ns) / 1e6) : "never";
}
std::string seconds(const std::optional<std::uint64_t>& ns) {
	return ns ? fmt::format("{:.3f} s", static_cast<double>(*ns) / 1e9) : "never";
}
std::string ecn(const effects& seen) {
	return seen.ecn ? fmt::format("yes, {} packets", seen.ect_packets) : "no";
}

std::string because(const run_result& run, const char* side, std::uint32_t op, const char* unit) {
	const callback* call = deciding_call(run, side, op);
	return call ? fmt::format("{} = {}{} ({})", sockops::op_name(op), call->result, unit, call->answered_by)
				: "";
}

std::string because_sockopt(const run_result& run, const char* option) {
	for (const sockopt_call& call : run.sockopts)
		if (std::strcmp(call.option, option) == 0 && call.result == 0)
			return fmt::format("{} = {} ({})", option, call.value, call.program);
	return "";
}

void print_effect(out to, const char* what, const std::string& plain, const std::string& hooked,
				  const std::string& cause) {
	print_row(to, "  {:<15}  {:>15}  {:>18}  {}", what, plain, hooked, cause);
}

void print_table(out to, const comparison& of) {
	const effects& plain = of.plain.seen;
	const run_result none;
	const run_result& run = of.hooked ? *of.hooked : none;
	const auto hooked = [&](const std::string& text) { return of.hooked ? text : ""; };
	const effects& seen = run.seen;
	print_effect(to, "", "without", hooked("with handlers"), hooked("because"));
	print_effect(to, "SYN retry gap", milliseconds(plain.syn_retry_gap_ns),
				 hooked(milliseconds(seen.syn_retry_gap_ns)),
				 because(run, "client", sockops::BPF_SOCK_OPS_TIMEOUT_INIT,
						 fmt::format(" jiffies of 1/{} s", settings::hz).c_str()));
	print_effect(to, "first window", fmt::format("{} bytes", plain.synack_window),
				 hooked(fmt::format("{} bytes", seen.synack_window)),
				 because(run, "server", sockops::BPF_SOCK_OPS_RWND_INIT,
						 fmt::format(" packets of {} bytes", settings::mss).c_str()));
	print_effect(to, "ECN", ecn(plain), hooked(ecn(seen)),
				 because(run, "client", sockops::BPF_SOCK_OPS_NEEDS_ECN, ", both sides"));
	print_effect(to, "initial cwnd", fmt::format("{} packets", plain.first_flight),
				 hooked(fmt::format("{} packets", seen.first_flight)), because_sockopt(run, "TCP_BPF_IW"));
	print_effect(to, "retransmitted", fmt::format("{} packets", plain.retransmitted),
				 hooked(fmt::format("{} packets", seen.retransmitted)), "");
	const bool faster =
		seen.completion_ns && (!plain.completion_ns || *seen.completion_ns < *plain.completion_ns);
	print_effect(to, "completion time", seconds(plain.completion_ns), hooked(seconds(seen.completion_ns)),
				 hooked(faster ? "all of these, the congestion control, and no 3 s wait"
							   : "no gain: at this loss, what is lost decides"));
}

} // namespace

std::string as_text(const comparison& of) {
	std::string text;
	const out to(text);
	fmt::format_to(to,
				   "{} bytes over {}, {} ms each way; {:g} % of the packets to the server are lost (seed "
				   "{}), and the first SYN\n\n",
				   settings::bytes, settings::rate, settings::delay_ms, of.with.loss * 100, of.with.seed);
	if (of.hooked) {
		fmt::format_to(to,
					   "client and server are in {}: web_tuning is attached there, fleet_policy to {}\n\n",
					   web, fleet);
		print_timeline(to, *of.hooked);
		print_sockopts(to, *of.hooked);
		fmt::format_to(to, "\n");
	} else {
		fmt::format_to(to, "no handlers: {} callbacks\n\n", of.plain.callbacks.size());
	}
	fmt::format_to(to, "What changed\n");
	print_table(to, of);
	return text;
}

} // namespace lossy
