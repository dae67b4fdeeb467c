// SPDX-License-Identifier: MIT
// What a line of a text test expects, as it was read. Values stay as they are written: their types are known
// where the objects are.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <sockops/testing/timeline.hpp>
#include <sockops/trace/spoiled.hpp>

namespace sockops::testing::text {

/// A number; a variable ("client.port"); or `_`, any.
struct amount {
	std::string text;
	std::optional<s64> number{}; ///< nullopt: a variable, or any

	bool is_any() const noexcept { return text == "_"; }
};

/// How a value that is seen stands to the one that is written.
enum class relation : u8 { equal, unequal, less, at_most, greater, at_least };

// --- What programs did in a call. `by`: the program, "web:tune"; "": any, or all of them.

/// `-> 50 [by tune]`: what the caller gets.
struct replied {
	amount value;
	std::string by;
};
/// `returned 1 [by tune]`
struct returned {
	u32 value;
	std::string by;
};
/// `denied [by tune]`, `allowed`
struct verdict {
	bool is_denied;
	std::string by;
};
/// `flags = A|B`, `flags +A -B`: of the socket, after the call.
struct left_flags {
	bool is_exact;
	u8 set, clear;
};
/// `sets OPTION = VALUE[: ERRNO] [by tune]`, `sets nothing`
struct set_an_option {
	std::string name; ///< "": nothing
	std::string value{};
	int error = 0; ///< positive
	std::string by{};
};
/// `reserves 8`: bytes, rounded up to 4.
struct reserved {
	amount bytes;
};
/// `writes fd04eb9f`: what was reserved, as it is sent; of a fired op.
struct wrote {
	std::vector<u8> bytes;
};
/// `prints "text"`
struct printed {
	std::string line; ///< in its quotes
};
/// `record MAP VALUE`
struct recorded {
	std::string map, value;
};
/// `discarded_reply [of tune] [by observer]`
struct spoilt {
	spoil what;
	std::string of, by;
};
/// `would fire`, `would not fire`: is the op's flag set? Of a fired op.
struct firing {
	bool is_due;
};

struct deed {
	std::string text; ///< as written
	std::variant<replied, returned, verdict, left_flags, set_an_option, reserved, wrote, printed, recorded,
				 spoilt, firing>
		what;
};

// --- Lines.

/// `client: [each|no] CALL deeds CALL deeds`, `fired: [no] deeds`
struct about_calls {
	enum class how_many : u8 {
		some, ///< these, in that order; others may lie between
		each, ///< all of that name, and there is one
		none,
	};
	struct one {
		std::optional<expected_call> call; ///< nullopt: the fired one
		std::vector<deed> deeds;
	};

	std::optional<side> who; ///< nullopt: fired
	how_many many = how_many::some;
	std::vector<one> calls{};
};

/// `map NAME[KEY]PATH == VALUE`, `map NAME[KEY] absent`, `map NAME has 2 entries`
struct about_map {
	enum class question : u8 { value, exists, absent, entries };

	std::string map;
	std::optional<std::string> key{}; ///< nullopt: without one
	std::string path{};               ///< ".retransmits"
	question asks = question::value;
	relation is = relation::equal;
	std::string value{};
	u32 entries = 0;
};

/// `global NAME == VALUE`
struct about_global {
	std::string path;
	relation is;
	std::string value;
};

/// `records MAP: VALUE VALUE`, `records MAP: nothing`: all of the interval.
struct about_records {
	std::string map;
	std::vector<std::string> values;
};

/// `printk: "a" "b"`, `printk: nothing`: all of the interval.
struct about_printk {
	std::vector<std::string> lines; ///< in their quotes
};

/// `spoiled: nothing`, `spoiled: discarded_reply of tune by observer`: those, and no others.
struct about_spoils {
	std::vector<spoilt> all;
};

/// `finding "text"`, `stopped "text"`: one whose message has that in it.
struct about_trouble {
	bool is_finding;
	std::string part; ///< in its quotes
};

/// `let NAME = VALUE`
struct variable {
	std::string name;
	amount value;
};

struct statement {
	std::variant<about_calls, about_map, about_global, about_records, about_printk, about_spoils,
				 about_trouble, variable>
		what;
};

} // namespace sockops::testing::text
