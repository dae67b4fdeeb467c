// SPDX-License-Identifier: MIT
#include "flow_rules.hpp"

#include <sockops/bpf/ctx_access.hpp>
#include <sockops/bpf/helper_names.hpp>
#include <sockops/bpf/kfunc_table.hpp>

#include "helper_faces.hpp"

namespace sockops::vm {

namespace {

using what = known_value::what;

std::string reg_name(u32 reg) { return std::string("R").append(std::to_string(reg)); }

struct read_registers {
	bool r0, src, dst;
};

read_registers read_by(bpf_insn insn) {
	const u8 cls = class_of(insn);
	const u8 op = insn.code & alu_op::mask;
	const bool by_register = insn.code & insn_source::x;
	if (cls == insn_class::alu || cls == insn_class::alu64)
		return {false, by_register && op != alu_op::end, op != alu_op::mov};
	if (is_conditional(insn))
		return {false, by_register, true};
	const bool atomic = cls == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic;
	const bool acquires = atomic && insn.imm == atomic_op::load_acq;
	return {atomic && insn.imm == atomic_op::cmpxchg, cls == insn_class::ldx || cls == insn_class::stx,
			cls == insn_class::st || (cls == insn_class::stx && !acquires)};
}

/// " (snd_cwnd, 4 bytes, read only; …)": the field at a place of the context.
std::string field_in_words(s64 from, bool write) {
	for (const ctx_field& field : ctx_fields)
		if (from >= field.offset && from < field.offset + field.size * field.count)
			return " (" + std::string(field.name) + ", " + std::to_string(field.size) + " bytes" +
				   (write && !field.writable ? ", read only; writable are reply and sk_txhash)" : ")");
	return "; struct bpf_sock_ops has " + std::to_string(bpf_sock_ops_size) + " bytes";
}

} // namespace

refusal rule_of_sources(bpf_insn insn, const known_registers& regs) {
	const read_registers reads = read_by(insn);
	for (const auto& [is_read, reg] : {std::pair(reads.r0, u32{0}), std::pair(reads.src, u32{insn.src_reg}),
									   std::pair(reads.dst, u32{insn.dst_reg})})
		if (is_read && regs.regs[reg].is == what::unset)
			return {EACCES, 0, reg_name(reg) + " !read_ok: it was never written"};
	return {};
}

refusal rule_of_return(const known_value& r0, bool raw) {
	if (r0.is == what::unset)
		return {EACCES, 0, "R0 !read_ok: the program returns nothing"};
	if (raw || r0.is == what::anything)
		return {};
	if (r0.is != what::number)
		return {EACCES, 0, "the program returns a pointer"};
	if (r0.value > 1)
		return {EINVAL, 0,
				"At program exit the register R0 has value " + std::to_string(static_cast<s64>(r0.value)) +
					"; a sock_ops program returns 0 or 1"};
	return {};
}

refusal rule_of_frame(s64 from, u32 size) {
	if (from >= -s64{max_bpf_stack} && from <= -s64{size})
		return {};
	const u64 distance = from < 0 ? u64{0} - static_cast<u64>(from) : static_cast<u64>(from);
	return {EACCES, 0,
			"invalid stack access: " + std::to_string(size) + " bytes at r10 " + (from < 0 ? "- " : "+ ") +
				std::to_string(distance) + "; the stack is r10 - 512 to r10 - 1"};
}

refusal rule_of_ctx(s64 from, u32 size, bool write) {
	if (from >= 0 && from < s64{bpf_sock_ops_size} &&
		sock_ops_is_valid_access(static_cast<s32>(from), size, write))
		return {};
	return {EACCES, 0,
			std::string("invalid bpf_context access: ") + (write ? "writes " : "reads ") +
				std::to_string(size) + " bytes at offset " + std::to_string(from) +
				field_in_words(from, write)};
}

refusal rule_of_numbers(u32 reg, u64 value) {
	return {EACCES, 0,
			reg_name(reg) + " invalid mem access 'scalar': it is the number " + std::to_string(value)};
}

namespace {

refusal rule_of_helper(const bpf_prog_load_attr& attr, s32 imm) {
	const auto id = static_cast<u32>(imm);
	const bpf_helper* const row = find_helper(id);
	if (!row)
		return {EINVAL, 0,
				id > max_bpf_helper_id ? "invalid func unknown#" + std::to_string(imm)
									   : "program of this type cannot use helper " + bpf_helper_name(id) +
											 "#" + std::to_string(id) + ": it is not for SOCK_OPS programs"};
	const std::string name(row->name);
	if (row->gpl_only && !is_gpl_compatible(attr.license))
		return {EINVAL, 0,
				name + "() is only for programs with a licence compatible with the GPL, which '" +
					attr.license + "' is not"};
	if (id != helper_tail_call && !find_helper_face(id))
		return {EINVAL, 0,
				name + "() is not here: what it asks of a kernel has no counterpart in this library"};
	return {};
}

refusal rule_of_map_argument(const bpf_map_attr& map, s32 imm) {
	constexpr s32 lookup = 1, update = 2;
	if (bpf_map_type_holds(map.map_type) != map_holds::sockets)
		return {};
	const std::string of_map =
		std::string(" of the ") + bpf_map_type_name(map.map_type) + " '" + map.map_name + "'";
	if (imm == lookup)
		return {
			EINVAL, 0,
			"bpf_map_lookup_elem()" + of_map +
				" gives a socket with a reference, which would leak: bpf_sk_release() is not for SOCK_OPS "
				"programs"};
	if (imm == update)
		return {
			EINVAL, 0,
			"cannot update sockmap in this context: bpf_map_update_elem()" + of_map +
				" is not for SOCK_OPS programs, which enter their own socket by " +
				(map.map_type == BPF_MAP_TYPE_SOCKMAP ? "bpf_sock_map_update()" : "bpf_sock_hash_update()")};
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
	return find_kfunc_face(*name) ? refusal{} : refusal{EINVAL, 0, kfunc_refusal(*name)};
}

} // namespace

refusal rule_of_call(const bpf_prog_load_attr& attr, bpf_insn insn, const known_value& first) {
	if (insn.src_reg == call_kind::kfunc)
		return rule_of_kfunc(attr, insn.imm);
	if (refusal wrong = rule_of_helper(attr, insn.imm))
		return wrong;
	return first.is == what::map ? rule_of_map_argument(attr.maps[first.map].get()->attr, insn.imm)
								 : refusal{};
}

bool leaves_nothing(const bpf_prog_load_attr& attr, bpf_insn insn) {
	const helper::call_prototype* const called = prototype_of_call(attr, insn);
	return called && parse_prototype(helper::text_of(called->name)).self.type == "void";
}

} // namespace sockops::vm
