// SPDX-License-Identifier: MIT
// The kfuncs that interpreted programs call: a function for each, by name. Which there are, and their
// prototypes, is bpf/kfunc_table.hpp's.
#pragma once

#include "helpers.hpp"

namespace sockops::vm {

struct kfunc_row {
	std::string_view name;
	helper_fn call;
};

/// What a function of C that returns int leaves in r0: its upper half is 0, not the sign.
constexpr u64 as_int(int result) noexcept { return static_cast<u32>(result); }

// By subject, each in its own file.
std::span<const kfunc_row> iterator_kfuncs() noexcept;
std::span<const kfunc_row> dynptr_kfuncs() noexcept;
std::span<const kfunc_row> string_kfuncs() noexcept;
std::span<const kfunc_row> section_kfuncs() noexcept; ///< RCU, preemption, interrupts
std::span<const kfunc_row> pointer_kfuncs() noexcept; ///< casts, and what takes the kernel's pointers

/// A kfunc by its name; nullptr: it is not here.
helper_fn find_kfunc(std::string_view name) noexcept;
/// Why a kfunc cannot be called, in words: it is not here, not for SOCK_OPS programs, or nowhere.
std::string kfunc_refusal(std::string_view name);
/// Is it one of bpf_iter_num_*()? Loops over numbers are allowed while a program holds a lock.
bool is_number_iterator(helper_fn call) noexcept;

} // namespace sockops::vm
