// SPDX-License-Identifier: MIT
// The machine's kernel, asked.
#pragma once

#include "answers.hpp"

namespace isa {

/// A case, called as a function; if that is refused, as a whole program.
kernel_answer ask_kernel(const test_case& asked);

/// "Linux 6.18.0 x86_64"
std::string kernel_name();

} // namespace isa
