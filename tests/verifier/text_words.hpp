// SPDX-License-Identifier: MIT
// Words and numbers of a line.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/kern/types.hpp>

namespace verdicts {

using sockops::s32;
using sockops::u32;
using sockops::u64;

[[noreturn]] inline void fail(const std::string& why) { throw std::runtime_error(why); }

/// Without the spaces before and after it.
std::string trimmed(std::string_view text);
/// Parted by spaces; none of them is empty.
std::vector<std::string> words_of(std::string_view text);
/// Parted by `by`, each of them trimmed.
std::vector<std::string> parts_of(std::string_view text, char by);

/// Decimal, 0x… or 0, with a sign or without: from -2^63 to 2^64 - 1, as 64 bits. Throws for anything else.
u64 number_of(const std::string& text);
bool is_number(const std::string& text);

} // namespace verdicts
