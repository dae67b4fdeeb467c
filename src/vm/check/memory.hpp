// SPDX-License-Identifier: MIT
// What a program may load and store, by what its pointer leads to.
#pragma once

#include "subject.hpp"

namespace sockops::vm::check {

enum class use : u8 { load, store, atomic };

objection look_at_load(subject& of, path& on, bpf_insn insn);
objection look_at_store(subject& of, path& on, bpf_insn insn);
objection look_at_atomic(subject& of, path& on, bpf_insn insn);

/// May programs write to the map?
objection rule_of_writing(const bpf_map_attr& map);
/// May a program have the address of a value of the map in its code, or what is in it?
objection rule_of_elements(const subject& of, const known& value);
/// May a helper read or write `size` bytes where the register leads? 0 bytes are never touched.
objection look_at_memory(subject& of, path& on, u32 reg, u64 size, bool writes);
/// These bytes, `off` from where it leads, have been written: numbers, or what is not known at all.
void note_written(path& on, const known& base, s64 off, u64 size, bool with_numbers);

} // namespace sockops::vm::check
