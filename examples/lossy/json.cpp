// SPDX-License-Identifier: MIT
// One JSON object: configuration, and for each run its callbacks, socket options and effects. Times are
// integers, in the unit that their name ends with.

#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sockops/bpf/uapi.hpp>

#include "report.hpp"

namespace lossy {

namespace {

using out = std::back_insert_iterator<std::string>;

/// The strings of this program: names and numbers. Escapes what JSON wants escaped all the same.
std::string quoted(const std::string& text) {
	std::string made = "\"";
	for (const char c : text) {
		if (c == '"' || c == '\\')
			made += '\\';
		if (static_cast<unsigned char>(c) < 0x20)
			made += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
		else
			made += c;
	}
	return made + '"';
}

std::string number(const std::optional<std::uint64_t>& value) {
	return value ? fmt::format("{}", *value) : "null";
}

/// [item,item,…], a line each.
template <class Items, class One>
void list(out to, const Items& items, One one) {
	fmt::format_to(to, "[");
	const char* before = "\n";
	for (const auto& item : items) {
		fmt::format_to(to, "{}      ", std::exchange(before, ",\n"));
		one(item);
	}
	fmt::format_to(to, "{}]", items.empty() ? "" : "\n    ");
}

void print_callback(out to, const callback& call) {
	std::string ran;
	for (const std::string& name : call.ran)
		fmt::format_to(std::back_inserter(ran), "{}{}", ran.empty() ? "" : ",", quoted(name));
	const std::uint32_t nargs = sockops::op_nargs(call.op);
	fmt::format_to(
		to,
		R"({{"time_ns":{},"side":"{}","op":"{}","state":{},"args":[{}],"reply":{},"ran":[{}],"answered_by":{}}})",
		call.time_ns, call.side, sockops::op_name(call.op), call.state,
		fmt::join(call.args, call.args + nargs, ","), call.result, ran,
		call.answered_by.empty() ? "null" : quoted(call.answered_by));
}

void print_sockopt(out to, const sockopt_call& call) {
	fmt::format_to(to,
				   R"({{"side":"{}","program":"{}","option":"{}","value":{},"result":{},"read_back":{}}})",
				   call.side, call.program, call.option, quoted(call.value), call.result,
				   call.read_back.empty() ? "null" : quoted(call.read_back));
}

void print_run(out to, const run_result& run) {
	fmt::format_to(to, "{{\n    \"callbacks\":");
	list(to, run.callbacks, [&](const callback& call) { print_callback(to, call); });
	fmt::format_to(to, ",\n    \"setsockopt\":");
	list(to, run.sockopts, [&](const sockopt_call& call) { print_sockopt(to, call); });
	const effects& seen = run.seen;
	fmt::format_to(
		to,
		",\n    \"effects\":{{\"syn_retry_gap_ns\":{},\"syn_window_bytes\":{},\"synack_window_bytes\":{},"
		"\"ecn\":{},\"ect_packets\":{},\"initial_cwnd_packets\":{},\"retransmitted_packets\":{},"
		"\"completion_ns\":{}}}\n  }}",
		number(seen.syn_retry_gap_ns), seen.syn_window, seen.synack_window, seen.ecn, seen.ect_packets,
		seen.first_flight, seen.retransmitted, number(seen.completion_ns));
}

} // namespace

std::string as_json(const comparison& of) {
	std::string text;
	const out to(text);
	fmt::format_to(
		to,
		"{{\n  \"configuration\":{{\"loss\":{},\"seed\":{},\"handlers\":{},\"bytes\":{},\"mss\":{},"
		"\"hz\":{},\"rate\":\"{}\",\"delay_ms\":{}}},\n  \"without\":",
		of.with.loss, of.with.seed, of.hooked.has_value(), settings::bytes, settings::mss, settings::hz,
		settings::rate, settings::delay_ms);
	print_run(to, of.plain);
	fmt::format_to(to, ",\n  \"with\":");
	if (of.hooked)
		print_run(to, *of.hooked);
	else
		fmt::format_to(to, "null");
	fmt::format_to(to, "\n}}\n");
	return text;
}

} // namespace lossy
