// SPDX-License-Identifier: MIT
#include "assembler.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>

#include "cursor.hpp"
#include "mnemonics.hpp"

namespace isa {

namespace {

using namespace sockops;
using namespace mnemonics;

template <std::size_t Count>
const named_code* one_of(cursor& in, const std::array<named_code, Count>& known) {
	for (const named_code& each : known)
		if (in.accept(each.text))
			return &each;
	return nullptr;
}

struct place {
	u8 base;
	s16 off;
};

class assembler {
  public:
	void statement(std::string_view text);
	std::vector<bpf_insn> finish();

  private:
	enum class field { off, imm };
	struct jump {
		std::size_t insn;
		field where;
		std::string label;
	};

	void emit(unsigned code, unsigned dst, unsigned src, s16 off, u64 imm) {
		insns_.push_back({static_cast<u8>(code), static_cast<u8>(dst & 15), static_cast<u8>(src & 15), off,
						  static_cast<s32>(imm)});
	}
	void target(cursor& in, field where);
	void raw(cursor& in);
	void conditional(cursor& in);
	void call(cursor& in);
	void locked(cursor& in);
	void release(cursor& in);
	void store(cursor& in);
	void assignment(cursor& in);
	bool load(cursor& in, reg to);
	bool atomic(cursor& in, reg to);
	bool exchange(cursor& in, reg to);
	bool swap_bytes(cursor& in, reg to);
	void move(cursor& in, reg to);
	void compute(cursor& in, reg to);

	std::vector<bpf_insn> insns_;
	std::map<std::string, std::size_t, std::less<>> labels_;
	std::vector<jump> jumps_;
};

/// A 32-bit immediate, given as signed or unsigned.
u64 immediate(cursor& in) {
	const u64 value = in.expect_number();
	if (value > 0xffffffff && value < ~u64{0x7fffffff})
		in.fail("the immediate has more than 32 bits; write 'll' after it where it is moved to a register");
	return value;
}

place address(cursor& in) {
	const reg base = in.expect_reg();
	const u64 off = in.accept_number().value_or(0);
	if (off != static_cast<u64>(s64{static_cast<s16>(off)}))
		in.fail("the offset has more than 16 bits");
	return {base.number, static_cast<s16>(off)};
}

u8 type(cursor& in) {
	const named_code* const found = one_of(in, types);
	if (!found)
		in.fail("expected u8, u16, u32, u64, s8, s16 or s32");
	return found->code;
}

/// "(u32 *)(r1 + 4)"; the size and mode.
u8 typed_address(cursor& in, place& at) {
	in.expect("(");
	const u8 code = type(in);
	in.expect("*");
	in.expect(")");
	in.expect("(");
	at = address(in);
	in.expect(")");
	return code;
}

u8 atomic_code(u8 typed) { return insn_class::stx | insn_mode::atomic | (typed & insn_size::mask); }
u8 arithmetic_class(reg of) { return of.low_half ? insn_class::alu : insn_class::alu64; }

void assembler::target(cursor& in, field where) {
	if (const auto number = in.accept_number()) {
		(where == field::off ? insns_.back().off = static_cast<s16>(*number)
							 : insns_.back().imm = static_cast<s32>(*number));
		return;
	}
	const auto label = in.accept_name();
	if (!label)
		in.fail("expected a label or a distance in instructions");
	jumps_.push_back({insns_.size() - 1, where, *label});
}

void assembler::raw(cursor& in) {
	const std::vector<std::byte> bytes = bytes_of_hex(in.rest());
	if (bytes.empty() || bytes.size() % sizeof(bpf_insn) != 0)
		in.fail("an instruction is 8 bytes");
	const std::size_t before = insns_.size();
	insns_.resize(before + bytes.size() / sizeof(bpf_insn));
	std::memcpy(&insns_[before], bytes.data(), bytes.size());
}

void assembler::conditional(cursor& in) {
	const reg left = in.expect_reg();
	const named_code* const op = one_of(in, comparisons);
	if (!op)
		in.fail("expected a comparison");
	const u8 code = (left.low_half ? insn_class::jmp32 : insn_class::jmp) | op->code;
	if (const auto right = in.accept_reg())
		emit(code | insn_source::x, left.number, right->number, 0, 0);
	else
		emit(code | insn_source::k, left.number, 0, 0, immediate(in));
	in.expect("goto");
	target(in, field::off);
}

void assembler::call(cursor& in) {
	if (const auto helper = in.accept_number()) {
		emit(insn_class::jmp | jmp_op::call, 0, call_kind::helper, 0, *helper);
		return;
	}
	emit(insn_class::jmp | jmp_op::call, 0, call_kind::subprogram, 0, 0);
	target(in, field::imm);
}

void assembler::locked(cursor& in) {
	place at;
	in.expect("*");
	const u8 code = atomic_code(typed_address(in, at));
	const named_code* const op = one_of(in, arithmetic);
	if (!op)
		in.fail("expected +=, |=, &= or ^=");
	emit(code, at.base, in.expect_reg().number, at.off, op->code);
}

void assembler::release(cursor& in) {
	place at;
	in.expect("(");
	const u8 code = atomic_code(typed_address(in, at));
	in.expect(",");
	emit(code, at.base, in.expect_reg().number, at.off, atomic_op::store_rel);
	in.expect(")");
}

void assembler::store(cursor& in) {
	place at;
	const u8 code = typed_address(in, at);
	in.expect("=");
	if (const auto from = in.accept_reg())
		emit(insn_class::stx | code, at.base, from->number, at.off, 0);
	else
		emit(insn_class::st | code, at.base, 0, at.off, immediate(in));
}

bool assembler::load(cursor& in, reg to) {
	const bool acquire = in.accept_word("load_acquire");
	if (!acquire && !in.accept("*"))
		return false;
	place at;
	if (acquire)
		in.expect("(");
	const u8 code = typed_address(in, at);
	if (acquire)
		in.expect(")");
	if (acquire)
		emit(atomic_code(code), to.number, at.base, at.off, atomic_op::load_acq);
	else
		emit(insn_class::ldx | code, to.number, at.base, at.off, 0);
	return true;
}

bool assembler::atomic(cursor& in, reg to) {
	const named_code* const op = one_of(in, fetching);
	if (!op)
		return false;
	place at;
	in.expect("(");
	const u8 code = atomic_code(typed_address(in, at));
	in.expect(",");
	if (in.expect_reg().number != to.number)
		in.fail("the value is fetched into the register that was added; it must be the same");
	emit(code, at.base, to.number, at.off, op->code | atomic_op::fetch);
	in.expect(")");
	return true;
}

bool assembler::exchange(cursor& in, reg to) {
	const bool compare = in.accept("cmp");
	if (!in.accept("xchg"))
		return compare ? (in.fail("expected xchg"), false) : false;
	const u8 size = in.accept("32_32(") ? insn_size::w : (in.expect("_64("), insn_size::dw);
	const place at = address(in);
	in.expect(",");
	if (in.expect_reg().number != (compare ? 0 : to.number))
		in.fail("the old value goes to r0 of cmpxchg, and to the exchanged register of xchg");
	if (compare)
		in.expect(",");
	emit(atomic_code(size), at.base, compare ? in.expect_reg().number : to.number, at.off,
		 compare ? atomic_op::cmpxchg : atomic_op::xchg);
	in.expect(")");
	return true;
}

bool assembler::swap_bytes(cursor& in, reg to) {
	const named_code* const order = one_of(in, byte_orders);
	if (!order)
		return false;
	const u64 bits = in.expect_number();
	if (in.expect_reg().number != to.number)
		in.fail("a register's bytes are swapped in place; it must be the same");
	emit(order->code | alu_op::end, to.number, 0, 0, bits);
	return true;
}

void assembler::move(cursor& in, reg to) {
	const u8 code = arithmetic_class(to) | alu_op::mov;
	if (in.accept("(s")) {
		const u64 bits = in.expect_number();
		in.expect(")");
		emit(code | insn_source::x, to.number, in.expect_reg().number, static_cast<s16>(bits), 0);
	} else if (const auto from = in.accept_reg()) {
		emit(code | insn_source::x, to.number, from->number, 0, 0);
	} else {
		cursor wide = in;
		const u64 value = wide.expect_number();
		if (!wide.accept_word("ll"))
			return emit(code | insn_source::k, to.number, 0, 0, immediate(in));
		in = wide;
		emit(ld_imm64::code, to.number, ld_imm64::number, 0, value);
		emit(0, 0, 0, 0, value >> 32);
	}
}

void assembler::compute(cursor& in, reg to) {
	const named_code* const op = one_of(in, arithmetic);
	if (!op)
		in.fail("expected an assignment");
	const u8 code = arithmetic_class(to) | op->code;
	if (const auto from = in.accept_reg())
		emit(code | insn_source::x, to.number, from->number, op->off, 0);
	else
		emit(code | insn_source::k, to.number, 0, op->off, immediate(in));
}

void assembler::assignment(cursor& in) {
	const reg to = in.expect_reg();
	if (!in.accept("="))
		return compute(in, to);
	if (cursor negated = in; negated.accept("-") && negated.accept_reg()) {
		in = negated;
		return emit(arithmetic_class(to) | alu_op::neg, to.number, 0, 0, 0);
	}
	if (!load(in, to) && !atomic(in, to) && !exchange(in, to) && !swap_bytes(in, to))
		move(in, to);
}

void assembler::statement(std::string_view text) {
	cursor in(text);
	if (cursor label = in; const auto name = label.accept_name()) {
		if (label.accept(":")) {
			labels_[*name] = insns_.size();
			in = label;
		}
	}
	if (in.at_end())
		return;
	if (in.accept_word("raw"))
		return raw(in);
	if (in.accept_word("exit"))
		emit(insn_class::jmp | jmp_op::exit, 0, 0, 0, 0);
	else if (in.accept_word("goto"))
		emit(insn_class::jmp | jmp_op::ja, 0, 0, 0, 0), target(in, field::off);
	else if (in.accept_word("gotol"))
		emit(insn_class::jmp32 | jmp_op::ja, 0, 0, 0, 0), target(in, field::imm);
	else if (in.accept_word("if"))
		conditional(in);
	else if (in.accept_word("callx"))
		emit(insn_class::jmp | jmp_op::call | insn_source::x, in.expect_reg().number, 0, 0, 0);
	else if (in.accept_word("call"))
		call(in);
	else if (in.accept_word("lock"))
		locked(in);
	else if (in.accept_word("store_release"))
		release(in);
	else if (in.accept("*"))
		store(in);
	else
		assignment(in);
	if (!in.at_end())
		in.fail("the statement is complete");
}

std::vector<bpf_insn> assembler::finish() {
	for (const jump& each : jumps_) {
		const auto found = labels_.find(each.label);
		if (found == labels_.end())
			throw std::runtime_error("no label '" + each.label + "'");
		const auto distance = static_cast<s64>(found->second) - static_cast<s64>(each.insn) -
							  1; // from the instruction after it
		(each.where == field::off ? insns_[each.insn].off = static_cast<s16>(distance)
								  : insns_[each.insn].imm = static_cast<s32>(distance));
	}
	return std::move(insns_);
}

} // namespace

std::vector<bpf_insn> assemble(std::string_view text) {
	assembler into;
	while (!text.empty()) {
		const std::size_t line_end = std::min(text.find('\n'), text.size());
		std::string_view line = text.substr(0, line_end);
		text.remove_prefix(std::min(line_end + 1, text.size()));
		line = line.substr(0, line.find('#'));
		while (!line.empty()) {
			const std::size_t end = std::min(line.find(';'), line.size());
			into.statement(line.substr(0, end));
			line.remove_prefix(std::min(end + 1, line.size()));
		}
	}
	return into.finish();
}

} // namespace isa
