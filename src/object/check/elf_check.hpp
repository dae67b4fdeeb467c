// SPDX-License-Identifier: MIT
// What is asked of a file before libbpf sees it: a 64-bit little-endian relocatable ELF file for BPF whose
// parts lie within it and name only what is there. libbpf trusts more than a broken file deserves.
#pragma once

#include <span>
#include <string>

#include <sockops/kern/types.hpp>

namespace sockops::object {

/// Why the file cannot be one that clang -target bpf wrote, in words; "": nothing was found.
[[nodiscard]] std::string check_elf(std::span<const std::byte> file);

/// The same of .BTF, without the name of its section.
[[nodiscard]] std::string check_btf(std::span<const std::byte> data);

} // namespace sockops::object
