// SPDX-License-Identifier: MIT
// What a unit's line table says that BTF's does not.
#pragma once

#include <vector>

#include <elfutils/libdw.h>

#include <sockops/kern/types.hpp>

#include "step_budget.hpp"

namespace sockops::object {

/// The addresses from which on instructions come from no line, ascending: BTF, which has no words for it,
/// lets the line before go on. Each line that is looked at is a step.
[[nodiscard]] std::vector<u64> addresses_without_line(Dwarf_Die& unit, step_budget& budget);

} // namespace sockops::object
