// SPDX-License-Identifier: MIT
#include "random_program.hpp"

#include <cstring>
#include <iterator>
#include <random>

namespace isa {

namespace {

using namespace sockops;

constexpr u8 computed[random_program::registers] = {0, 1, 2, 3, 4, 5, 7, 8, 9};
constexpr u8 operations[] = {alu_op::add,  alu_op::sub, alu_op::mul,  alu_op::div, alu_op::or_,
							 alu_op::and_, alu_op::lsh, alu_op::rsh,  alu_op::neg, alu_op::mod,
							 alu_op::xor_, alu_op::mov, alu_op::arsh, alu_op::end};
constexpr u8 conditions[] = {jmp_op::jeq,  jmp_op::jgt, jmp_op::jge, jmp_op::jset, jmp_op::jne, jmp_op::jsgt,
							 jmp_op::jsge, jmp_op::jlt, jmp_op::jle, jmp_op::jslt, jmp_op::jsle};
constexpr unsigned length = 60, most_jumps = 6; // the kernel's verifier follows both ways of each

class writer {
  public:
	explicit writer(unsigned number) : random_(number) {}

	random_program write() {
		emit(insn_class::alu64 | alu_op::mov | insn_source::x, 6, 1, 0, 0);
		for (std::size_t i = 0; i != std::size(computed); ++i)
			emit(insn_class::ldx | insn_mode::mem | insn_size::dw, computed[i], 6, static_cast<s16>(8 * i),
				 0);
		for (unsigned i = 0, jumps = 0; i != length; ++i) {
			if (i + 1 != length && jumps != most_jumps && below(8) == 0 && ++jumps)
				jump();
			else
				arithmetic();
		}
		for (std::size_t i = 0; i != std::size(computed); ++i)
			emit(insn_class::stx | insn_mode::mem | insn_size::dw, 6, computed[i], static_cast<s16>(8 * i),
				 0);
		emit(insn_class::alu64 | alu_op::mov, 0, 0, 0, 0);
		emit(insn_class::jmp | jmp_op::exit, 0, 0, 0, 0);
		for (int i = 0; i != 8; ++i)
			made_.runs.push_back(memory());
		return std::move(made_);
	}

  private:
	u64 below(u64 bound) { return random_() % bound; }
	u8 any_register() { return computed[below(std::size(computed))]; }
	/// Of any length in bits, positive or negative.
	u64 any_number() {
		const u64 shift = below(64), number = random_() >> shift;
		return below(2) ? number : ~number;
	}
	s32 any_immediate() { return static_cast<s32>(any_number()); }

	void emit(unsigned code, u8 dst, u8 src, s16 off, s32 imm) {
		made_.insns.push_back({static_cast<u8>(code), dst, src, off, imm});
	}

	void arithmetic() {
		const u8 cls = below(2) ? insn_class::alu : insn_class::alu64,
				 op = operations[below(std::size(operations))];
		const u8 dst = any_register(), src = any_register();
		if (op == alu_op::neg)
			return emit(cls | op, dst, 0, 0, 0);
		if (op == alu_op::end) {
			const unsigned order = cls == insn_class::alu ? below(2) * insn_source::x : 0;
			return emit(cls | op | order, dst, 0, 0, 16 << below(3));
		}
		const bool divides = op == alu_op::div || op == alu_op::mod;
		const auto off = static_cast<s16>(divides ? below(2) : 0);
		if (below(2))
			return emit(cls | op | insn_source::x, dst, src, op == alu_op::mov ? extension(cls) : off, 0);
		s32 imm = any_immediate();
		if (op == alu_op::lsh || op == alu_op::rsh || op == alu_op::arsh)
			imm &= cls == insn_class::alu ? 31 : 63;
		emit(cls | op, dst, 0, off, divides && imm == 0 ? 1 : imm);
	}

	/// Of a move: none, or the bits whose sign is extended.
	s16 extension(u8 cls) {
		const auto step = below(cls == insn_class::alu ? 3 : 4);
		return static_cast<s16>(step ? 4 << step : 0);
	}

	/// Over the next instruction, or not.
	void jump() {
		// One draw a statement: compilers evaluate arguments in different orders.
		const u8 cls = below(2) ? insn_class::jmp : insn_class::jmp32;
		const unsigned code = cls | conditions[below(std::size(conditions))];
		const u8 dst = any_register();
		if (below(2)) {
			const u8 src = any_register();
			emit(code | insn_source::x, dst, src, 1, 0);
		} else {
			emit(code, dst, 0, 1, any_immediate());
		}
	}

	std::vector<std::byte> memory() {
		u64 values[random_program::registers];
		for (u64& value : values)
			value = any_number();
		std::vector<std::byte> bytes(sizeof values);
		std::memcpy(bytes.data(), values, sizeof values);
		return bytes;
	}

	std::mt19937_64 random_;
	random_program made_;
};

} // namespace

random_program make_random_program(unsigned number) { return writer(number).write(); }

} // namespace isa
