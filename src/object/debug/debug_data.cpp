// SPDX-License-Identifier: MIT
#include "debug_data.hpp"

#include <algorithm>

namespace sockops::object {

void debug_data::add(std::span<const std::byte> file) {
	for (debug_function& each : read_debug_data(file))
		functions_.emplace(each.function, std::move(each));
}

/// nullptr: there is none, or it cannot be told which of several it is.
const debug_function* debug_data::find(const std::string& name, u32 insns) const {
	const auto [first, last] = functions_.equal_range(name);
	const auto is_this = [&](const auto& each) { return each.second.insns == insns; };
	const auto found = std::find_if(first, last, is_this);
	return found == last || std::find_if(std::next(found), last, is_this) != last ? nullptr : &found->second;
}

namespace {

void tell_function(const debug_function& of, u32 begin, bpf_prog_load_attr& to,
				   std::vector<u32>& without_line) {
	for (bpf_stack_variable each : of.variables) {
		each.from += begin;
		each.to += begin;
		to.variables.push_back(std::move(each));
	}
	for (const u32 at : of.without_line)
		without_line.push_back(begin + at);
}

/// Where no line begins already.
void end_lines(const std::vector<u32>& at, std::vector<bpf_source_line>& lines) {
	std::vector<bpf_source_line> more;
	for (const u32 insn : at)
		if (!std::ranges::binary_search(lines, insn, {}, &bpf_source_line::insn))
			more.push_back({insn});
	lines.insert(lines.end(), more.begin(), more.end());
	std::ranges::stable_sort(lines, {}, &bpf_source_line::insn);
}

} // namespace

void debug_data::tell(bpf_prog_load_attr& program) const {
	const std::vector<bpf_function>& functions = program.functions;
	std::vector<u32> without_line;
	for (std::size_t i = 0; i != functions.size(); ++i) {
		const u32 begin = functions[i].insn;
		const auto end =
			i + 1 == functions.size() ? static_cast<u32>(program.insns.size()) : functions[i + 1].insn;
		if (const debug_function* const found = find(functions[i].name, end - begin))
			tell_function(*found, begin, program, without_line);
	}
	if (!program.lines.empty())
		end_lines(without_line, program.lines);
	std::ranges::stable_sort(program.variables, {}, &bpf_stack_variable::from);
}

} // namespace sockops::object
