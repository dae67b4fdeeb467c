// SPDX-License-Identifier: MIT
// Calls of helpers, kfuncs and functions of the program, and what comes back from them.
#pragma once

#include "open_ways.hpp"
#include "subject.hpp"

namespace sockops::vm::check {

/// A helper or kfunc, bpf_tail_call() among them. Where one calls the program back, the way goes on in the
/// function; that on which it is not called is added to `more`.
objection look_at_call(subject& of, path& on, bpf_insn insn, open_ways& more);

/// A function of the program: the way goes on in it, or, of a global one, behind the call.
objection look_at_function_call(subject& of, path& on, bpf_insn insn);
/// The way on which a global function is looked at by itself.
path way_into_global_function(subject& of, u32 insn);

/// The end of the program, of a function or a callback; the way goes on where that was called, or is over.
objection look_at_exit(subject& of, path& on);

/// A new frame for a function that begins at `target`; r1 to r5 are the caller's to set.
void enter(path& on, call_frame::kind as, u32 target, u32 back_at);

} // namespace sockops::vm::check
