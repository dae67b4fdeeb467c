// SPDX-License-Identifier: MIT
// What the parts of the parser share: a line as words, and how a line is refused.
#pragma once

#include <map>

#include <sockops/testing/timeline.hpp>

namespace sockops::testing::parser {

/// An indented line: its words, eaten from the front. The line's text outlives it.
class words {
  public:
	words(unsigned line, std::string_view text);

	bool empty() const noexcept { return next_ == all_.size(); }
	/// The next word, or "" at the end.
	std::string_view peek() const noexcept { return empty() ? std::string_view{} : all_[next_]; }
	/// The next word; at the end the line is refused: "`what` is missing".
	std::string_view take(const char* what);
	/// Eats the next word if it is this one.
	bool accept(std::string_view word) noexcept;
	/// A decimal or 0x number of at most `most`.
	u32 number(const char* what, u32 most = ~0u);
	/// The same, and it may be negative: as the word that a program writes.
	u32 signed_number(const char* what);
	/// All that is left, as it stands in the line.
	std::string_view take_rest() noexcept;
	/// Refuses what is left.
	void end() const;

	[[noreturn]] void refuse(std::string reason) const;
	unsigned line() const noexcept { return line_; }
	std::string text() const { return std::string(text_); }

  private:
	unsigned line_;
	std::string_view text_;
	std::vector<std::string_view> all_;
	std::size_t next_ = 0;
};

/// Of ops and of their flags in <linux/bpf.h>; a line may leave it out.
inline constexpr std::string_view uapi_prefix = "BPF_SOCK_OPS_";

/// "'word'".
inline std::string quoted(std::string_view word) {
	std::string text(1, '\'');
	return (text += word) += '\'';
}

/// "10ms", "1.5s", "300us", "0" as ns.
u64 parse_time(const words& at, std::string_view word);
/// The op of a name, with or without _CB.
u8 parse_op(const words& at, std::string_view name);

/// The lines of each kind. All refuse by throwing.
void parse_setting(words& line, timeline_settings& into);
void parse_event(words& line, timeline& into);
void parse_expectation(words& line, side who, timeline& into);
peer_segment parse_peer(words& line);
/// What is left of an event "fire OP on SOCKET …". `before`: the events before it.
timeline_fire parse_fire(words& line, const timeline& before);
/// A line that says what programs did, or left behind; or one of those that give it a name.
void parse_statement(words& line, timeline& into);
/// "no RTT", "each RTT -> 1": what stands behind a side.
void parse_side_line(words& line);
/// Begins the word such a line, below an event?
bool is_statement(std::string_view word) noexcept;
/// Does the line say what programs did, and not only which calls come? `line` is behind "client:".
bool has_deeds(words line) noexcept;
/// The first word of a setting that is about objects, and the setting.
bool is_object_setting(std::string_view word) noexcept;
void parse_object_setting(words& line, timeline_objects& into);

/// The first word of a setting?
bool is_setting(std::string_view word) noexcept;
/// One call, "RTO(0,_,0)".
expected_call parse_call(const words& line, std::string_view text);
/// The same, or the op alone: with any arguments.
expected_call parse_call_of_any(const words& line, std::string_view text);
/// "mss 1460,opt 253 eb9f", as they are in a header, padded.
std::vector<u8> parse_header_options(const words& line, std::string_view text);
/// Flags of a segment as tcpdump writes them: "S.".
u8 parse_segment_flags(const words& line, std::string_view letters);
/// TCP_NODELAY and the like.
timeline_sockopt parse_sockopt(words& line);

/// "text" without comment and surrounding space, and whether it was indented.
struct raw_line {
	std::string_view text;
	bool indented;
};
raw_line strip(std::string_view line) noexcept;

/// Where both sides are, checked; and that the MTU is one for their family. Throws timeline_error, of line 0.
std::array<timeline_address, 2> checked_addresses(const timeline& what);

/// Follows a timeline's events, and says which of them cannot happen.
class plausibility {
  public:
	/// Refuses an event that what happened before makes impossible.
	void check(const words& line, const timeline_event& event, const timeline& all);

  private:
	void check_fire(const words& line, const timeline_fire& fire);
	struct of_side {
		bool listens = false, connects = false, shut_down = false, disconnected = false;
	};
	std::array<of_side, 2> sides_;
	std::array<bool, 2> acts_{};
	bool peer_ = false;
	std::map<std::string, timeline_fire::target> fired_on_; ///< what was made, by name
};

} // namespace sockops::testing::parser
