// SPDX-License-Identifier: MIT
// Expectations: "client: TCP_CONNECT RWND_INIT RTO(0,_,0) HDR_OPT_LEN[mss]".

#include "timeline_parser.hpp"

#include <charconv>
#include <cstdint>

#include <sockops/bpf/uapi.hpp>

#include <sockops/trace/call_text.hpp>

#include "text/line_reader.hpp"

namespace sockops::testing::parser {

namespace {

/// One number, or _ for any; of STATE also a state's name.
std::optional<u32> parse_arg(const words& line, u8 op, std::string_view text) {
	if (text == "_")
		return std::nullopt;
	if (const std::optional<u32> state = op == BPF_SOCK_OPS_STATE_CB ? find_state(text) : std::nullopt)
		return state;
	std::int64_t value = 0;
	const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
	if (error != std::errc{} || end != text.end() || value < INT32_MIN || value > UINT32_MAX)
		line.refuse(quoted(text) + " is no argument: write a number of 32 bits, or _ for any");
	return static_cast<u32>(value);
}

/// "(1,5,0)" or "(2>1)", `text` without the parentheses.
void parse_args(const words& line, std::string_view text, char separator, expected_call& into) {
	for (;;) {
		const std::size_t end = text.find(separator);
		into.args.push_back(parse_arg(line, into.op, text.substr(0, end)));
		if (end == text.npos)
			return;
		text.remove_prefix(end + 1);
	}
}

void parse_kind(const words& line, std::string_view text, expected_call& into) {
	for (u32 kind = 0; kind != std::size(hdr_opt_kinds); ++kind)
		if (text == hdr_opt_kinds[kind])
			return void(into.args = {kind});
	line.refuse(quoted(text) + ": HDR_OPT_LEN is followed by nothing, [mss] or [cookie]");
}

expected_call parse_call_as(const words& line, std::string_view text, bool may_be_any) {
	expected_call call{0, true, {}, std::string(text)};
	const std::size_t name = std::min(text.find_first_of("*(["), text.size());
	call.op = parse_op(line, text.substr(0, name));
	text.remove_prefix(name);
	if (text.starts_with('*')) {
		call.is_fullsock = false;
		text.remove_prefix(1);
	}
	const call_args shown = args_shown(call.op);
	if (shown.is_kind)
		parse_kind(line, text, call);
	else if (text.starts_with('(') && text.ends_with(')'))
		parse_args(line, text.substr(1, text.size() - 2), shown.separator, call);
	else if (!text.empty())
		line.refuse(quoted(text) + " cannot follow an op: arguments stand in parentheses");
	may_be_any |= shown.separator == ',';
	if (call.args.size() != shown.count && !(call.args.empty() && may_be_any))
		line.refuse(quoted(call.text) + ": this op is written " + shown.form);
	return call;
}
} // namespace

expected_call parse_call(const words& line, std::string_view text) {
	return parse_call_as(line, text, false);
}
expected_call parse_call_of_any(const words& line, std::string_view text) {
	return parse_call_as(line, text, true);
}

void parse_expectation(words& line, side who, timeline& into) {
	line.take("");
	if (into.events.empty())
		line.refuse("what is to be seen stands below an event, and none has happened yet");
	std::optional<expectation>& expect = into.events.back().expect[static_cast<int>(who)];
	if (!expect)
		expect = expectation{line.line(), {}};
	if (line.empty())
		line.refuse("no call is named: write 'nothing' if none may be seen");
	if (line.accept("nothing")) {
		if (!expect->calls.empty())
			line.refuse("'nothing' after a line of the same side that names calls");
		return line.end();
	}
	while (!line.empty())
		expect->calls.push_back(parse_call(line, line.take("")));
}

} // namespace sockops::testing::parser
