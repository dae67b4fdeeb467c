// SPDX-License-Identifier: MIT
#include "helper_list.hpp"

#include <cstring>
#include <string>

#include <sockops/map/bpf_map.hpp>
#include <sockops/trace/call_text.hpp>

#include "../../vm/helper_faces.hpp"

namespace sockops_run {

namespace {

using namespace sockops;
using helper::argument_kind;
using helper::call_prototype;

std::string release_in_words(kernel_release since) {
	if (since == 0)
		return "by 6.18";
	return "since " + std::to_string(since >> 8) + "." + std::to_string(since & 255);
}

std::string map_types(std::span<const u32> types) {
	std::string words;
	for (const u32 each : types)
		words.append(words.empty() ? "" : ", ").append(bpf_map_type_name(each));
	return words.empty() ? "a map of any type" : "a map of type " + words;
}

/// "": its type says it.
std::string in_words(const argument_kind& kind) {
	using is = argument_kind::what;
	switch (kind.is) {
	case is::size:
		return kind.may_be_empty ? "bytes of the memory before it"
								 : "bytes of the memory before it, 1 or more";
	case is::amount:
		return "a number that is known before the program runs";
	case is::context:
		return "what the program was given in r1";
	case is::kernel_context:
		return "what bpf_cast_to_kern_ctx() returned";
	case is::map:
		return map_types(kind.map_types);
	case is::key:
		return "a key of the map";
	case is::value:
		return "a value of the map";
	case is::memory:
		return "memory of the program";
	case is::variable:
		return std::to_string(kind.width) + " bytes, which are written";
	case is::constant_string:
		return "a string constant";
	case is::socket:
		return "skops->sk, or the same by another type";
	case is::lock:
		return "the bpf_spin_lock of a map's value";
	case is::record:
		return "what bpf_ringbuf_reserve() returned";
	case is::stack_object:
		return "a variable on the stack";
	case is::function:
		return "a function of the program, static or __noinline";
	case is::address:
		return "any address";
	default:
		return {};
	}
}

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
		<< release_in_words(row.since) << (row.gpl_only ? ", with a licence compatible with the GPL" : "")
		<< (row.prototype.empty() ? "; not here: what it asks of a kernel has no counterpart" : "") << '\n';
	const bpf_insn call{insn_class::jmp | jmp_op::call, 0, call_kind::helper, 0, static_cast<s32>(row.id)};
	if (const call_prototype* const known = vm::prototype_of_call({}, call))
		print_call(out, *known);
	print_ops(out, row);
}

void print_kfunc(std::ostream& out, const bpf_kfunc& row) {
	out << (row.prototype.empty() ? row.name : row.prototype) << "\n    kfunc, "
		<< release_in_words(row.since);
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
