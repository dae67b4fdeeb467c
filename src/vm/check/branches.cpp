// SPDX-License-Identifier: MIT
// Conditional jumps: which ways are open, and what each teaches.
#include "arithmetic.hpp"

namespace sockops::vm::check {

namespace {

/// What is known of a number now, of it and of all its copies.
void learn(path& on, u32 reg, const some_values& values) {
	const known before = on.regs[reg];
	on.regs[reg].values = values;
	if (before.id == 0)
		return;
	// What they are copies of, `fixed` before; by halves it is a number of 32 bits.
	const some_values origin = further_on(values, u64{0} - static_cast<u64>(before.fixed), before.by_half);
	on.for_values([&](known& copy) {
		if (copy.is == holds::number && copy.id == before.id && &copy != &on.regs[reg])
			copy.values = further_on(origin, static_cast<u64>(copy.fixed), copy.by_half);
	});
}

/// A kernel knows that these are not NULL once they have been tested, or never can be.
bool is_certainly_somewhere(const known& value) noexcept {
	if (value.may_be_null)
		return false;
	switch (value.is) {
	case holds::map_value:
	case holds::map:
	case holds::record:
	case holds::memory:
	case holds::key:
	case holds::sock:
	case holds::tcp_sock:
		return true;
	case holds::kernel_object:
		return value.which == kernel_context;
	default:
		return false;
	}
}

struct comparison {
	u32 left, right; ///< registers
	bool by_register, is_wide;
	u8 op;
};

bool tests_for_equality(const comparison& of) noexcept {
	return of.op == jmp_op::jeq || of.op == jmp_op::jne;
}

/// What a comparison of a pointer into the packet with the packet's end tells, where it is taken or not.
struct end_test {
	u8 op;
	bool taken;
	bool is_there; ///< the packet reaches to where the pointer leads, and `more` bytes further
	u32 more;
	past_end past; ///< else
};
constexpr end_test end_tests[] = {
	{jmp_op::jgt, false, true, 0, {}}, {jmp_op::jgt, true, false, 0, past_end::beyond},
	{jmp_op::jge, false, true, 1, {}}, {jmp_op::jge, true, false, 0, past_end::there_or_beyond},
	{jmp_op::jlt, true, true, 1, {}},  {jmp_op::jlt, false, false, 0, past_end::there_or_beyond},
	{jmp_op::jle, true, true, 0, {}},  {jmp_op::jle, false, false, 0, past_end::beyond},
};

/// False: a kernel knows from an earlier comparison that this way is not open.
bool learn_packet(path& on, const known data, u8 op, bool taken) {
	for (const end_test& each : end_tests) {
		if (each.op != op || each.taken != taken)
			continue;
		if (each.is_there &&
			(data.past == past_end::beyond || (data.past == past_end::there_or_beyond && each.more != 0)))
			return false;
		on.for_values([&](known& value) {
			if (value.is != holds::packet || value.id != data.id)
				return;
			if (!each.is_there && value.fixed == data.fixed)
				value.past = std::max(value.past, each.past);
			else if (each.is_there && data.fixed >= 0)
				value.which = std::max(value.which, static_cast<u32>(data.fixed) + each.more);
		});
	}
	return true;
}

u8 swapped(u8 op) noexcept {
	switch (op) {
	case jmp_op::jgt:
		return jmp_op::jlt;
	case jmp_op::jlt:
		return jmp_op::jgt;
	case jmp_op::jge:
		return jmp_op::jle;
	default:
		return op == jmp_op::jle ? jmp_op::jge : op;
	}
}

/// Of two pointers; false: this way is not open.
bool learn_from_two(path& on, const comparison& of, bool taken) {
	const known left = on.regs[of.left], right = on.regs[of.right];
	if (left.is == holds::packet && right.is == holds::packet_end && of.is_wide)
		return learn_packet(on, left, of.op, taken);
	if (left.is == holds::packet_end && right.is == holds::packet && of.is_wide)
		return learn_packet(on, right, swapped(of.op), taken);
	const bool are_equal = tests_for_equality(of) && of.is_wide && taken == (of.op == jmp_op::jeq);
	if (are_equal && left.may_be_null != right.may_be_null)
		on.settle_null(left.may_be_null ? left.id : right.id, false);
	return true;
}

/// Of a pointer and 0, or something else that is no pointer; false: this way is not open.
bool learn_from_one(path& on, const comparison& of, const known& other, bool taken) {
	const u32 reg = on.regs[of.left].is_pointer() ? of.left : of.right;
	const known tested = on.regs[reg];
	if (!other.is_number(0) || !tests_for_equality(of))
		return true;
	const bool is_null = taken == (of.op == jmp_op::jeq);
	if (is_certainly_somewhere(tested))
		return !is_null;
	if (tested.may_be_null && of.is_wide && !of.by_register && reg == of.left)
		on.settle_null(tested.id, is_null);
	return true;
}

/// Of two copies one tells what the other is.
bool go_on_by_copies(subject& of, path& on, const comparison& compared, bpf_insn insn, bool taken) {
	const known left = on.regs[compared.left], right = on.regs[compared.right];
	for (const u64 value : {left.values.first, left.values.last()}) {
		const some_values origin =
			further_on(one(value), u64{0} - static_cast<u64>(left.fixed), left.by_half);
		const u64 other = compared.left == compared.right
							  ? value
							  : further_on(origin, static_cast<u64>(right.fixed), right.by_half).first;
		if (of.calculate.jumps(insn, value, other) != taken)
			continue;
		learn(on, compared.left, one(value));
		return true;
	}
	return false;
}

bool go_on_by_numbers(subject& of, path& on, const comparison& compared, bpf_insn insn, bool taken,
					  unsigned part) {
	const known left = on.regs[compared.left];
	const known right =
		compared.by_register ? on.regs[compared.right] : number(static_cast<u64>(s64{insn.imm}));
	if (left.values.is_one() && right.values.is_one())
		return part == 0 && of.calculate.jumps(insn, left.values.first, right.values.first) == taken;
	if (compared.by_register && (compared.left == compared.right || (left.id != 0 && left.id == right.id)))
		return part == 0 && go_on_by_copies(of, on, compared, insn, taken);
	const auto sides = where(insn, left.values, right.values, taken, part);
	if (!sides)
		return false;
	const bool are_equal =
		tests_for_equality(compared) && compared.is_wide && taken == (compared.op == jmp_op::jeq);
	learn(on, compared.left, sides->first);
	if (compared.by_register)
		learn(on, compared.right, sides->second);
	if (are_equal && right.is_constant())
		on.regs[compared.left].varies = false;
	if (are_equal && left.is_constant() && compared.by_register)
		on.regs[compared.right].varies = false;
	return true;
}

} // namespace

bool go_on(subject& of, path& on, bpf_insn insn, bool taken, unsigned part) {
	const comparison compared{insn.dst_reg, insn.src_reg, (insn.code & insn_source::x) != 0,
							  class_of(insn) == insn_class::jmp, static_cast<u8>(insn.code & jmp_op::mask)};
	const known left = on.regs[compared.left];
	const known right =
		compared.by_register ? on.regs[compared.right] : number(static_cast<u64>(s64{insn.imm}));
	if (left.is == holds::number && right.is == holds::number)
		return go_on_by_numbers(of, on, compared, insn, taken, part);
	if (part != 0)
		return false;
	return left.is_pointer() && right.is_pointer()
			   ? learn_from_two(on, compared, taken)
			   : learn_from_one(on, compared, left.is_pointer() ? right : left, taken);
}

} // namespace sockops::vm::check
