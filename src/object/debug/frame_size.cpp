// SPDX-License-Identifier: MIT
#include "frame_size.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sockops::object {

namespace {

class frame_reach {
  public:
	frame_reach() { forget_all(); }

	void take(const bpf_insn& insn) noexcept {
		switch (insn.code & insn_class::mask) {
		case insn_class::ldx:
			reach(insn.src_reg, insn.off);
			forget(insn.dst_reg);
			break;
		case insn_class::stx:
			reach(insn.src_reg, 0); // an address that is stored
			[[fallthrough]];
		case insn_class::st:
			reach(insn.dst_reg, insn.off);
			break;
		case insn_class::alu64:
			compute(insn);
			break;
		case insn_class::jmp:
		case insn_class::jmp32:
			jump(insn);
			break;
		default:
			forget(insn.dst_reg);
		}
	}
	u32 bytes() const noexcept { return static_cast<u32>(-lowest_); }

  private:
	void forget(u8 reg) noexcept {
		if (reg < 10)
			from_r10_[reg].reset();
	}
	void forget_all() noexcept {
		from_r10_.fill(std::nullopt);
		from_r10_[10] = 0;
	}
	/// No frame is larger than 512 bytes: what is further away is no address in it.
	void reach(u8 reg, s64 distance) noexcept {
		if (reg > 10 || !from_r10_[reg])
			return;
		const s64 place = *from_r10_[reg] + distance;
		if (place >= -s64{max_bpf_stack})
			lowest_ = std::min(lowest_, place);
	}
	/// What an index is added to may be an address below the array's.
	void compute(const bpf_insn& insn) noexcept {
		constexpr u8 mov = insn_class::alu64 | alu_op::mov | insn_source::x,
					 add = insn_class::alu64 | alu_op::add | insn_source::k;
		if (insn.dst_reg >= 10)
			return;
		std::optional<s64>& to = from_r10_[insn.dst_reg];
		if (insn.code == mov && insn.src_reg <= 10 && insn.off == 0)
			to = from_r10_[insn.src_reg];
		else if (insn.code == add && to)
			to = *to + insn.imm;
		else
			to.reset();
	}
	/// Arguments are given away. Behind a jump that is always taken the code goes on for others; behind
	/// another one what is known stays true of those who do not take it.
	void jump(const bpf_insn& insn) noexcept {
		const u8 op = insn.code & jmp_op::mask;
		if (op == jmp_op::ja || op == jmp_op::exit)
			return forget_all();
		if (op != jmp_op::call)
			return;
		for (u8 argument = 1; argument != 6; ++argument)
			reach(argument, 0);
		for (u8 clobbered = 0; clobbered != 6; ++clobbered)
			forget(clobbered);
	}

	std::array<std::optional<s64>, 11> from_r10_;
	s64 lowest_ = 0;
};

} // namespace

u32 reach_below_r10(std::span<const bpf_insn> function) noexcept {
	frame_reach found;
	for (const bpf_insn& each : function)
		found.take(each);
	return found.bytes();
}

} // namespace sockops::object
