// SPDX-License-Identifier: MIT
// In place of dwarf.cpp where there is no libdw.
#include "stack_variables.hpp"

namespace sockops::object {

bool reads_dwarf() noexcept { return false; }
std::vector<function_variables> read_stack_variables(std::span<const std::byte>) { return {}; }

} // namespace sockops::object
