// SPDX-License-Identifier: MIT
// Arithmetic and conditional jumps on one way, of numbers and of pointers.
#pragma once

#include "subject.hpp"

namespace sockops::vm::check {

objection look_at_arithmetic(subject& of, path& on, bpf_insn insn);

/// The way goes on as it does where a conditional jump is taken, or is not; false: it is not known that it
/// can.
/// `part`: where() may have several.
bool go_on(subject& of, path& on, bpf_insn insn, bool taken, unsigned part);

} // namespace sockops::vm::check
