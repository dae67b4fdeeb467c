// SPDX-License-Identifier: MIT
#include "source_places.hpp"

#include <algorithm>

#include "../../vm/load_check.hpp"

namespace sockops::object {

source_places::source_places(const counted_program& of, const coverage::naming& name_of)
	: program(of), flow(count_flow(of.insns, of.counts, of.functions)) {
	for (const bpf_source_line& line : of.lines)
		if (!names_.contains(line.file))
			names_.emplace(line.file, name_of(line.file));
	place_instructions();
	forget_at_joins();
}

/// Line 0, and one of a file that is left out, are none.
known_place source_places::place_of(const bpf_source_line& line) const {
	const std::string& name = names_.at(line.file);
	return line.line == 0 || name.empty() ? known_place() : source_place{name, line.line, line.column};
}

/// A record is good until the next one, and ends with its function.
void source_places::place_instructions() {
	places_.resize(program.insns.size());
	std::size_t next = 0, function = 0;
	known_place now;
	for (u32 at = 0; at != places_.size(); ++at) {
		for (; function < program.functions.size() && program.functions[function].insn <= at; ++function)
			now.reset();
		for (; next < program.lines.size() && program.lines[next].insn <= at; ++next)
			now = place_of(program.lines[next]);
		places_[at] = now;
	}
}

bool source_places::has_record(u32 insn) const {
	return std::ranges::binary_search(program.lines, insn, {}, &bpf_source_line::insn);
}

namespace {

/// Is it one that compilers put in, of no line: copies, constants, addresses in the frame, what is kept
/// there?
bool is_put_in(std::span<const bpf_insn> insns, u32 at) noexcept {
	const bpf_insn insn = insns[at];
	const u8 kind = vm::class_of(insn);
	const bool is_alu = kind == insn_class::alu || kind == insn_class::alu64;
	constexpr u8 add = insn_class::alu64 | alu_op::add | insn_source::k;
	if (vm::is_ld_imm64(insn) || vm::is_ja(insn) || (is_alu && (insn.code & alu_op::mask) == alu_op::mov))
		return true;
	if (insn.code == add)
		return at != 0 && insns[at - 1].src_reg == 10 && insns[at - 1].dst_reg == insn.dst_reg;
	return (kind == insn_class::ldx && insn.src_reg == 10) ||
		   ((kind == insn_class::stx || kind == insn_class::st) && insn.dst_reg == 10);
}

} // namespace

/// Up to where instructions at the beginning of a block are taken for some of no line.
u32 source_places::end_of_nowhere(const basic_block& block) const {
	u32 at = block.first;
	while (at != block.end && !has_record(at) && is_put_in(program.insns, at))
		at += vm::is_ld_imm64(program.insns[at]) ? 2 : 1;
	return std::min(at, block.end);
}

/// Where no record begins at the beginning of a block, its instructions are of the same line as those before
/// it in the file, or of none: BTF has no words for that. DWARF has, and then such a record is there
/// (debug/debug_data.hpp). Else, if the block is come to from other lines, too, its first instructions are
/// looked at: code that was not run should not seem to be.
void source_places::forget_at_joins() {
	const auto is_of_dwarf = [](const bpf_source_line& line) { return line.line == 0 && line.file.empty(); };
	if (std::ranges::any_of(program.lines, is_of_dwarf))
		return;
	const std::vector<known_place> before = places_;
	for (const basic_block& block : flow.blocks) {
		if (has_record(block.first) || !before[block.first])
			continue;
		const bool is_of_all = std::ranges::all_of(block.from, [&](const flow_edge& edge) {
			return before[flow.blocks[edge.from].last] == before[block.first];
		});
		if (is_of_all)
			continue;
		for (u32 at = block.first, end = end_of_nowhere(block); at != end; ++at)
			places_[at].reset();
	}
}

} // namespace sockops::object
