// SPDX-License-Identifier: MIT
// The rules that flow.cpp holds each instruction to, once it knows what is in the registers. Each returns
// what is broken, without its place; an empty refusal if nothing is. In the kernel's words where it has some.
#pragma once

#include "load_check.hpp"

namespace sockops::vm {

/// A register that no way has written may not be read.
refusal rule_of_sources(bpf_insn insn, const known_registers& regs);
/// What the main program returns.
refusal rule_of_return(const known_value& r0, bool raw);
/// `size` bytes at r10 + from.
refusal rule_of_frame(s64 from, u32 size);
/// `size` bytes at `from` of the context.
refusal rule_of_ctx(s64 from, u32 size, bool write);
/// A number is no address.
refusal rule_of_numbers(u32 reg, u64 value);
/// Is there such a helper or kfunc, and may this program call it, with that in r1?
refusal rule_of_call(const bpf_prog_load_attr& attr, bpf_insn insn, const known_value& first);
/// Is it a call of a helper or kfunc that leaves nothing in r0?
bool leaves_nothing(const bpf_prog_load_attr& attr, bpf_insn insn);

} // namespace sockops::vm
