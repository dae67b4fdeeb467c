// SPDX-License-Identifier: MIT
// Sizes of types, by libdw. libdw's own dwarf_aggregate_size() follows typedefs without an end, where a
// damaged file has them in a circle.
#pragma once

#include <optional>

#include <elfutils/libdw.h>

#include <sockops/kern/types.hpp>

namespace sockops::object {

/// Bytes of a variable, or of an object of a type; nullopt: not known, or too large for a frame.
[[nodiscard]] std::optional<u32> size_of(Dwarf_Die& of);
/// What `aligned` says of a variable or its type; 1: nothing.
[[nodiscard]] u32 alignment_of(Dwarf_Die& of);

} // namespace sockops::object
