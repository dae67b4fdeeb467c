// SPDX-License-Identifier: MIT
#pragma once

#include "subject.hpp"

namespace sockops::vm::check {

/// "the context", "a value of the map 'conns' that may be NULL", "the number 3".
std::string in_words(const subject& of, const known& value);
/// "at offset 4", "at offsets -8 to 12": of what a pointer leads to.
std::string place_in_words(const known& base, s64 off);

} // namespace sockops::vm::check
