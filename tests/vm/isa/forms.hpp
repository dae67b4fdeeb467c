// SPDX-License-Identifier: MIT
// Forms of instructions with what they compute, written down a second time in C++ on plain numbers. They are
// run with many operands.
#pragma once

#include <span>
#include <string_view>

#include <sockops/kern/types.hpp>

namespace isa {

/// What may stand for r2 as an immediate; the rest is refused or does not exist.
enum class immediates { none, any, not_zero, below_32, below_64 };

/// Instructions that take r1 and r2 and leave a value in r1. They may use r0, r3 and the 16 bytes below r10.
struct form {
	std::string_view text;
	immediates k;
	sockops::u64 (*answer)(sockops::u64 r1, sockops::u64 r2);
	bool comparison = false; ///< the text is the condition of a jump; r1 becomes whether it is taken
};

std::span<const form> arithmetic_forms();
std::span<const form> comparison_forms();
std::span<const form> memory_forms();

} // namespace isa
