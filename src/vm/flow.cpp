// SPDX-License-Identifier: MIT
// Following what is known of registers through a program: constants, the context and the frame with their
// offsets, global variables that cannot change. Ways that meet keep what they agree on. A branch whose
// operands are known is followed one way only, so that what constants switch off (CO-RE, .rodata) is not
// looked at.
//
// A register's arithmetic is not written a second time: where both operands are numbers, the step itself
// computes.

#include <cstring>

#include <sockops/bpf/ctx_access.hpp>

#include "helpers.hpp"
#include "load_check.hpp"

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

std::string reg_name(u32 reg) { return std::string("R").append(std::to_string(reg)); }

class flow_analysis {
  public:
	flow_analysis(const bpf_prog_load_attr& attr, const program_structure& structure, bool raw,
				  program_flow& found)
		: attr_(attr), structure_(structure), raw_(raw), found_(found), scratch_prog_("constants"),
		  scratch_(scratch_prog_, nullptr) {
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
		return wrong_;
	}

  private:
	bool refuse(u32 at, int error, std::string reason) {
		if (!wrong_)
			wrong_ = {error, at, std::move(reason)};
		return false;
	}

	void goes_to(u32 at, const known_registers& regs) {
		if (meet(found_.before[at], regs))
			open_.push_back(at);
	}

	void follow(u32 at) {
		const bpf_insn insn = attr_.insns[at];
		known_registers regs = found_.before[at];
		if (!sources_are_set(at, insn, regs))
			return;
		if (is_exit(insn)) {
			check_return(at, regs);
			return;
		}
		if (is_ja(insn) || is_conditional(insn))
			return follow_jump(at, insn, regs);
		if (is_call(insn) ? !follow_call(at, insn, regs) : !follow_plain(at, insn, regs))
			return;
		goes_to(at + (is_ld_imm64(insn) ? 2 : 1), regs);
	}

	/// A register that no way has written may not be read.
	bool sources_are_set(u32 at, bpf_insn insn, const known_registers& regs) {
		const u8 cls = class_of(insn);
		const bool alu = cls == insn_class::alu || cls == insn_class::alu64;
		const u8 op = insn.code & alu_op::mask;
		const bool by_register = insn.code & insn_source::x;
		const bool atomic = cls == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic;
		const bool acquires = atomic && insn.imm == atomic_op::load_acq;
		if (atomic && insn.imm == atomic_op::cmpxchg && regs.regs[0].is == what::unset)
			return refuse(at, EACCES, "R0 !read_ok: it was never written");
		const bool reads_src = ((alu && op != alu_op::end) || is_conditional(insn))
								   ? by_register
								   : cls == insn_class::ldx || cls == insn_class::stx;
		const bool reads_dst = (alu && op != alu_op::mov) || is_conditional(insn) || cls == insn_class::st ||
							   (cls == insn_class::stx && !acquires);
		for (const auto& [reads, reg] :
			 {std::pair(reads_src, u32{insn.src_reg}), std::pair(reads_dst, u32{insn.dst_reg})})
			if (reads && regs.regs[reg].is == what::unset)
				return refuse(at, EACCES, reg_name(reg) + " !read_ok: it was never written");
		return true;
	}

	void check_return(u32 at, const known_registers& regs) {
		if (structure_.subprogram_of(at) != 0)
			return;
		const known_value& r0 = regs.regs[0];
		if (r0.is == what::unset)
			refuse(at, EACCES, "R0 !read_ok: the program returns nothing");
		else if (!raw_ && r0.is != what::number && r0.is != what::anything)
			refuse(at, EACCES, "the program returns a pointer");
		else if (!raw_ && r0.is == what::number && r0.value > 1)
			refuse(at, EINVAL,
				   "At program exit the register R0 has value " + std::to_string(static_cast<s64>(r0.value)) +
					   "; a sock_ops program returns 0 or 1");
	}

	void follow_jump(u32 at, bpf_insn insn, const known_registers& regs) {
		const auto target = static_cast<u32>(s64{at} + 1 + jump_distance(insn));
		const std::optional<bool> taken = is_ja(insn) ? std::optional(true) : outcome(insn, regs);
		if (taken != false)
			goes_to(target, regs);
		if (taken != true)
			goes_to(at + 1, regs);
	}

	/// Runs one step on known operands.
	const step* compute(step_fn how, bpf_insn insn, u64 dst, u64 src) {
		step one{how, static_cast<u64>(s64{insn.imm}), 1, 0, 1};
		scratch_.regs[0] = dst;
		scratch_.regs[1] = src;
		scratch_step_ = one;
		return how(scratch_, &scratch_step_);
	}

	std::optional<bool> outcome(bpf_insn insn, const known_registers& regs) {
		const known_value left = regs.regs[insn.dst_reg];
		const known_value right = insn.code & insn_source::x ? regs.regs[insn.src_reg] : number(0);
		if (left.is != what::number || right.is != what::number)
			return std::nullopt;
		return compute(jump_step(insn), insn, left.value, right.value) != &scratch_step_ + 1;
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
			dst = anything;
			return index < attr_.maps.size() ||
				   refuse(at, EINVAL,
						  "map index " + std::to_string(index) + " of " + std::to_string(attr_.maps.size()));
		default:
			return follow_map_value(at, index, dst);
		}
	}

	bool follow_map_value(u32 at, u32 index, known_value& dst) {
		if (index >= attr_.maps.size())
			return refuse(at, EINVAL,
						  "map index " + std::to_string(index) + " of " + std::to_string(attr_.maps.size()));
		const bpf_map& map = *attr_.maps[index].get();
		const u32 offset = static_cast<u32>(attr_.insns[at + 1].imm);
		if (map.attr.map_type != BPF_MAP_TYPE_ARRAY || offset >= map.attr.value_size)
			return refuse(at, EINVAL,
						  "invalid access to map value pointer of '" + map.attr.map_name + "' at offset " +
							  std::to_string(offset));
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
			compute(alu_step(insn), insn, dst.value, right.value);
			dst = number(scratch_.regs[0]);
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
		const s64 from = static_cast<s64>(base.value) + off;
		if (from < -s64{max_bpf_stack} || from + s64{size} > 0)
			return refuse(at, EACCES,
						  "invalid stack access: " + std::to_string(size) + " bytes at r10 " +
							  (from < 0 ? "- " : "+ ") + std::to_string(from < 0 ? -from : from) +
							  "; the stack is r10 - 512 to r10 - 1");
		return note_frame_use(at, {what::frame, 0, static_cast<u64>(from)});
	}

	bool check_ctx_access(u32 at, const known_value& base, s32 off, u32 size, bool write) {
		const s64 from = static_cast<s64>(base.value) + off;
		const bool valid = from >= 0 && from < s64{bpf_sock_ops_size} &&
						   sock_ops_is_valid_access(static_cast<s32>(from), size, write);
		return valid || refuse(at, EACCES, invalid_ctx_access(from, size, write));
	}

	/// "invalid bpf_context access: writes 4 bytes at offset 76 (snd_cwnd, which is read only)"
	static std::string invalid_ctx_access(s64 from, u32 size, bool write) {
		std::string text = std::string("invalid bpf_context access: ") + (write ? "writes " : "reads ") +
						   std::to_string(size) + " bytes at offset " + std::to_string(from);
		for (const ctx_field& field : ctx_fields)
			if (from >= field.offset && from < field.offset + field.size * field.count)
				return text + " (" + std::string(field.name) + ", " + std::to_string(field.size) + " bytes" +
					   (write && !field.writable ? ", read only; writable are reply and sk_txhash)" : ")");
		return text + "; struct bpf_sock_ops has " + std::to_string(bpf_sock_ops_size) + " bytes";
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
			return extends ? refuse(at, EACCES, "a sign-extending load from the context")
						   : check_ctx_access(at, base, insn.off, size, false);
		if (base.is == what::number)
			return refuse(at, EACCES,
						  reg_name(insn.src_reg) + " invalid mem access 'scalar': it is the number " +
							  std::to_string(base.value));
		if (base.is == what::map_value && !extends)
			dst = constant_in(base, insn.off, size);
		return true;
	}

	/// What a map holds for good: frozen, and read-only to programs.
	known_value constant_in(const known_value& base, s32 off, u32 size) const {
		bpf_map& map = *attr_.maps[base.map].get();
		const u64 from = base.value + static_cast<u64>(s64{off});
		const bool constant =
			map.frozen.load(std::memory_order_relaxed) && (map.attr.map_flags & BPF_F_RDONLY_PROG);
		if (!constant || from > map.attr.value_size || size > map.attr.value_size - from)
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
		if (base.is == what::number)
			return refuse(at, EACCES,
						  reg_name(insn.dst_reg) + " invalid mem access 'scalar': it is the number " +
							  std::to_string(base.value));
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
			return refuse(at, EACCES, "an atomic operation on the context is not allowed");
		return base.is != what::frame || check_frame_access(at, base, insn.off, insn_size::bytes(insn.code));
	}

	bool follow_call(u32 at, bpf_insn insn, known_registers& regs) {
		if (insn.src_reg == call_kind::subprogram)
			enter_subprogram(static_cast<u32>(s64{at} + 1 + insn.imm), regs);
		else if (insn.src_reg == call_kind::kfunc ? !check_kfunc(at, insn) : !check_helper(at, insn))
			return false;
		regs.regs[0] = anything;
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

	bool check_helper(u32 at, bpf_insn insn) {
		const auto id = static_cast<u32>(insn.imm);
		const bpf_helper* const row = find_helper(id);
		if (!row)
			return refuse(at, EINVAL,
						  id > max_bpf_helper_id
							  ? "invalid func unknown#" + std::to_string(insn.imm)
							  : "program of this type cannot use helper #" + std::to_string(id));
		const std::string name(row->name);
		if (row->gpl_only && !is_gpl_compatible(attr_.license))
			return refuse(at, EINVAL,
						  name + "() is only for programs with a licence compatible with the GPL, which '" +
							  attr_.license + "' is not");
		if (id != helper_tail_call && !find_helper_function(id))
			return refuse(at, EINVAL,
						  name +
							  "() is not here: what it asks of a kernel has no counterpart in this library");
		return true;
	}

	bool check_kfunc(u32 at, bpf_insn insn) {
		for (const auto& [imm, name] : attr_.kfuncs)
			if (imm == insn.imm)
				return find_kfunc(name) || refuse(at, EINVAL, "kfunc " + name + "() is not here");
		return refuse(at, EINVAL, "kfunc #" + std::to_string(insn.imm) + " is not known");
	}

	const bpf_prog_load_attr& attr_;
	const program_structure& structure_;
	const bool raw_;
	program_flow& found_;
	std::vector<u32> open_;
	refusal wrong_;
	ebpf_prog scratch_prog_;
	machine scratch_; ///< computes constants
	step scratch_step_;
};

} // namespace

refusal follow_values(const bpf_prog_load_attr& attr, const program_structure& structure, bool raw,
					  program_flow& found) {
	return std::make_unique<flow_analysis>(attr, structure, raw, found)->run();
}

} // namespace sockops::vm
