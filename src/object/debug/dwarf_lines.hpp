// SPDX-License-Identifier: MIT
// What a unit's line table says that BTF's does not.
#pragma once

#include <vector>

#include <elfutils/libdw.h>

#include <sockops/kern/types.hpp>

namespace sockops::object {

/// The addresses from which on instructions come from no line, ascending: BTF, which has no words for it,
/// lets the line before go on.
[[nodiscard]] std::vector<u64> addresses_without_line(Dwarf_Die& unit);

} // namespace sockops::object
