// SPDX-License-Identifier: MIT
// The names of instructions, and what each stands for.
#pragma once

#include <iterator>
#include <string>

#include <sockops/vm/insn.hpp>

namespace verdicts {

/// What follows the name: D a register, S a register or a number, P a place, N a number, T where to.
enum class shape {
	two,        ///< D, S
	one,        ///< D
	load,       ///< D, P
	store,      ///< P, S
	atomic,     ///< P, register
	branch,     ///< D, S, T
	jump,       ///< T, in off
	long_jump,  ///< T, in imm
	helper,     ///< its name, or #N
	kfunc,      ///< its name
	call,       ///< T, in imm
	nothing,    ///<
	number64,   ///< D, N
	map,        ///< D, its name
	map_value,  ///< D, its name+N
	function,   ///< D, T
	five_fields ///< N N N N N
};
/// How many operands each has, in that order.
inline constexpr sockops::u8 operands_of_shape[] = {2, 1, 2, 2, 2, 3, 1, 1, 1, 1, 1, 0, 2, 2, 2, 2, 5};
static_assert(std::size(operands_of_shape) == static_cast<std::size_t>(shape::five_fields) + 1);

struct form {
	shape is;
	sockops::u8 code = 0; ///< with a register for S: | insn_source::x, of a store insn_class::stx
	sockops::s16 off = 0;
	sockops::s32 imm = 0;
};

/// nullptr: there is none of that name.
const form* find_form(const std::string& name);

} // namespace verdicts
