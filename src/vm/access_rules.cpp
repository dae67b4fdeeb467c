// SPDX-License-Identifier: MIT
#include "access_rules.hpp"

#include <sockops/bpf/ctx_access.hpp>
#include <sockops/bpf/helper_names.hpp>
#include <sockops/bpf/kfunc_table.hpp>

#include "helper_faces.hpp"

namespace sockops::vm {

namespace {

/// " (snd_cwnd, 4 bytes, read only; …)": the field at a place of the context.
std::string field_in_words(s64 from, bool write) {
	for (const ctx_field& field : ctx_fields)
		if (from >= field.offset && from < field.offset + field.size * field.count)
			return " (" + std::string(field.name) + ", " + std::to_string(field.size) + " bytes" +
				   (write && !field.writable ? ", read only; writable are reply and sk_txhash)" : ")");
	return "; struct bpf_sock_ops has " + std::to_string(bpf_sock_ops_size) + " bytes";
}

} // namespace

std::string why_not_in_frame(s64 from, u32 size) {
	const u64 distance = from < 0 ? u64{0} - static_cast<u64>(from) : static_cast<u64>(from);
	return "invalid stack access: " + std::to_string(size) + " bytes at r10 " + (from < 0 ? "- " : "+ ") +
		   std::to_string(distance) + "; the stack is r10 - 512 to r10 - 1";
}

std::string why_not_in_ctx(s64 from, u32 size, bool write) {
	return std::string("invalid bpf_context access: ") + (write ? "writes " : "reads ") +
		   std::to_string(size) + " bytes at offset " + std::to_string(from) + field_in_words(from, write);
}

namespace {

refusal not_here(std::string reason) {
	refusal wrong{EINVAL, 0, std::move(reason)};
	wrong.refused_by = bpf_load_error::by::not_here;
	return wrong;
}

refusal rule_of_helper(const bpf_prog_load_attr& attr, s32 imm) {
	const auto id = static_cast<u32>(imm);
	const bpf_helper* const row = find_helper(id);
	if (!row)
		return {EINVAL, 0,
				id > max_bpf_helper_id ? "invalid func unknown#" + std::to_string(imm)
									   : "program of this type cannot use helper " + bpf_helper_name(id) +
											 "#" + std::to_string(id) + ": it is not for SOCK_OPS programs"};
	const auto name = [row] { return std::string(row->name); };
	if (row->gpl_only && !is_gpl_compatible(attr.license))
		return {EINVAL, 0,
				name() + "() is only for programs with a licence compatible with the GPL, which '" +
					attr.license + "' is not"};
	if (id != helper_tail_call && !find_helper_face(id))
		return not_here(name() +
						"() is not here: what it asks of a kernel has no counterpart in this library");
	return {};
}

/// The name by which a kfunc is called; nullptr if there is none of that number.
const std::string* kfunc_name(const bpf_prog_load_attr& attr, s32 imm) {
	for (const auto& [number, name] : attr.kfuncs)
		if (number == imm)
			return &name;
	return nullptr;
}

refusal rule_of_kfunc(const bpf_prog_load_attr& attr, s32 imm) {
	const std::string* const name = kfunc_name(attr, imm);
	if (!name)
		return {EINVAL, 0, "kfunc #" + std::to_string(imm) + " is not known"};
	if (find_kfunc_face(*name))
		return {};
	const bool has_row = find_bpf_kfunc(*name) != nullptr;
	return has_row && find_bpf_kfunc(*name)->use == kfunc_use::callable
			   ? not_here(kfunc_refusal(*name))
			   : refusal{EINVAL, 0, kfunc_refusal(*name)};
}

} // namespace

refusal rule_of_call(const bpf_prog_load_attr& attr, bpf_insn insn) {
	if (insn.src_reg == call_kind::subprogram)
		return {};
	return insn.src_reg == call_kind::kfunc ? rule_of_kfunc(attr, insn.imm) : rule_of_helper(attr, insn.imm);
}

bool leaves_nothing(const bpf_prog_load_attr& attr, bpf_insn insn) {
	const helper::call_prototype* const called = prototype_of_call(attr, insn);
	return called && called->result == helper::gives::nothing;
}

} // namespace sockops::vm
