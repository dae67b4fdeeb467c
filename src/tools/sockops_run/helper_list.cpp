// SPDX-License-Identifier: MIT
#include "helper_list.hpp"

#include <cstring>
#include <string>

#include <sockops/trace/call_text.hpp>

#include "../../vm/helper_faces.hpp"
#include "../call_words.hpp"

namespace sockops_run {

namespace {

using namespace sockops;
using helper::call_prototype;
using sockops_tools::in_words;
using sockops_tools::since_in_words;

void print_call(std::ostream& out, const call_prototype& call) {
	const c_prototype text = parse_prototype(helper::text_of(call.name));
	for (u32 i = 0; i != text.count; ++i) {
		const std::string words = in_words(call.arguments[i]);
		if (words.empty())
			continue;
		out << "    " << text.arguments[i].name << ": " << words
			<< (call.arguments[i].may_be_null ? ", or NULL" : "") << '\n';
	}
	if (!call.is_native)
		out << "    not natively: it leads to the kernel's types\n";
}

void print_ops(std::ostream& out, const bpf_helper& row) {
	if (row.ops == helper_ops::all_ops)
		return;
	out << "    works in";
	for (u32 op = 1; op != BPF_SOCK_OPS_TSTAMP_SENDMSG_CB + 1u; ++op)
		if (helper_works_in(row, op))
			out << ' ' << short_op_name(op);
	out << "; elsewhere -" << u32{row.elsewhere} << " (" << ::strerrorname_np(row.elsewhere) << ")\n";
}

void print_helper(std::ostream& out, const bpf_helper& row) {
	out << (row.prototype.empty() ? row.name : row.prototype) << "\n    number " << u32{row.id} << ", "
		<< since_in_words(row.since) << (row.gpl_only ? ", with a licence compatible with the GPL" : "")
		<< (row.prototype.empty() ? "; not here: what it asks of a kernel has no counterpart" : "") << '\n';
	const bpf_insn call{insn_class::jmp | jmp_op::call, 0, call_kind::helper, 0, static_cast<s32>(row.id)};
	if (const call_prototype* const known = vm::prototype_of_call({}, call))
		print_call(out, *known);
	print_ops(out, row);
}

void print_kfunc(std::ostream& out, const bpf_kfunc& row) {
	out << (row.prototype.empty() ? row.name : row.prototype) << "\n    kfunc, " << since_in_words(row.since);
	if (row.prototype.empty())
		out << "; not here: " << row.why_not;
	out << '\n';
	if (const vm::helper_face* const known = vm::find_kfunc_face(row.name))
		print_call(out, known->prototype);
	if (const bpf_helper* const ops = find_helper(row.name))
		print_ops(out, *ops);
}

} // namespace

void print_helpers(std::ostream& out) {
	for (const bpf_helper& row : bpf_helpers)
		if (row.id != 0)
			print_helper(out, row);
	for (const bpf_kfunc& row : bpf_kfuncs)
		print_kfunc(out, row);
}

} // namespace sockops_run
