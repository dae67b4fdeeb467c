// SPDX-License-Identifier: MIT
// The options of sockops-run: what each is, and what it changes.
#pragma once

#include "arguments.hpp"

namespace sockops_run {

[[nodiscard]] const std::vector<sockops::tools::parsed_option<arguments>>& option_table();

} // namespace sockops_run
