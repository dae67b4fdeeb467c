// SPDX-License-Identifier: MIT
// How an interpreted program calls a helper or kfunc: its rule (src/helper) behind registers. Which there are
// at all, and in which op each works, is bpf/helper_table.hpp's and bpf/kfunc_table.hpp's.
#pragma once

#include <string>
#include <string_view>

#include <sockops/vm/prog_load.hpp>

#include "../helper/call_prototype.hpp"

namespace sockops::vm {

struct machine;

/// `r`: the registers; r[1] to r[5] are the arguments. What it returns is r0, unless there was a fault.
using helper_fn = u64 (*)(machine& m, const u64* r) noexcept;

struct helper_face {
	helper::call_prototype prototype;
	u32 id; ///< enum bpf_func_id; 0: a kfunc
	helper_fn call;
};

inline constexpr u32 helper_tail_call =
	find_helper("bpf_tail_call")->id; ///< which is a step of its own: calls.cpp

/// By number, or, of a kfunc, by name; nullptr: it is not here.
const helper_face* find_helper_face(u32 id) noexcept;
const helper_face* find_kfunc_face(std::string_view name) noexcept;
/// What an instruction calls; nullptr: bpf_tail_call(), or what is not here.
const helper_face* face_of_call(const bpf_prog_load_attr& attr, bpf_insn insn) noexcept;
/// Its prototype, also that of bpf_tail_call(); nullptr: it is not here.
const helper::call_prototype* prototype_of_call(const bpf_prog_load_attr& attr, bpf_insn insn) noexcept;
/// Why a kfunc cannot be called, in words: it is not here, not for SOCK_OPS programs, or nowhere.
std::string kfunc_refusal(std::string_view name);
/// May it be called while the program holds a lock? It may be given back, and numbers be counted.
bool is_allowed_under_lock(helper_fn call) noexcept;

/// May a program with this licence call gpl_only helpers?
bool is_gpl_compatible(std::string_view license) noexcept;

} // namespace sockops::vm
