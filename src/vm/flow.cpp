// SPDX-License-Identifier: MIT
// Following what is known of registers through a program: constants, the context and the frame with their
// offsets, global variables that cannot change. Ways that meet keep what they agree on. A branch whose
// operands are known is followed one way only, so that what constants switch off (CO-RE, .rodata) is not
// looked at. An instruction that no run gets beyond becomes a step that stops it: what was not refused
// before (check/), because a kernel sees that nothing comes there, or because nobody asked.

#include <cstring>
#include <map>

#include "access_rules.hpp"
#include "calculator.hpp"
#include "constant_map.hpp"
#include "instruction_words.hpp"

namespace sockops::vm {

namespace {

using what = known_value::what;

constexpr known_value anything{what::anything};
constexpr known_value number(u64 value) noexcept { return {what::number, 0, value}; }

bool has_offset(const known_value& value) noexcept {
	return value.is == what::ctx || value.is == what::frame || value.is == what::map_value;
}

/// Takes over into `to` what `from` knows as well; true if that changed it.
bool meet(known_registers& to, const known_registers& from) {
	if (!to.reached) {
		to = from;
		return true;
	}
	bool changed = false;
	for (unsigned i = 0; i != to.regs.size(); ++i)
		if (to.regs[i] != from.regs[i] && to.regs[i] != anything) {
			to.regs[i] = anything;
			changed = true;
		}
	return changed;
}

class flow_analysis {
  public:
	flow_analysis(const bpf_prog_load_attr& attr, const program_structure& structure, bool raw,
				  program_flow& found)
		: attr_(attr), structure_(structure), raw_(raw), found_(found) {
		found_.before.resize(attr.insns.size());
		found_.stack_depth.resize(structure.subprograms.size());
	}

	refusal run() {
		known_registers entry{true};
		entry.regs[1] = raw_ ? anything : known_value{what::ctx};
		if (raw_)
			entry.regs[2] = anything;
		entry.regs[10] = {what::frame};
		goes_to(0, entry);
		while (!open_.empty() && !wrong_) {
			const u32 at = open_.back();
			open_.pop_back();
			follow(at);
		}
		for (auto& [at, why] : stops_)
			found_.stops.push_back({at, std::move(why)});
		return wrong_;
	}

  private:
	/// What makes no sense whatever comes there.
	bool refuse(u32 at, std::string reason) {
		wrong_ = {EINVAL, at, std::move(reason)};
		return false;
	}
	/// No run gets beyond the instruction, as far as is known: what is known of registers only gets less.
	bool stops(u32 at, std::string why) {
		stops_.insert_or_assign(at, std::move(why));
		return false;
	}

	void goes_to(u32 at, const known_registers& regs) {
		if (meet(found_.before[at], regs))
			open_.push_back(at);
	}

	void follow(u32 at) {
		const bpf_insn insn = attr_.insns[at];
		known_registers regs = found_.before[at];
		if (is_unresolved(attr_, at))
			return; // a run ends here
		if (!stops_.empty())
			stops_.erase(at); // it may get beyond now, with more ways that lead there
		if (const refusal* const wrong = structure_.wrong_at(at)) {
			stops(at, wrong->reason);
			return;
		}
		if (!has_sources(at, insn, regs) || is_exit(insn))
			return;
		if (is_ja(insn) || is_conditional(insn))
			return follow_jump(at, insn, regs);
		if (is_call(insn) ? !follow_call(at, insn, regs) : !follow_plain(at, insn, regs))
			return;
		goes_to(at + (is_ld_imm64(insn) ? 2 : 1), regs);
	}

	/// A register that no way has written is not read; where the program ends that is r0.
	bool has_sources(u32 at, bpf_insn insn, const known_registers& regs) {
		read_registers reads = read_by(insn);
		reads.r0 = reads.r0 || (is_exit(insn) && structure_.subprogram_of(at) == 0);
		for (const auto& [is_read, reg] :
			 {std::pair(reads.r0, u32{0}), std::pair(reads.src, u32{insn.src_reg}),
			  std::pair(reads.dst, u32{insn.dst_reg})})
			if (is_read && regs.regs[reg].is == what::unset)
				return stops(at, register_in_words(reg) + " !read_ok: it was never written");
		return true;
	}

	void follow_jump(u32 at, bpf_insn insn, const known_registers& regs) {
		const auto target = static_cast<u32>(s64{at} + 1 + jump_distance(insn));
		const std::optional<bool> taken = is_ja(insn) ? std::optional(true) : outcome(insn, regs);
		if (taken != false)
			goes_to(target, regs);
		if (taken != true)
			goes_to(at + 1, regs);
	}

	std::optional<bool> outcome(bpf_insn insn, const known_registers& regs) {
		const known_value left = regs.regs[insn.dst_reg];
		const known_value right = insn.code & insn_source::x ? regs.regs[insn.src_reg] : number(0);
		if (left.is != what::number || right.is != what::number)
			return std::nullopt;
		return calculate_.jumps(insn, left.value, right.value);
	}

	bool follow_plain(u32 at, bpf_insn insn, known_registers& regs) {
		switch (class_of(insn)) {
		case insn_class::ld:
			return follow_imm64(at, insn, regs);
		case insn_class::alu:
		case insn_class::alu64:
			return follow_arithmetic(at, insn, regs);
		case insn_class::ldx:
			return follow_load(at, insn, regs);
		default:
			return follow_store(at, insn, regs);
		}
	}

	bool follow_imm64(u32 at, bpf_insn insn, known_registers& regs) {
		known_value& dst = regs.regs[insn.dst_reg];
		const auto index = static_cast<u32>(insn.imm);
		switch (insn.src_reg) {
		case ld_imm64::number:
			dst = number(static_cast<u32>(insn.imm) |
						 static_cast<u64>(static_cast<u32>(attr_.insns[at + 1].imm)) << 32);
			return true;
		case ld_imm64::func:
			enter_callback(at + 1 + index);
			dst = anything;
			return true;
		case ld_imm64::map_idx:
			dst = {what::map, index, 0};
			return index < attr_.maps.size() || refuse(at, "map index " + std::to_string(index) + " of " +
															   std::to_string(attr_.maps.size()));
		default:
			return follow_map_value(at, index, dst);
		}
	}

	bool follow_map_value(u32 at, u32 index, known_value& dst) {
		if (index >= attr_.maps.size())
			return refuse(at,
						  "map index " + std::to_string(index) + " of " + std::to_string(attr_.maps.size()));
		const bpf_map& map = *attr_.maps[index].get();
		const u32 offset = static_cast<u32>(attr_.insns[at + 1].imm);
		if (!map.area().in_code || offset >= map.attr.value_size)
			return refuse(at, "invalid access to map value pointer of '" + map.attr.map_name +
								  "' at offset " + std::to_string(offset));
		dst = {what::map_value, index, offset};
		return true;
	}

	void enter_callback(u32 target) {
		known_registers entry{true};
		for (unsigned i = 1; i <= 5; ++i)
			entry.regs[i] = anything;
		entry.regs[10] = {what::frame};
		goes_to(target, entry);
	}

	bool follow_arithmetic(u32 at, bpf_insn insn, known_registers& regs) {
		const bool by_register = insn.code & insn_source::x;
		const bool wide = class_of(insn) == insn_class::alu64;
		const u8 op = insn.code & alu_op::mask;
		known_value& dst = regs.regs[insn.dst_reg];
		const known_value right = by_register && op != alu_op::end ? regs.regs[insn.src_reg]
																   : number(static_cast<u64>(s64{insn.imm}));
		if (op == alu_op::mov && wide && insn.off == 0) {
			dst = right;
			return true;
		}
		const bool right_known = right.is == what::number;
		if (right_known && (dst.is == what::number || op == alu_op::mov)) {
			dst = number(calculate_.arithmetic(insn, dst.value, right.value));
		} else if (wide && right_known && has_offset(dst) && (op == alu_op::add || op == alu_op::sub)) {
			dst.value = op == alu_op::add ? dst.value + right.value : dst.value - right.value;
			return note_frame_use(at, dst);
		} else {
			dst = anything;
		}
		return true;
	}

	/// An address in the frame was taken: what is below it counts as used.
	bool note_frame_use(u32 at, const known_value& pointer) {
		const auto offset = static_cast<s64>(pointer.value);
		if (pointer.is != what::frame || offset >= 0 || offset < -s64{max_bpf_stack})
			return true;
		u32& depth = found_.stack_depth[structure_.subprogram_of(at)];
		depth = std::max(depth, static_cast<u32>(-offset));
		return true;
	}

	bool check_frame_access(u32 at, const known_value& base, s32 off, u32 size) {
		const u64 from = base.value + static_cast<u64>(s64{off});
		if (!frame_has(static_cast<s64>(from), size))
			return stops(at, why_not_in_frame(static_cast<s64>(from), size));
		return note_frame_use(at, {what::frame, 0, from});
	}

	bool check_ctx_access(u32 at, const known_value& base, s32 off, u32 size, bool write) {
		const u64 from = base.value + static_cast<u64>(s64{off});
		return ctx_has(static_cast<s64>(from), size, write) ||
			   stops(at, why_not_in_ctx(static_cast<s64>(from), size, write));
	}

	bool follow_load(u32 at, bpf_insn insn, known_registers& regs) {
		const known_value base = regs.regs[insn.src_reg];
		const u32 size = insn_size::bytes(insn.code);
		known_value& dst = regs.regs[insn.dst_reg];
		dst = anything;
		const bool extends = (insn.code & insn_mode::mask) == insn_mode::memsx;
		if (base.is == what::frame)
			return check_frame_access(at, base, insn.off, size);
		if (base.is == what::ctx)
			return check_ctx_access(at, base, insn.off, size, false);
		if (base.is == what::map_value && !extends)
			dst = constant_in(base, insn.off, size);
		return true;
	}

	/// What a map holds for good: frozen, and read-only to programs.
	known_value constant_in(const known_value& base, s32 off, u32 size) const {
		bpf_map& map = *attr_.maps[base.map].get();
		const u64 from = base.value + static_cast<u64>(s64{off});
		if (!is_constant(map) || from > map.attr.value_size || size > map.attr.value_size - from)
			return anything;
		u64 value = 0;
		std::memcpy(&value, map.area().base + from, size); // little-endian, as the machines this is for
		return number(value);
	}

	bool follow_store(u32 at, bpf_insn insn, known_registers& regs) {
		const known_value base = regs.regs[insn.dst_reg];
		const u32 size = insn_size::bytes(insn.code);
		const bool atomic =
			class_of(insn) == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic;
		if (atomic)
			return follow_atomic(at, insn, regs);
		if (base.is == what::frame)
			return check_frame_access(at, base, insn.off, size);
		if (base.is == what::ctx)
			return check_ctx_access(at, base, insn.off, size, true);
		return true;
	}

	bool follow_atomic(u32 at, bpf_insn insn, known_registers& regs) {
		const bool acquires = insn.imm == atomic_op::load_acq;
		const known_value base = regs.regs[acquires ? insn.src_reg : insn.dst_reg];
		if (acquires)
			regs.regs[insn.dst_reg] = anything;
		else if (insn.imm == atomic_op::cmpxchg)
			regs.regs[0] = anything;
		else if (insn.imm & atomic_op::fetch)
			regs.regs[insn.src_reg] = anything;
		if (base.is == what::ctx)
			return stops(at, "an atomic operation on the context is not allowed");
		return base.is != what::frame || check_frame_access(at, base, insn.off, insn_size::bytes(insn.code));
	}

	bool follow_call(u32 at, bpf_insn insn, known_registers& regs) {
		if (insn.src_reg == call_kind::subprogram)
			enter_subprogram(static_cast<u32>(s64{at} + 1 + insn.imm), regs);
		else if (const refusal wrong = rule_of_call(attr_, insn))
			return stops(at, wrong.reason);
		regs.regs[0] = leaves_nothing(attr_, insn) ? known_value{} : anything;
		for (unsigned i = 1; i <= 5; ++i)
			regs.regs[i] = known_value{};
		return true;
	}

	/// Arguments go in; an address in the caller's frame is known only there.
	void enter_subprogram(u32 target, const known_registers& caller) {
		known_registers entry{true};
		for (unsigned i = 1; i <= 5; ++i)
			entry.regs[i] = caller.regs[i].is == what::frame ? anything : caller.regs[i];
		entry.regs[10] = {what::frame};
		goes_to(target, entry);
	}

	const bpf_prog_load_attr& attr_;
	const program_structure& structure_;
	const bool raw_;
	program_flow& found_;
	std::vector<u32> open_;
	refusal wrong_;
	std::map<u32, std::string> stops_;
	calculator calculate_;
};

} // namespace

refusal follow_values(const bpf_prog_load_attr& attr, const program_structure& structure, bool raw,
					  program_flow& found) {
	return std::make_unique<flow_analysis>(attr, structure, raw, found)->run();
}

} // namespace sockops::vm
