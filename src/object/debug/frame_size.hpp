// SPDX-License-Identifier: MIT
// How large a function's frame is, which is written nowhere: LLVM gives variables' places from its lower end,
// and instructions have them from its upper one, r10.
#pragma once

#include <span>

#include <sockops/vm/insn.hpp>

namespace sockops::object {

/// How far below r10 the function reads, writes or gives away memory, in bytes. It is read from the first
/// instruction to the last, and copies of r10 are followed as far as constants are added to them.
[[nodiscard]] u32 reach_below_r10(std::span<const bpf_insn> function) noexcept;

} // namespace sockops::object
