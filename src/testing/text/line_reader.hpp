// SPDX-License-Identifier: MIT
// The rest of a line, letter by letter: names, texts in quotes, values in brackets.
#pragma once

#include "../timeline_parser.hpp"
#include "statement.hpp"

namespace sockops::testing::parser {

/// Spaces before each of them mean nothing. What is missing or wrong is refused.
class line_reader {
  public:
	/// Takes what is left of the words.
	explicit line_reader(words& line);
	/// A part of the line, which the messages name as a whole.
	line_reader(const words& line, std::string_view part);

	bool at_end() const noexcept { return rest_.empty(); }
	/// What comes next, to the end.
	std::string_view peek() const noexcept { return rest_; }
	/// The word that comes next: up to a space, or one of , = ! < > [ ] { } ( ) | "; maybe empty.
	std::string_view peek_word() const noexcept;

	/// Eats this if it is next: a word as a whole, or a mark.
	bool accept(std::string_view token) noexcept;
	/// Eats a word. `what`: "the map's name".
	std::string_view word(const char* what);
	/// A number, decimal or 0x, maybe negative.
	s64 number(const char* what);
	/// A number, `_`, or a variable.
	text::amount amount(const char* what);
	/// A text in quotes, with them and its escapes.
	std::string quoted(const char* what);
	/// What stands between an opening mark, which is next, and the one that closes it.
	std::string_view between(char open, char close, const char* what);
	/// A value of a program's: a number, a name, {…}, […], "…", htonl(80): up to a space, ',' or ':'.
	std::string value(const char* what);
	/// All that is left, which is something.
	std::string rest(const char* what);
	/// Refuses what is left.
	void end() const;

	[[noreturn]] void refuse(std::string reason) const { line_->refuse(std::move(reason)); }
	const words& line() const noexcept { return *line_; }

  private:
	void skip(std::size_t count) noexcept;
	/// Where the value that begins at `from` ends; npos: a bracket or a quote is never closed.
	std::size_t end_of_value(std::size_t from, std::string_view stops) const noexcept;
	std::string take(std::size_t length);

	const words* line_;
	std::string_view rest_;
};

/// Is it a variable's name: that of `let`, or of a socket's ("client.port")?
bool is_variable(std::string_view word) noexcept;
/// "A|B" as bits, of the table's names, with or without _CB_FLAG; "none"; a number.
u8 parse_flags(line_reader& line);
/// One of the states, by its name; nullopt: none. Here, as what judges a test is another library, which sees
/// nothing of this namespace that is compiled.
inline std::optional<u32> find_state(std::string_view name) noexcept {
	if (name.starts_with("TCP_"))
		name.remove_prefix(4);
	for (u32 each = 1; each != TCP_MAX_STATES; ++each)
		if (name == tcp_state_name(each))
			return each;
	return std::nullopt;
}
/// "192.0.2.1:80", "192.0.2.1", ":80", "[2001:db8::1]:80": what is there into ip and port.
void parse_place(const line_reader& line, std::string_view place, std::string& ip, u16& port);
/// A path from the root.
std::string parse_cgroup(const line_reader& line, std::string_view path);

/// "client: … deeds": `line` is behind the colon. nullopt: fired.
text::about_calls parse_deeds(line_reader& line, std::optional<side> who);
/// "discarded_reply of tune by observer", behind the name.
text::spoilt parse_spoil(line_reader& line, spoil what);
/// By its name in the table; nullopt: none.
std::optional<spoil> find_spoil(std::string_view name) noexcept;
std::string all_spoil_names();

} // namespace sockops::testing::parser
