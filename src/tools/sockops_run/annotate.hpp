// SPDX-License-Identifier: MIT
// Failures once more, on standard error, as code hosts show them.
#pragma once

#include "arguments.hpp"
#include "failure.hpp"

namespace sockops_run {

/// If --annotations was given. `objects`: files around which the source is looked for.
void annotate(const failure& what, const std::vector<std::string>& objects, const arguments& with);
/// The same of the objects on the command line.
void annotate(const failure& what, const arguments& with);

} // namespace sockops_run
