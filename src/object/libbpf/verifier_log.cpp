// SPDX-License-Identifier: MIT
#include "verifier_log.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace sockops::object {

namespace {

/// The number at the beginning of a text, and what stands behind it.
std::optional<u64> take_number(std::string_view& text) {
	u64 number = 0;
	const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
	if (error != std::errc())
		return std::nullopt;
	text.remove_prefix(static_cast<std::size_t>(end - text.data()));
	return number;
}

/// "7: (61) r1 = *(u32 *)(r1 +0)": 7.
std::optional<u32> instruction_of(std::string_view line) {
	const std::optional<u64> number = take_number(line);
	return number && line.starts_with(": (") ? std::optional(static_cast<u32>(*number)) : std::nullopt;
}

/// "7: R1=ctx() R10=fp0": what is known before an instruction.
bool is_state(std::string_view line) { return take_number(line) && line.starts_with(": R"); }

/// Lines that tell how it went on, and not why it ended.
bool is_about_the_way(std::string_view line) {
	constexpr std::string_view beginnings[] = {
		";",
		"from ",
		"func#",
		"Func#",
		"Validating ",
		"verification time ",
		"stack depth",
		"processed ",
		"peak_states",
		"mark_precise",
		"cur state:",
		"old state:",
		"caller:",
		"callee:",
		"returning from callee:",
		"to caller at ",
		"propagating ",
	};
	return line.empty() || is_state(line) ||
		   std::ranges::any_of(beginnings, [&](std::string_view each) { return line.starts_with(each); });
}

/// " R1=ctx() R10=fp0", "frame1: R1=…": what registers hold, below a line that announces it.
bool is_registers(std::string_view line) { return line.starts_with(" R") || line.starts_with("frame"); }

} // namespace

verifier_log read_verifier_log(std::string_view text) {
	verifier_log read;
	while (!text.empty()) {
		const std::string_view line = text.substr(0, text.find('\n'));
		text.remove_prefix(std::min(line.size() + 1, text.size()));
		if (const std::optional<u32> insn = instruction_of(line)) {
			read.insn = insn;
			read.words.clear();
		} else if (std::string_view rest = line; rest.starts_with("processed ")) {
			rest.remove_prefix(std::string_view("processed ").size());
			read.processed = take_number(rest).value_or(0);
		} else if (!is_about_the_way(line) && !is_registers(line))
			read.words.append(read.words.empty() ? "" : "; ").append(line);
	}
	return read;
}

} // namespace sockops::object
