// SPDX-License-Identifier: MIT
#include "way_log.hpp"

#include <algorithm>

#include "../ebpf_prog.hpp"
#include "../instruction_words.hpp"
#include "../load_check.hpp"

namespace sockops::vm::check {

bool way_log::came_by(u32 last, u32 insn, u64 state) const noexcept {
	u32 patience = 1u << 12;
	for (u32 at = last; at != 0 && patience != 0; at = entries_[at].before, --patience)
		if (entries_[at].is == step::met && entries_[at].insn == insn && entries_[at].state == state)
			return true;
	return false;
}

std::vector<way_log::entry> way_log::steps_to(u32 last) const {
	std::vector<entry> steps;
	for (u32 at = last; at != 0; at = entries_[at].before)
		if (entries_[at].is != step::met)
			steps.push_back(entries_[at]);
	std::ranges::reverse(steps);
	return steps;
}

namespace {

std::string function_in_words(const bpf_prog_load_attr& attr, u32 insn) {
	for (const bpf_function& each : attr.functions)
		if (each.insn == insn)
			return each.name + "()";
	return "the function at instruction " + std::to_string(insn);
}

std::string words_of(const way_log::entry& each, const bpf_prog_load_attr& attr) {
	const bpf_insn insn = attr.insns[each.insn];
	switch (each.is) {
	case way_log::step::begin:
		return "begins with " + function_in_words(attr, each.insn);
	case way_log::step::taken:
		return condition_in_words(insn, true);
	case way_log::step::not_taken:
		return condition_in_words(insn, false);
	case way_log::step::call:
		return "calls " + function_in_words(attr, static_cast<u32>(s64{each.insn} + 1 + insn.imm));
	case way_log::step::callback:
		return "the callback is called";
	default:
		return "returns";
	}
}

} // namespace

std::vector<bpf_way_step> in_words(const way_log& log, u32 last, const bpf_prog_load_attr& attr) {
	std::vector<bpf_way_step> words;
	for (const way_log::entry& each : log.steps_to(last)) {
		const bpf_source_line* const line = line_of(attr.lines, each.insn);
		words.push_back({each.insn, words_of(each, attr), line ? *line : bpf_source_line()});
	}
	if (!words.empty() && words.front().insn == 0)
		words.erase(words.begin()); // every program begins with its begin
	return words;
}

} // namespace sockops::vm::check
