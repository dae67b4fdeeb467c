// SPDX-License-Identifier: MIT
// Locations of DWARF that are places on the stack.
#pragma once

#include <optional>
#include <span>

#include <elfutils/libdw.h>

#include <sockops/kern/types.hpp>

namespace sockops::object {

/// How far from the frame's base, which is r10, the expression says that a variable of `size` bytes lies, if
/// it lies there as a whole: DW_OP_fbreg, DW_OP_breg10, and pieces of these one behind the other.
[[nodiscard]] std::optional<s64> place_on_stack(std::span<const Dwarf_Op> location, u32 size) noexcept;
/// Is the frame's base r10?
[[nodiscard]] bool is_r10(std::span<const Dwarf_Op> frame_base) noexcept;

} // namespace sockops::object
