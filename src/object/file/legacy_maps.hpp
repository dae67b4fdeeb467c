// SPDX-License-Identifier: MIT
// Maps as they were declared before 2020, and as Rust and tc declare them still: a struct of numbers in a
// section "maps" or "maps/NAME", which libbpf 1.0 no longer reads. Their numbers become types in BTF and they
// move to the section ".maps", where declarations of today may stand already.
//
//   word 0 … 4   type, key_size, value_size, max_entries, map_flags; whoever has four has no flags
//   word 5       an id of the loader's, or the place of an inner map: not read
//   word 6       pinning (tc, aya); with BPF_F_NUMA_NODE a node (samples of the kernel): not read
#pragma once

#include <string>

#include "file_types.hpp"

namespace sockops::object {

/// The names of maps that were moved. Throws object_error, with `name` before the message, for definitions
/// that cannot be read.
std::vector<std::string> declare_legacy_maps(elf_writer& file, file_types& types, const std::string& name);

} // namespace sockops::object
