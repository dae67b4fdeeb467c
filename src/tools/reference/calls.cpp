// SPDX-License-Identifier: MIT
// The pages of helpers and of kfuncs.
#include <algorithm>
#include <cstring>

#include "../../helper/facts.hpp"
#include "../../vm/helper_faces.hpp"
#include "../call_words.hpp"
#include "markdown.hpp"
#include "page.hpp"

namespace sockops_reference {

namespace {

using namespace sockops;
using helper::call_prototype;

std::string ops(const bpf_helper& row) {
	if (row.ops == helper_ops::all_ops)
		return "all";
	const std::string elsewhere = "; elsewhere " + code("-" + std::string(::strerrorname_np(row.elsewhere)));
	if (row.ops == helper_ops::locked_ops)
		return "all but the TSTAMP ops" + elsewhere;
	std::vector<std::string> names;
	for (u32 op = 1; op != std::size(op_table); ++op)
		if (helper_works_in(row, op))
			names.push_back(op_name(op));
	return in_a_list(names) + elsewhere;
}

std::string arguments(const call_prototype& call) {
	const c_prototype text = parse_prototype(helper::text_of(call.name));
	std::string found;
	for (u32 i = 0; i != text.count; ++i)
		if (const std::string words = sockops_tools::in_words(call.arguments[i]); !words.empty())
			found.append("\n  - `")
				.append(text.arguments[i].name)
				.append("`: ")
				.append(words)
				.append(call.arguments[i].may_be_null ? ", or NULL" : "");
	return found;
}

std::string native(const call_prototype& call) {
	return call.is_native ? "" : "not in natively compiled programs: it leads to the kernel's types";
}

std::string section(std::string_view name, std::string_view prototype) {
	return "## " + std::string(name) + "\n\n```c\n" + std::string(prototype) + ";\n```\n\n" +
		   std::string(helper::facts_of(name).what) + "\n\n";
}

/// "-EFAULT, -ERANGE: no memory there": the errnos as code.
std::string with_errnos_as_code(std::string_view answer) {
	std::string text;
	while (answer.starts_with("-E")) {
		const std::size_t end =
			std::min(answer.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 1), answer.size());
		text += code(answer.substr(0, end));
		answer.remove_prefix(end);
		if (!answer.starts_with(", -E"))
			break;
		text += ", ";
		answer.remove_prefix(2);
	}
	return text.append(answer);
}

/// What helper::facts has between semicolons, each below the other if there are several.
std::string answers(std::string_view name) {
	std::string_view left = helper::facts_of(name).answers;
	std::vector<std::string> each;
	while (!left.empty()) {
		const std::size_t end = left.find("; ");
		each.push_back(with_errnos_as_code(left.substr(0, end)));
		left = end == left.npos ? std::string_view() : left.substr(end + 2);
	}
	if (each.size() < 2)
		return each.empty() ? "" : each.front();
	std::string text;
	for (const std::string& one : each)
		text += "\n  - " + one;
	return text;
}

std::string helper_section(const bpf_helper& row) {
	const bpf_insn insn{insn_class::jmp | jmp_op::call, 0, call_kind::helper, 0, static_cast<s32>(row.id)};
	const call_prototype& call = *vm::prototype_of_call({}, insn);
	return section(row.name, row.prototype) + item("returns", answers(row.name)) +
		   item("arguments", arguments(call)) + item("ops", ops(row)) +
		   item("number", std::to_string(row.id) + ", " + sockops_tools::since_in_words(row.since)) +
		   item("licence", row.gpl_only ? "compatible with the GPL" : "") + item("runs", native(call)) + "\n";
}

std::string kfunc_section(const bpf_kfunc& row) {
	const call_prototype& call = vm::find_kfunc_face(row.name)->prototype;
	const bpf_helper* const known = find_helper(row.name);
	return section(row.name, row.prototype) + item("returns", answers(row.name)) +
		   item("arguments", arguments(call)) + item("ops", known ? ops(*known) : "all") +
		   item("since", release_number(row.since)) + item("runs", native(call)) + "\n";
}

} // namespace

std::string helpers_page() {
	std::string text = page_head("Helpers",
								 "For who writes a program: each helper that a SOCK_OPS program may call, "
								 "with every capability, on Linux 6.18.",
								 "bpf/helper_table.hpp");
	text += "Functions that are called by name: [kfuncs](kfuncs.md). What a helper does in an op of its "
			"own:\n[ops](ops.md).\n\n";
	text += table({"helper", "number", "does"});
	std::vector<std::string> absent;
	for (const bpf_helper& each : bpf_helpers) {
		if (!each.prototype.empty())
			text += row({"[" + code(each.name) + "](#" + std::string(each.name) + ")",
						 std::to_string(each.id), std::string(helper::facts_of(each.name).what)});
		else if (each.id != 0)
			absent.push_back(code(each.name) + " (" + std::to_string(each.id) + ")");
	}
	text += "\n";
	for (const bpf_helper& each : bpf_helpers)
		if (!each.prototype.empty())
			text += helper_section(each);
	return text +
		   "## Not here\n\nA kernel lets a SOCK_OPS program call these, too. What they ask of a kernel has "
		   "no\n"
		   "counterpart here, and a program that calls one is refused by its name:\n" +
		   in_a_list(absent) + ".\n\nNext: [kfuncs](kfuncs.md), [maps](maps.md).\n";
}

std::string kfuncs_page() {
	std::string text = page_head("Kfuncs",
								 "For who writes a program: functions of the kernel that a SOCK_OPS program "
								 "calls by name, on Linux 6.18.",
								 "bpf/kfunc_table.hpp");
	text += table({"kfunc", "since", "does"});
	for (const bpf_kfunc& each : bpf_kfuncs)
		if (!each.prototype.empty())
			text += row({"[" + code(each.name) + "](#" + std::string(each.name) + ")",
						 release_number(each.since), std::string(helper::facts_of(each.name).what)});
	text += "\n";
	for (const bpf_kfunc& each : bpf_kfuncs)
		if (!each.prototype.empty())
			text += kfunc_section(each);
	text += "## Not here\n\nA program that calls one of these is refused by its name, with the reason. Those "
			"that may sleep the\n"
			"kernel refuses, too.\n\n";
	text += table({"kfunc", "why"});
	for (const bpf_kfunc& each : bpf_kfuncs)
		if (each.prototype.empty())
			text += row({code(each.name), std::string(each.why_not)});
	return text + "\nNext: [helpers](helpers.md).\n";
}

} // namespace sockops_reference
