// SPDX-License-Identifier: MIT
// What --contents prints.
#pragma once

#include <ostream>

#include "arguments.hpp"

namespace sockops_run {

/// "program tune", a line each, of all objects; nothing of one without a sock_ops program. Throws
/// object_error.
void print_contents(const arguments& with, std::ostream& out);

} // namespace sockops_run
