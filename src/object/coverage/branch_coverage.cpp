// SPDX-License-Identifier: MIT
// Branches: a condition of the source is one conditional jump, or several that decide it together, as the
// compiler makes them of a switch. What it leads to are its outcomes.
#include <algorithm>
#include <tuple>

#include "../../vm/load_check.hpp"
#include "source_places.hpp"

namespace sockops::object {

namespace {

class branch_counter {
  public:
	branch_counter(const source_places& places, std::map<std::string, coverage::file>& files)
		: places_(places), files_(files), leader_(places.program.insns.size()) {}

	void count() {
		for (u32 at = 0; at != insns_.size(); ++at) {
			leader_[at] = at;
			if (vm::is_conditional(insns_[at]) && places_[at])
				jumps_.push_back(at);
		}
		for (const u32 jump : jumps_)
			for (const u32 to : {flow_counts::target(insns_, jump), jump + 1})
				if (const auto next = jump_of_same_condition(jump, to))
					leader_[first_of(*next)] = first_of(jump);
		for (const u32 jump : jumps_)
			take(jump);
		for (const auto& [first, each] : conditions_)
			add(*places_[first], each);
	}

  private:
	/// Where the code from an instruction on comes from; and the instruction, where that is the same.
	using outcome = std::tuple<u32, u32, u32>;
	struct condition {
		bool is_reached = false;
		std::map<outcome, u64> outcomes{};
	};

	/// The jump at the end of the block at `to`, if all of the block decides what `jump` does.
	std::optional<u32> jump_of_same_condition(u32 jump, u32 to) const {
		const basic_block& block = flow_.blocks[flow_.block_of[to]];
		if (!vm::is_conditional(insns_[block.last]) || places_[block.last] != places_[jump])
			return std::nullopt;
		for (u32 at = block.first; at != block.end; ++at)
			if (places_[at] && places_[at] != places_[jump])
				return std::nullopt;
		return block.last;
	}
	u32 first_of(u32 jump) const {
		while (leader_[jump] != jump)
			jump = leader_[jump];
		return jump;
	}

	void take(u32 jump) {
		const bpf_insn_count& counts = places_.program.counts[jump];
		condition& of = conditions_[first_of(jump)];
		of.is_reached |= counts.executed != 0;
		const u32 target = flow_counts::target(insns_, jump);
		if (!jump_of_same_condition(jump, target))
			of.outcomes[outcome_at(target, places_[jump])] += counts.jumped;
		if (!jump_of_same_condition(jump, jump + 1))
			of.outcomes[outcome_at(jump + 1, places_[jump])] += counts.executed - counts.jumped;
	}

	/// Where a block tells nothing but the condition itself, it is looked for where the block goes on.
	outcome outcome_at(u32 insn, const known_place& condition_at) const {
		u32 begin = insn;
		for (u32 blocks = 0; blocks != 8 && begin < insns_.size(); ++blocks) {
			const basic_block& block = flow_.blocks[flow_.block_of[begin]];
			for (u32 at = begin; at != block.end; ++at)
				if (places_[at] && places_[at] != condition_at)
					return {places_[at]->line, places_[at]->column, at};
			if (vm::is_exit(insns_[block.last])) // what stands behind is another function's, or another way
				break;
			const bool jumps = vm::is_ja(insns_[block.last]);
			begin = jumps ? flow_counts::target(insns_, block.last) : block.end;
		}
		return {~0u, 0, insn};
	}

	/// Outcomes are numbered by their lines, so that copies of which the compiler has turned the condition
	/// round are still alike.
	void add(const source_place& at, const condition& of) {
		coverage::file& file = files_[std::string(at.file)];
		u32 number = 0;
		for (const auto& [to, count] : of.outcomes) {
			std::optional<u64>& sum = file.branches[{at.line, at.column, number++}];
			if (of.is_reached)
				sum = sum.value_or(0) + count;
		}
	}

	const source_places& places_;
	const std::span<const bpf_insn> insns_ = places_.program.insns;
	const flow_counts& flow_ = places_.flow;
	std::map<std::string, coverage::file>& files_;
	std::vector<u32> jumps_, leader_;     ///< leader_: by instruction
	std::map<u32, condition> conditions_; ///< by their first jump
};

} // namespace

void count_branches(const source_places& places, std::map<std::string, coverage::file>& to) {
	branch_counter(places, to).count();
}

} // namespace sockops::object
