// SPDX-License-Identifier: MIT
// Did programs do in a call what a line says?
#pragma once

#include "../text/statement.hpp"
#include "names.hpp"
#include "seen.hpp"

namespace sockops::testing::text {

/// After which event each op of a side was called last, in the intervals before.
using earlier_calls = std::map<std::pair<std::optional<side>, u8>, std::string>;

/// What is needed to judge.
struct known {
	const names& words;
	const program_namer& name_of;
	const earlier_calls& earlier;
};

/// What was seen in its place, in words; "": it is so. Throws unknown_word, and object_error for a value that
/// is none.
[[nodiscard]] std::string seen_instead(const deed& expected, const judged_call& seen, const known& of);
/// Of a value that is read by its type.
[[nodiscard]] bool is_value(const typed_value& value, relation is, const std::string& expected);
/// Is it one of those?
[[nodiscard]] bool is_spoil(const spoilt& expected, const spoiled& seen);
/// A text that stands in quotes.
[[nodiscard]] std::string unquoted(const std::string& text);
/// Is it that line of bpf_printk()? The program may have ended it, or not.
[[nodiscard]] bool is_line(std::string_view seen, std::string_view expected) noexcept;

} // namespace sockops::testing::text
