// SPDX-License-Identifier: MIT
#include "watched_code.hpp"

#include <algorithm>

#include "../ebpf_prog.hpp"
#include "../helper_faces.hpp"
#include "../load_check.hpp"

namespace sockops {
namespace vm {

namespace {
std::vector<watched_step> watched_steps(const bpf_prog_load_attr& attr) {
	std::vector<watched_step> steps;
	steps.reserve(attr.insns.size());
	for (u32 at = 0; at != attr.insns.size(); ++at) {
		const bpf_insn insn = attr.insns[at];
		const bool calls = is_call(insn) && insn.src_reg != call_kind::subprogram;
		steps.push_back({follower_of(insn), insn, calls ? prototype_of_call(attr, insn) : nullptr});
		if (is_ld_imm64(insn) && ++at != attr.insns.size())
			steps.push_back({follower_of(insn), attr.insns[at], nullptr}); // its second half
	}
	return steps;
}
} // namespace

watched_code::watched_code(const bpf_prog_load_attr& attr)
	: seed(attr.watch->seed), steps(watched_steps(attr)), variables(attr.variables),
	  counters(attr.insns.size()) {}

void note_padding(const bpf_prog& prog, std::vector<map_padding> of_maps) {
	const ebpf_prog* const own = as_interpreted(prog);
	if (own && own->watched)
		own->watched->padding = std::move(of_maps);
}

} // namespace vm

std::vector<bpf_insn_count> bpf_prog_counts(const bpf_prog& prog) {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	std::vector<bpf_insn_count> counts;
	if (!own || !own->watched)
		return counts;
	for (std::size_t at = 0; at != own->watched->counters.size(); ++at) {
		const vm::watched_code::counter& each = own->watched->counters[at];
		const u64 jumped = each.jumped.load(std::memory_order_relaxed); // before it is come to once more
		const u64 executed = each.executed.load(std::memory_order_relaxed);
		counts.push_back(
			{std::max(executed, jumped), jumped, vm::is_conditional(own->watched->steps[at].insn)});
	}
	return counts;
}

bool is_watched(const bpf_prog& prog) noexcept {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	return own && own->watched;
}

} // namespace sockops
