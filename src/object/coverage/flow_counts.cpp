// SPDX-License-Identifier: MIT
#include "flow_counts.hpp"

#include "../../vm/load_check.hpp"

namespace sockops::object {

using namespace vm;

u32 flow_counts::target(std::span<const bpf_insn> insns, u32 at) noexcept {
	return static_cast<u32>(s64{at} + 1 + jump_distance(insns[at]));
}

namespace {

bool ends_block(bpf_insn insn) noexcept { return is_ja(insn) || is_exit(insn) || is_conditional(insn); }

/// Where blocks begin: one more than there are instructions.
std::vector<bool> find_leaders(std::span<const bpf_insn> insns, std::span<const bpf_function> functions) {
	std::vector<bool> leads(insns.size() + 1, false);
	leads[0] = leads[insns.size()] = true;
	for (const bpf_function& each : functions)
		if (each.insn < insns.size())
			leads[each.insn] = true;
	for (u32 at = 0; at != insns.size(); ++at) {
		if (is_ja(insns[at]) || is_conditional(insns[at]))
			leads[flow_counts::target(insns, at)] = true;
		if (ends_block(insns[at]))
			leads[at + 1] = true;
		else if (is_ld_imm64(insns[at]))
			++at;
	}
	return leads;
}

void make_blocks(std::span<const bpf_insn> insns, std::span<const bpf_function> functions,
				 flow_counts& made) {
	const std::vector<bool> leads = find_leaders(insns, functions);
	u32 function = 0;
	for (u32 at = 0; at != insns.size(); ++at) {
		if (leads[at]) {
			while (function + 1 < functions.size() && functions[function + 1].insn <= at)
				++function;
			made.blocks.push_back({at, at, at, function});
		}
		basic_block& block = made.blocks.back();
		block.last = at;
		made.block_of.push_back(static_cast<u32>(made.blocks.size() - 1));
		if (is_ld_imm64(insns[at]) && at + 1 != insns.size()) {
			made.block_of.push_back(made.block_of.back());
			++at;
		}
		block.end = at + 1;
	}
}

} // namespace

flow_counts count_flow(std::span<const bpf_insn> insns, std::span<const bpf_insn_count> counts,
					   std::span<const bpf_function> functions) {
	flow_counts made;
	make_blocks(insns, functions, made);
	for (u32 from = 0; from != made.blocks.size(); ++from) {
		const basic_block block = made.blocks[from];
		const bpf_insn last = insns[block.last];
		const u64 executed = counts[block.last].executed, jumped = counts[block.last].jumped;
		const auto go_to = [&](u32 insn, u64 count) {
			made.blocks[made.block_of[insn]].from.push_back({from, count});
		};
		if (is_ja(last))
			go_to(flow_counts::target(insns, block.last), executed);
		else if (is_conditional(last))
			go_to(flow_counts::target(insns, block.last), jumped);
		if (!is_ja(last) && !is_exit(last) && block.end != insns.size())
			go_to(block.end, executed - (is_conditional(last) ? jumped : 0));
	}
	return made;
}

} // namespace sockops::object
