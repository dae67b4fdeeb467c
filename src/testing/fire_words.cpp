// SPDX-License-Identifier: MIT
// What was fired, in words.

#include <sockops/testing/fire.hpp>

#include <sockops/trace/explain.hpp>

namespace sockops::testing {

namespace {

/// As it would be written in a program.
std::string in_quotes(const std::string& line) {
	std::string text(1, '"');
	for (const char c : line)
		if (c == '\n')
			text += "\\n";
		else if (c == '"' || c == '\\')
			(text += '\\') += c;
		else
			text += c;
	return text += '"';
}

} // namespace

std::string explain(const fired& answer) {
	std::string text;
	for (const std::string& fault : answer.faults)
		text.append("STOPPED: ").append(fault).append(".\n");
	for (const std::string& finding : answer.findings)
		text.append("FOUND: ").append(finding).append(".\n");
	const std::string words = explain(answer.call);
	text += words;
	if (!answer.withheld.empty())
		text.append("No stack would have called it: ").append(answer.withheld).append(".\n");
	for (const spoiled& each : answer.spoiled)
		if (words.find(each.text) == words.npos &&
			!(each.what == spoil::dropped_options && answer.call.denied_by()))
			text.append(each.text).append(".\n");
	for (const option_call& each : answer.options_set)
		text.append("It set ").append(each.text()).append(".\n");
	for (const std::string& line : answer.printk)
		text.append("It printed ").append(in_quotes(line)).append(".\n");
	return text;
}

} // namespace sockops::testing
