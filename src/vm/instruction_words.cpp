// SPDX-License-Identifier: MIT
#include "instruction_words.hpp"

#include "load_check.hpp"

namespace sockops::vm {

namespace {

struct condition {
	u8 op;
	const char *holds, *does_not;
	bool is_signed = false;
};
constexpr condition conditions[] = {
	{jmp_op::jeq, "==", "!="},       {jmp_op::jne, "!=", "=="},       {jmp_op::jgt, ">", "<="},
	{jmp_op::jge, ">=", "<"},        {jmp_op::jlt, "<", ">="},        {jmp_op::jle, "<=", ">"},
	{jmp_op::jsgt, ">", "<=", true}, {jmp_op::jsge, ">=", "<", true}, {jmp_op::jslt, "<", ">=", true},
	{jmp_op::jsle, "<=", ">", true},
};

std::string operand_in_words(bpf_insn insn) {
	return insn.code & insn_source::x ? register_in_words(insn.src_reg) : std::to_string(insn.imm);
}

} // namespace

std::string register_in_words(u32 reg) { return std::string("R").append(std::to_string(reg)); }

std::string condition_in_words(bpf_insn insn, bool taken) {
	const std::string left = register_in_words(insn.dst_reg), right = operand_in_words(insn);
	const std::string half = class_of(insn) == insn_class::jmp32 ? ", by their lower 32 bits" : "";
	for (const condition& each : conditions)
		if (each.op == (insn.code & jmp_op::mask))
			return std::string(left)
				.append(" ")
				.append(taken ? each.holds : each.does_not)
				.append(" ")
				.append(right)
				.append(each.is_signed ? ", signed" : "")
				.append(half);
	return std::string(left).append(" & ").append(right).append(taken ? " is not 0" : " is 0").append(half);
}

} // namespace sockops::vm
