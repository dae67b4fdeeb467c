// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>

namespace sockops_run {

/// All helpers and kfuncs that a SOCK_OPS program may call: prototype, what each argument has to be, in which
/// ops, since when; and those that are not here, with the reason.
void print_helpers(std::ostream& out);

} // namespace sockops_run
