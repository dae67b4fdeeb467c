// SPDX-License-Identifier: MIT
// The structure of a program: what each instruction is by itself, where subprograms begin, where jumps lead,
// and that everything is reached from somewhere. Answers as a kernel's: EINVAL, in the kernel's words where
// it has some.

#include <algorithm>
#include <set>

#include "load_check.hpp"
#include "step.hpp"

namespace sockops::vm {

namespace {

/// nullptr: the instruction is sound.
using verdict = const char*;

verdict check_arithmetic(bpf_insn insn) {
	const bool wide = class_of(insn) == insn_class::alu64;
	const bool by_register = insn.code & insn_source::x;
	const u8 op = insn.code & alu_op::mask;
	if (op == alu_op::end)
		return insn.src_reg != 0 || insn.off != 0 || (wide && by_register) ||
					   (insn.imm != 16 && insn.imm != 32 && insn.imm != 64)
				   ? "BPF_END uses reserved fields"
				   : nullptr;
	if (op == alu_op::neg)
		return by_register || insn.src_reg != 0 || insn.off != 0 || insn.imm != 0
				   ? "BPF_NEG uses reserved fields"
				   : nullptr;
	if (op > alu_op::end)
		return "unknown opcode";
	if (op == alu_op::mov && by_register) {
		const bool extends = insn.off == 8 || insn.off == 16 || (wide && insn.off == 32);
		return insn.imm != 0 || (insn.off != 0 && !extends) ? "BPF_MOV uses reserved fields" : nullptr;
	}
	const bool divides = op == alu_op::div || op == alu_op::mod;
	if ((by_register ? insn.imm != 0 : insn.src_reg != 0) || (insn.off != 0 && !(divides && insn.off == 1)))
		return op == alu_op::mov ? "BPF_MOV uses reserved fields" : "BPF_ALU uses reserved fields";
	if (divides && !by_register && insn.imm == 0)
		return "div by zero";
	const bool shifts = op == alu_op::lsh || op == alu_op::rsh || op == alu_op::arsh;
	if (shifts && !by_register && (insn.imm < 0 || insn.imm >= (wide ? 64 : 32)))
		return "invalid shift";
	return nullptr;
}

verdict check_jump(bpf_insn insn) {
	const bool wide = class_of(insn) == insn_class::jmp;
	const bool by_register = insn.code & insn_source::x;
	switch (insn.code & jmp_op::mask) {
	case jmp_op::call:
		if (!wide || by_register || insn.dst_reg != 0 || insn.src_reg > call_kind::kfunc ||
			(insn.src_reg != call_kind::kfunc && insn.off != 0))
			return by_register
					   ? "BPF_CALL uses reserved fields (callx, a call by register, is not for programs)"
					   : "BPF_CALL uses reserved fields";
		return nullptr;
	case jmp_op::exit:
		return !wide || by_register || insn.imm != 0 || insn.src_reg != 0 || insn.dst_reg != 0
				   ? "BPF_EXIT uses reserved fields"
				   : nullptr;
	case jmp_op::ja:
		return by_register || insn.src_reg != 0 || insn.dst_reg != 0 || (wide ? insn.imm != 0 : insn.off != 0)
				   ? "BPF_JA uses reserved fields"
				   : nullptr;
	default:
		if (!jump_step(insn))
			return "unknown opcode";
		return (by_register ? insn.imm != 0 : insn.src_reg != 0) ? "BPF_JMP uses reserved fields" : nullptr;
	}
}

verdict check_memory(bpf_insn insn) {
	const u8 mode = insn.code & insn_mode::mask;
	switch (class_of(insn)) {
	case insn_class::ldx:
		if ((mode != insn_mode::mem && mode != insn_mode::memsx) || !memory_step(insn))
			return "unknown opcode";
		return insn.imm != 0 ? "BPF_LDX uses reserved fields" : nullptr;
	case insn_class::st:
		if (mode != insn_mode::mem)
			return "unknown opcode";
		return insn.src_reg != 0 ? "BPF_ST uses reserved fields" : nullptr;
	default:
		if (mode == insn_mode::atomic)
			return atomic_step(insn) ? nullptr : "BPF_ATOMIC uses invalid atomic opcode";
		if (mode != insn_mode::mem)
			return "unknown opcode";
		return insn.imm != 0 ? "BPF_STX uses reserved fields" : nullptr;
	}
}

verdict check_ld(std::span<const bpf_insn> insns, u32 at) {
	const bpf_insn insn = insns[at];
	const u8 mode = insn.code & insn_mode::mask;
	if (mode == insn_mode::abs || mode == insn_mode::ind)
		return "BPF_LD_[ABS|IND] instructions not allowed for this program type";
	if (!is_ld_imm64(insn))
		return "unknown opcode";
	if (at + 1 == insns.size())
		return "invalid bpf_ld_imm64 insn";
	const bpf_insn second = insns[at + 1];
	if (second.code != 0 || second.dst_reg != 0 || second.src_reg != 0 || second.off != 0 || insn.off != 0)
		return "invalid bpf_ld_imm64 insn";
	if (insn.src_reg == ld_imm64::btf_id)
		return "an extern variable of the kernel, which there is none of here";
	if (insn.src_reg == ld_imm64::map_fd || insn.src_reg == ld_imm64::map_value)
		return "a map named by a file descriptor; bpf_prog_load() takes maps by index";
	return insn.src_reg > ld_imm64::map_idx_value ? "unrecognized bpf_ld_imm64 insn" : nullptr;
}

/// Does the instruction write r10?
bool writes_frame_pointer(bpf_insn insn) {
	const u8 cls = class_of(insn);
	if (cls == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic) {
		if (insn.imm == atomic_op::load_acq)
			return insn.dst_reg == 10;
		return (insn.imm & atomic_op::fetch) && insn.imm != atomic_op::cmpxchg && insn.src_reg == 10;
	}
	return insn.dst_reg == 10 && (cls == insn_class::ld || cls == insn_class::ldx || cls == insn_class::alu ||
								  cls == insn_class::alu64);
}

std::string code_in_words(bpf_insn insn) {
	static constexpr char digits[] = "0123456789abcdef";
	return {digits[insn.code >> 4], digits[insn.code & 15]};
}

struct found_wrong {
	std::string what;       ///< "": nothing
	bool everywhere = true; ///< also where no way leads: a kernel looks at it before it follows any
};

found_wrong check_instruction(std::span<const bpf_insn> insns, u32 at) {
	const bpf_insn insn = insns[at];
	verdict wrong = nullptr;
	const u8 cls = class_of(insn);
	switch (cls) {
	case insn_class::ld:
		wrong = check_ld(insns, at);
		break;
	case insn_class::alu:
	case insn_class::alu64:
		wrong = check_arithmetic(insn);
		break;
	case insn_class::jmp:
	case insn_class::jmp32:
		wrong = check_jump(insn);
		break;
	default:
		wrong = check_memory(insn);
	}
	if (wrong && wrong == std::string_view("unknown opcode"))
		return {"unknown opcode " + code_in_words(insn)};
	if (wrong)
		return {wrong, is_ld_imm64(insn) || cls == insn_class::ldx};
	if (insn.dst_reg > 10 || insn.src_reg > 10)
		return {std::string("R").append(std::to_string(insn.dst_reg > 10 ? insn.dst_reg : insn.src_reg)) +
					" is invalid",
				false};
	if (writes_frame_pointer(insn))
		return {"frame pointer is read only", false};
	return {};
}

/// By instruction: is it the second half of a 64-bit load?
std::vector<bool> second_halves(std::span<const bpf_insn> insns) {
	std::vector<bool> is_half(insns.size());
	for (u32 at = 0; at < insns.size(); ++at)
		if (is_ld_imm64(insns[at]) && at + 1 < insns.size())
			is_half[++at] = true;
	return is_half;
}

/// A jump that a kernel takes when it thinks that the program has run for long enough.
bool is_may_goto(bpf_insn insn) {
	constexpr u8 jcond = 0xe0;
	return insn.code == (insn_class::jmp | jcond) && insn.src_reg == 0 && insn.dst_reg == 0 && insn.imm == 0;
}
refusal not_here(u32 insn) {
	refusal wrong{EINVAL, insn, "may_goto is not here: count the rounds, or use bpf_for()"};
	wrong.refused_by = bpf_load_error::by::not_here;
	return wrong;
}

refusal einval(u32 insn, std::string reason) { return {EINVAL, insn, std::move(reason)}; }

/// Where a call of a subprogram, or a callback, begins; nullopt if the instruction is neither.
std::optional<s64> function_target(bpf_insn insn, u32 at) {
	const bool calls = is_call(insn) && insn.src_reg == call_kind::subprogram;
	const bool refers = is_ld_imm64(insn) && insn.src_reg == ld_imm64::func;
	return calls || refers ? std::optional(s64{at} + 1 + insn.imm) : std::nullopt;
}

class structure_check {
  public:
	structure_check(std::span<const bpf_insn> insns, program_structure& found)
		: insns_(insns), found_(found), is_half_(second_halves(insns)) {}

	refusal run() {
		for (auto part : {&structure_check::instructions, &structure_check::functions,
						  &structure_check::jumps, &structure_check::ends, &structure_check::reachability})
			if (refusal wrong = (this->*part)())
				return wrong;
		return {};
	}

  private:
	refusal instructions() {
		for (u32 at = 0; at != insns_.size(); ++at) {
			if (is_half_[at])
				continue;
			if (is_may_goto(insns_[at]))
				return not_here(at);
			found_wrong wrong = check_instruction(insns_, at);
			if (!wrong.what.empty() && wrong.everywhere)
				return einval(at, std::move(wrong.what));
			if (!wrong.what.empty())
				found_.wrong.push_back(einval(at, std::move(wrong.what)));
		}
		return {};
	}

	refusal functions() {
		std::set<u32> starts{0};
		for (u32 at = 0; at != insns_.size(); ++at) {
			const std::optional<s64> target = is_half_[at] ? std::nullopt : function_target(insns_[at], at);
			if (!target)
				continue;
			if (*target < 0 || *target >= static_cast<s64>(insns_.size()) ||
				is_half_[static_cast<u32>(*target)])
				return einval(at, "call to invalid destination");
			starts.insert(static_cast<u32>(*target));
			found_.calls.push_back({at, static_cast<u32>(*target)});
		}
		if (starts.size() > max_subprograms)
			return {E2BIG, *std::next(starts.begin(), max_subprograms),
					"too many subprograms: " + std::to_string(starts.size()) + ", of which " +
						std::to_string(max_subprograms) + " are allowed"};
		found_.subprograms.assign(starts.begin(), starts.end());
		return {};
	}

	refusal jumps() {
		for (u32 at = 0; at != insns_.size(); ++at) {
			if (is_half_[at] || (!is_ja(insns_[at]) && !is_conditional(insns_[at])))
				continue;
			const s64 target = s64{at} + 1 + jump_distance(insns_[at]);
			if (target < 0 || target >= static_cast<s64>(insns_.size()))
				return einval(at, "jump out of range from insn " + std::to_string(at) + " to " +
									  std::to_string(target));
			if (is_half_[static_cast<u32>(target)])
				return einval(at, "jump into the middle of ldimm64 insn " + std::to_string(target));
			if (found_.subprogram_of(at) != found_.subprogram_of(static_cast<u32>(target)))
				return einval(at, "jump out of range from insn " + std::to_string(at) + " to " +
									  std::to_string(target) + ", which is another function");
		}
		return {};
	}

	/// Each function ends with an exit or a jump, so that none falls into the next.
	refusal ends() {
		for (u32 i = 0; i != found_.subprograms.size(); ++i) {
			const bool last = i + 1 == found_.subprograms.size();
			const u32 end = last ? static_cast<u32>(insns_.size()) : found_.subprograms[i + 1];
			const bpf_insn insn = insns_[end - 1];
			if (is_half_[end - 1] || (!is_exit(insn) && !is_ja(insn)))
				return einval(end - 1, "last insn is not an exit or jmp");
		}
		return {};
	}

	refusal reachability() {
		std::vector<bool> reached(insns_.size());
		std::vector<u32> open{0};
		while (!open.empty()) {
			const u32 at = open.back();
			open.pop_back();
			if (reached[at])
				continue;
			reached[at] = true;
			const bpf_insn insn = insns_[at];
			if (const std::optional<s64> target = function_target(insn, at))
				open.push_back(static_cast<u32>(*target));
			if (is_ja(insn) || is_conditional(insn))
				open.push_back(static_cast<u32>(s64{at} + 1 + jump_distance(insn)));
			if (!is_ja(insn) && !is_exit(insn))
				open.push_back(at + (is_ld_imm64(insn) ? 2 : 1));
		}
		for (u32 at = 0; at != insns_.size(); ++at)
			if (!reached[at] && !is_half_[at])
				return einval(at, "unreachable insn " + std::to_string(at));
		return {};
	}

	std::span<const bpf_insn> insns_;
	program_structure& found_;
	std::vector<bool> is_half_;
};

} // namespace

const refusal* program_structure::wrong_at(u32 insn) const noexcept {
	const auto at = std::ranges::lower_bound(wrong, insn, {}, &refusal::insn);
	return at != wrong.end() && at->insn == insn ? &*at : nullptr;
}

u32 program_structure::subprogram_of(u32 insn) const noexcept {
	const auto after = std::upper_bound(subprograms.begin(), subprograms.end(), insn);
	return static_cast<u32>(after - subprograms.begin()) - 1;
}

refusal check_structure(std::span<const bpf_insn> insns, program_structure& found) {
	if (insns.empty() || insns.size() > bpf_max_insns)
		return {E2BIG, 0,
				"a program has 1 to " + std::to_string(bpf_max_insns) + " instructions, not " +
					std::to_string(insns.size())};
	return structure_check(insns, found).run();
}

} // namespace sockops::vm
