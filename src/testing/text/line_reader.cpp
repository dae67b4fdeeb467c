// SPDX-License-Identifier: MIT
#include "line_reader.hpp"

#include <algorithm>
#include <charconv>

namespace sockops::testing::parser {

namespace {

constexpr std::string_view ends_of_words = " \t,=!<>[]{}()|\"";

bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

bool is_name(std::string_view word) noexcept {
	const auto is_letter = [](char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
	};
	return !word.empty() && !(word[0] >= '0' && word[0] <= '9') && std::ranges::all_of(word, is_letter);
}

} // namespace

bool is_variable(std::string_view word) noexcept {
	const std::size_t dot = word.find('.');
	return is_name(word.substr(0, dot)) && (dot == word.npos || is_name(word.substr(dot + 1)));
}

line_reader::line_reader(words& line) : line_(&line), rest_(line.take_rest()) {}
line_reader::line_reader(const words& line, std::string_view part) : line_(&line), rest_(part) { skip(0); }

void line_reader::skip(std::size_t count) noexcept {
	rest_.remove_prefix(count);
	while (!rest_.empty() && is_space(rest_.front()))
		rest_.remove_prefix(1);
}

std::string_view line_reader::peek_word() const noexcept {
	return rest_.substr(0, rest_.find_first_of(ends_of_words));
}

bool line_reader::accept(std::string_view token) noexcept {
	const bool is_mark = ends_of_words.find(token.front()) != token.npos || token == ":" || token == "->";
	if (is_mark ? !rest_.starts_with(token) : peek_word() != token)
		return false;
	skip(token.size());
	return true;
}

std::string_view line_reader::word(const char* what) {
	const std::string_view found = peek_word();
	if (found.empty())
		refuse(std::string(what).append(at_end() ? " is missing at the end of the line"
												 : " is missing before " + parser::quoted(rest_)));
	skip(found.size());
	return found;
}

s64 line_reader::number(const char* what) {
	const std::string_view whole = word(what);
	std::string_view digits = whole;
	const bool is_negative = digits.starts_with('-');
	digits.remove_prefix(is_negative);
	const bool is_hex = digits.starts_with("0x");
	digits.remove_prefix(is_hex ? 2 : 0);
	u64 value = 0;
	const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value, is_hex ? 16 : 10);
	if (error == std::errc::result_out_of_range ||
		(error == std::errc{} && value > u64{1} << 62)) // no number here needs more
		refuse(parser::quoted(whole) + " is too large: " + what + " has fewer than 63 bits");
	if (error != std::errc{} || end != digits.end())
		refuse(parser::quoted(whole) + " is no number: " + what + " is one, decimal or 0x…");
	return is_negative ? -static_cast<s64>(value) : static_cast<s64>(value);
}

text::amount line_reader::amount(const char* what) {
	const std::string_view next = peek_word();
	if (!next.empty() && is_variable(next)) {
		skip(next.size());
		return {std::string(next)};
	}
	const std::string_view from = rest_;
	const s64 value = number(what);
	return {std::string(from.substr(0, next.size())), value};
}

std::size_t line_reader::end_of_value(std::size_t from, std::string_view stops) const noexcept {
	std::size_t depth = 0;
	for (std::size_t at = from; at != rest_.size(); ++at) {
		const char c = rest_[at];
		if (c == '"') {
			for (++at; at < rest_.size() && rest_[at] != '"'; ++at)
				at += rest_[at] == '\\';
			if (at >= rest_.size())
				return rest_.npos;
		} else if (c == '{' || c == '[' || c == '(') {
			++depth;
		} else if (c == '}' || c == ']' || c == ')') {
			if (depth == 0)
				return stops.find(c) != stops.npos ? at : rest_.npos;
			--depth;
		} else if (depth == 0 && stops.find(c) != stops.npos) {
			return at;
		}
	}
	return depth == 0 ? rest_.size() : rest_.npos;
}

std::string line_reader::take(std::size_t length) {
	std::string taken(rest_.substr(0, length));
	skip(length);
	while (!taken.empty() && is_space(taken.back()))
		taken.pop_back();
	return taken;
}

std::string line_reader::quoted(const char* what) {
	if (!rest_.starts_with('"'))
		refuse(std::string(what)
				   .append(" stands in quotes, as in \"text\"")
				   .append(at_end() ? ", and is missing" : ", and there is " + parser::quoted(rest_)));
	std::size_t end = 1;
	while (end < rest_.size() && rest_[end] != '"')
		end += rest_[end] == '\\' ? 2 : 1;
	if (end >= rest_.size())
		refuse("no '\"' ends the text " + parser::quoted(rest_));
	return take(end + 1);
}

std::string_view line_reader::between(char open, char close, const char* what) {
	if (!rest_.starts_with(open))
		refuse(std::string(what).append(" is missing: it stands between '") + open + "' and '" + close + "'");
	const std::size_t end = end_of_value(1, std::string_view(&close, 1));
	if (end == rest_.npos || end == rest_.size())
		refuse(std::string("a '") + close + "' is missing: " + what + " stands between '" + open + "' and '" +
			   close + "'");
	const std::string_view inside = rest_.substr(1, end - 1);
	skip(end + 1);
	return inside;
}

std::string line_reader::value(const char* what) {
	const std::size_t end = end_of_value(0, " \t,:");
	if (end == rest_.npos)
		refuse(parser::quoted(rest_) + ": a bracket or a quote is not closed: " + what +
			   " is a number, a name, "
			   "\"text\" or {1, 2}");
	if (end == 0)
		refuse(std::string(what).append(" is missing"));
	return take(end);
}

std::string line_reader::rest(const char* what) {
	if (at_end())
		refuse(std::string(what).append(" is missing at the end of the line"));
	if (end_of_value(0, "") == rest_.npos)
		refuse(parser::quoted(rest_) + ": a bracket or a quote is not closed");
	return take(rest_.size());
}

void line_reader::end() const {
	if (!at_end())
		refuse(parser::quoted(rest_) + " is too much: nothing follows here");
}

} // namespace sockops::testing::parser
