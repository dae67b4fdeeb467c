// SPDX-License-Identifier: MIT
// The code of an ELF object, without the rest of it: no maps, no BTF, no context.
#pragma once

#include <span>
#include <vector>

#include <sockops/vm/insn.hpp>

namespace sockops::tools {

/// The first section with code, its calls of functions within it resolved. Throws std::runtime_error for what
/// is no BPF object, has no code, or whose code refers to anything else.
std::vector<bpf_insn> code_of_elf(std::span<const std::byte> object);

} // namespace sockops::tools
