// SPDX-License-Identifier: MIT
// Words, numbers and times of a line.

#include "timeline_parser.hpp"

#include <algorithm>
#include <charconv>

#include <sockops/bpf/uapi.hpp>

namespace sockops::testing {

namespace {
std::string in_words(unsigned line, const std::string& text, const std::string& reason) {
	if (line == 0)
		return reason;
	return "line " + std::to_string(line) + ": '" + text + "': " + reason;
}
} // namespace

timeline_error::timeline_error(unsigned at_line, std::string of_text, std::string why)
	: std::runtime_error(in_words(at_line, of_text, why)), line(at_line), text(std::move(of_text)),
	  reason(std::move(why)) {}

namespace parser {

namespace {
/// Where a comment begins: at the first '#' that is in no text. A quote that nothing closes begins none.
std::size_t begin_of_comment(std::string_view line) noexcept {
	for (std::size_t at = 0; at < line.size(); ++at) {
		if (line[at] == '#')
			return at;
		if (line[at] != '"')
			continue;
		std::size_t end = at + 1;
		while (end < line.size() && line[end] != '"')
			end += line[end] == '\\' ? 2 : 1;
		if (end >= line.size())
			return line.find('#', at);
		at = end;
	}
	return line.npos;
}
} // namespace

raw_line strip(std::string_view line) noexcept {
	const bool indented = line.starts_with('\t') || line.starts_with("  ");
	if (indented)
		line = line.substr(0, begin_of_comment(line));
	const std::size_t first = line.find_first_not_of(" \t\r");
	if (first == line.npos)
		return {{}, indented};
	return {line.substr(first, line.find_last_not_of(" \t\r") - first + 1), indented};
}

words::words(unsigned line, std::string_view text) : line_(line), text_(text) {
	const std::string_view rest = text;
	for (std::size_t at = 0; at < rest.size();) {
		const std::size_t end = std::min(rest.find_first_of(" \t", at), rest.size());
		all_.push_back(rest.substr(at, end - at));
		at = std::min(rest.find_first_not_of(" \t", end), rest.size());
	}
}

std::string_view words::take(const char* what) {
	if (empty())
		refuse(std::string(what) + " is missing at the end of the line");
	return all_[next_++];
}

std::string_view words::take_rest() noexcept {
	if (empty())
		return {};
	const auto from = static_cast<std::size_t>(all_[next_].data() - text_.data());
	next_ = all_.size();
	return text_.substr(from);
}

bool words::accept(std::string_view word) noexcept {
	if (peek() != word || empty())
		return false;
	++next_;
	return true;
}

u32 words::number(const char* what, u32 most) {
	const std::string_view word = take(what);
	const bool hex = word.starts_with("0x");
	const std::string_view digits = word.substr(hex ? 2 : 0);
	u64 value = 0;
	const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value, hex ? 16 : 10);
	if (error == std::errc::invalid_argument || end != digits.end())
		refuse(quoted(word) + " is not a number: " + what + " is one, decimal or 0x…");
	if (error != std::errc{} || value > most)
		refuse(std::string(word) + " is too large: " + what + " is at most " + std::to_string(most));
	return static_cast<u32>(value);
}

u32 words::signed_number(const char* what) {
	if (!peek().starts_with('-'))
		return number(what);
	const std::string_view word = take(what);
	s32 value = 0;
	const auto [end, error] = std::from_chars(word.begin(), word.end(), value);
	if (error != std::errc{} || end != word.end())
		refuse(quoted(word) + " is not a number of 32 bits: " + what + " is one");
	return static_cast<u32>(value);
}

void words::end() const {
	if (!empty())
		refuse(quoted(peek()) + " is too much: nothing follows here");
}

void words::refuse(std::string reason) const { throw timeline_error(line_, text(), std::move(reason)); }

u64 parse_time(const words& at, std::string_view word) {
	const std::string given(word);
	if (word.starts_with('-'))
		at.refuse("time goes back: '" + given + "' must be 0 or more");
	u64 whole = 0;
	const auto [after_whole, error] = std::from_chars(word.begin(), word.end(), whole);
	std::string_view rest = word.substr(static_cast<std::size_t>(after_whole - word.begin()));
	std::string decimals;
	if (rest.starts_with('.')) {
		const std::size_t digits = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
		decimals = rest.substr(1, digits - 1);
		rest.remove_prefix(digits);
	}
	const u64 unit = rest == "s"    ? 1'000'000'000
					 : rest == "ms" ? 1'000'000
					 : rest == "us" ? 1'000
					 : rest == "ns" ? 1
									: 0;
	if (error != std::errc{})
		at.refuse(quoted(given) + " is not a time: a number and s, ms, us or ns, as in +1.5s");
	if (unit == 0 && !(rest.empty() && whole == 0 && decimals.empty()))
		at.refuse(quoted(given) + " has no unit: write s, ms, us or ns after the number");
	if (whole > 1'000'000 || decimals.size() > 9)
		at.refuse(quoted(given) + " is too long a time, or too exact: at most 1000000, and 9 decimals");
	u64 ns = whole * unit, part = unit;
	for (const char digit : decimals)
		ns += static_cast<u64>(digit - '0') * (part /= 10);
	return ns;
}

u8 parse_op(const words& at, std::string_view given) {
	std::string_view name = given;
	if (name.starts_with(uapi_prefix))
		name.remove_prefix(uapi_prefix.size());
	for (const op_info& each : op_table) {
		const std::string_view full = each.name;
		const std::string_view bare = full.ends_with("_CB") ? full.substr(0, full.size() - 3) : full;
		if (each.op != BPF_SOCK_OPS_VOID && (name == full || name == bare))
			return each.op;
	}
	at.refuse(quoted(given) +
			  " is no op: write a name of the op table, without BPF_SOCK_OPS_ and _CB, as in TIMEOUT_INIT");
}

} // namespace parser

} // namespace sockops::testing
