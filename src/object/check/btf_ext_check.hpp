// SPDX-License-Identifier: MIT
// What is asked of .BTF.ext: its records are whole and speak of instructions that there are. libbpf finds
// most of what is wrong with them itself, but forgets memory when it does.
#pragma once

#include "elf_view.hpp"

namespace sockops::object {

/// Why it cannot be used, in words, without the name of the section; "": nothing was found. `file` has passed
/// all other checks.
[[nodiscard]] std::string check_btf_ext(const elf_view& file, std::span<const std::byte> data);

} // namespace sockops::object
