// SPDX-License-Identifier: MIT
// A text in quotes, as C and JSON write it.
#pragma once

#include <string>
#include <string_view>

namespace sockops::object {

struct quoted_text {
	std::string text;
	std::size_t length; ///< of what was read, its quotes and escapes included
};

/// `from` begins with '"'. Escapes: \" \\ \/ \b \f \n \r \t \0, \x and one or two hex digits (a byte), \u and
/// four (a character, as UTF-8; two of them where it takes a surrogate pair). Throws object_error for others,
/// and if no '"' ends it.
[[nodiscard]] quoted_text read_quoted(std::string_view from);

} // namespace sockops::object
