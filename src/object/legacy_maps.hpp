// SPDX-License-Identifier: MIT
// Maps as they were declared before 2020: struct bpf_map_def in a section "maps", which libbpf 1.0 no longer
// reads. Their numbers become types in BTF and the section ".maps", as a declaration of today would have it.
#pragma once

#include <string>
#include <vector>

#include <sockops/kern/types.hpp>

namespace sockops {

/// The file, rewritten if it has a section "maps", else as it is. `image` has passed check_elf(). Throws
/// object_error, with `name` before the message, for definitions that cannot be read.
[[nodiscard]] std::vector<std::byte> with_btf_maps(std::vector<std::byte> image, const std::string& name);

} // namespace sockops
