// SPDX-License-Identifier: MIT
// Depth first: a jump to where the way there has come through.
#include "find_loop.hpp"

namespace sockops::vm {

namespace {

class loop_search {
  public:
	explicit loop_search(std::span<const bpf_insn> insns) : insns_(insns), seen_(insns.size(), seen::no) {}

	std::optional<jump_back> from(u32 first) {
		enter(first);
		while (!way_.empty()) {
			const u32 here = way_.back().insn;
			const std::optional<u32> to = successor(here, way_.back().next++);
			if (!to)
				leave();
			else if (seen_[*to] == seen::on_the_way)
				return jump_back{here, *to};
			else
				enter(*to);
		}
		return std::nullopt;
	}

  private:
	enum class seen : u8 { no, on_the_way, done };
	struct place {
		u32 insn;
		u32 next; ///< which of its successors
	};

	void enter(u32 insn) {
		if (seen_[insn] != seen::no)
			return;
		seen_[insn] = seen::on_the_way;
		way_.push_back({insn, 0});
	}
	void leave() {
		seen_[way_.back().insn] = seen::done;
		way_.pop_back();
	}

	/// Within the function: a call comes back.
	std::optional<u32> successor(u32 at, u32 which) const {
		const bpf_insn insn = insns_[at];
		const bool jumps = is_ja(insn) || is_conditional(insn);
		if (jumps && which == 0)
			return static_cast<u32>(s64{at} + 1 + jump_distance(insn));
		const bool goes_on = !is_exit(insn) && !is_ja(insn) && which == (jumps ? 1 : 0);
		return goes_on ? std::optional(at + (is_ld_imm64(insn) ? 2 : 1)) : std::nullopt;
	}

	std::span<const bpf_insn> insns_;
	std::vector<seen> seen_;
	std::vector<place> way_; ///< to where the search is
};

} // namespace

std::optional<jump_back> find_loop(std::span<const bpf_insn> insns, const program_flow& flow) {
	loop_search search(insns);
	for (u32 first = 0; first != insns.size(); ++first)
		if (flow.before[first].reached)
			if (const std::optional<jump_back> found = search.from(first))
				return found;
	return std::nullopt;
}

} // namespace sockops::vm
