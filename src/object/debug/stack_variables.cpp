// SPDX-License-Identifier: MIT
#include "stack_variables.hpp"

#include <algorithm>

namespace sockops::object {

void stack_variables::add(std::span<const std::byte> file) {
	for (function_variables& each : read_stack_variables(file))
		functions_.emplace(each.function, std::move(each));
}

std::vector<bpf_stack_variable> stack_variables::of_program(std::span<const bpf_function> functions,
															u32 insns) const {
	std::vector<bpf_stack_variable> all;
	for (std::size_t i = 0; i != functions.size(); ++i) {
		const u32 begin = functions[i].insn, end = i + 1 == functions.size() ? insns : functions[i + 1].insn;
		const auto [first, last] = functions_.equal_range(functions[i].name);
		const auto is_this = [&](const auto& each) { return each.second.insns == end - begin; };
		const auto found = std::find_if(first, last, is_this);
		if (found == last || std::find_if(std::next(found), last, is_this) != last)
			continue; // none, or it cannot be told which
		for (bpf_stack_variable each : found->second.variables) {
			each.from += begin;
			each.to += begin;
			all.push_back(std::move(each));
		}
	}
	std::ranges::stable_sort(all, {}, &bpf_stack_variable::from);
	return all;
}

} // namespace sockops::object
