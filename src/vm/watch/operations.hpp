// SPDX-License-Identifier: MIT
// The followers of each kind of instruction.
#pragma once

#include "watched_code.hpp"

namespace sockops::vm {

follow_fn follower_of_alu(bpf_insn insn) noexcept;
follow_fn follower_of_conditional(bpf_insn insn) noexcept;
follow_fn follower_of_load(bpf_insn insn) noexcept;
follow_fn follower_of_store(bpf_insn insn) noexcept;
follow_fn follower_of_atomic(bpf_insn insn) noexcept;
follow_fn follower_of_call(bpf_insn insn) noexcept;
/// dst becomes a number or an address.
const step* follow_imm64(watched_machine& m, const watched_step& of, const step* at) noexcept;
const step* follow_exit(watched_machine& m, const watched_step& of, const step* at) noexcept;
/// What neither reads nor writes.
const step* follow_nothing(watched_machine& m, const watched_step& of, const step* at) noexcept;

/// Before a call of a helper or kfunc: its arguments, by its prototype. And behind it, `given` being r0 to r5
/// as they were: what it has written.
void check_arguments(watched_machine& m, const watched_step& of, const step* at) noexcept;
/// Of those that take a format.
void check_printed(watched_machine& m, std::string_view name, const step* at) noexcept;
void note_results(watched_machine& m, const watched_step& of, const std::array<u64, 6>& given) noexcept;

} // namespace sockops::vm
