// SPDX-License-Identifier: MIT
// In place of dwarf.cpp where there is no libdw.
#include "debug_data.hpp"

namespace sockops::object {

bool reads_dwarf() noexcept { return false; }
std::vector<debug_function> read_debug_data(std::span<const std::byte>) { return {}; }

} // namespace sockops::object
