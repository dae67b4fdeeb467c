// SPDX-License-Identifier: MIT
// What the assembler reads, and the parts of opcodes that it stands for.
#pragma once

#include <array>
#include <string_view>

#include <sockops/vm/insn.hpp>

namespace isa::mnemonics {

using namespace sockops;

struct named_code {
	std::string_view text;
	u8 code;
	s16 off = 0;
};

// Longer ones before those that they begin with.
inline constexpr std::array arithmetic = {
	named_code{"s/=", alu_op::div, 1}, named_code{"s%=", alu_op::mod, 1}, named_code{"s>>=", alu_op::arsh},
	named_code{"<<=", alu_op::lsh},    named_code{">>=", alu_op::rsh},    named_code{"+=", alu_op::add},
	named_code{"-=", alu_op::sub},     named_code{"*=", alu_op::mul},     named_code{"/=", alu_op::div},
	named_code{"%=", alu_op::mod},     named_code{"|=", alu_op::or_},     named_code{"&=", alu_op::and_},
	named_code{"^=", alu_op::xor_},
};
inline constexpr std::array comparisons = {
	named_code{"s>=", jmp_op::jsge}, named_code{"s<=", jmp_op::jsle}, named_code{"s>", jmp_op::jsgt},
	named_code{"s<", jmp_op::jslt},  named_code{"==", jmp_op::jeq},   named_code{"!=", jmp_op::jne},
	named_code{">=", jmp_op::jge},   named_code{"<=", jmp_op::jle},   named_code{">", jmp_op::jgt},
	named_code{"<", jmp_op::jlt},    named_code{"&", jmp_op::jset},
};
inline constexpr std::array types = {
	named_code{"u8", insn_size::b | insn_mode::mem},    named_code{"u16", insn_size::h | insn_mode::mem},
	named_code{"u32", insn_size::w | insn_mode::mem},   named_code{"u64", insn_size::dw | insn_mode::mem},
	named_code{"s8", insn_size::b | insn_mode::memsx},  named_code{"s16", insn_size::h | insn_mode::memsx},
	named_code{"s32", insn_size::w | insn_mode::memsx},
};
inline constexpr std::array fetching = {
	named_code{"atomic_fetch_add", alu_op::add},
	named_code{"atomic_fetch_or", alu_op::or_},
	named_code{"atomic_fetch_and", alu_op::and_},
	named_code{"atomic_fetch_xor", alu_op::xor_},
};
inline constexpr std::array byte_orders = {
	named_code{"le", insn_class::alu | insn_source::k},
	named_code{"be", insn_class::alu | insn_source::x},
	named_code{"bswap", insn_class::alu64},
};

} // namespace isa::mnemonics
