// SPDX-License-Identifier: MIT
#include "core_relocations.hpp"

#include <algorithm>

#include <sockops/vm/core_types.hpp>

#include "../../kern/release_words.hpp"
#include "../libbpf/poisoned.hpp"
#include "subject_age.hpp"

namespace sockops::object {
namespace {

/// By a place within the instruction: the compiler's own reading of a member. BPF_CORE_READ_BITFIELD() has
/// the place as a number.
bool accesses_memory(bpf_insn insn) noexcept {
	const u8 cls = insn.code & insn_class::mask;
	return cls == insn_class::ldx || cls == insn_class::st || cls == insn_class::stx;
}

/// "bpf_core_field_exists" of the kinds that ask; nullptr of others.
const char* question_of(core_kind kind) noexcept {
	switch (kind) {
	case core_kind::field_exists:
		return "bpf_core_field_exists";
	case core_kind::type_exists:
		return "bpf_core_type_exists";
	case core_kind::type_matches:
		return "bpf_core_type_matches";
	case core_kind::enumval_exists:
		return "bpf_core_enum_value_exists";
	default:
		return nullptr;
	}
}

bool is_modelled(const std::string& type) {
	return std::ranges::any_of(core_members(), [&](const core_member& each) { return type == each.type; });
}

} // namespace

core_relocations::core_relocations(btf_ptr object, std::span<const std::byte> image)
	: object_(std::move(object)) {
	if (!object_)
		return;
	records_ = read_core_records(image);
	if (!records_.empty())
		kernel_ = kernel_types_for(*object_, records_);
}

const core_record* core_relocations::find(core_place place) const noexcept {
	const auto found = records_.find(place);
	return found == records_.end() ? nullptr : &found->second;
}

/// A bit field of the kernel's that is none here: the compiler takes its bits out of the place where they are
/// in the header, without a relocation for them.
bool core_relocations::misreads_bit_field(const core_record& record) const {
	if (record.kind != core_kind::field_byte_offset || !subject_of(*object_, record).is_bit_field)
		return false;
	const ::btf_type* const root = type_at(*object_, without_modifiers(*object_, record.type));
	return root && is_modelled(essential_name(name_at(*object_, root->name_off)));
}

std::string core_relocations::unusable(core_place place, bpf_insn insn) const {
	const core_record* const record = find(place);
	if (is_poisoned_by_core(insn))
		return (record && kernel_.types
					? not_found_in_words(*object_, *kernel_.types, *record)
					: std::string("CO-RE: an instruction that libbpf could not relocate")) +
			   "; bpf_core_field_exists() and its kin tell a program so before it asks";
	if (!record || !accesses_memory(insn) || !misreads_bit_field(*record))
		return {};
	const core_subject about = subject_of(*object_, *record);
	return "CO-RE: " + about.type + "." + about.member +
		   " is read as a bit field of the header's layout, which CO-RE does not relocate: "
		   "BPF_CORE_READ_BITFIELD() reads it";
}

namespace {
std::string asked_in_words(const char* question, const core_subject& about) {
	return std::string(question) + "(" + about.type +
		   (about.member.empty() ? ""
			: about.is_value     ? ", "
								 : ".") +
		   about.member + ")";
}
} // namespace

std::string core_relocations::answered_no(core_place place, bpf_insn insn) const {
	const core_record* const record = find(place);
	const char* const question = record ? question_of(record->kind) : nullptr;
	if (!question || insn.imm != 0 || is_poisoned_by_core(insn))
		return {};
	return asked_in_words(question, subject_of(*object_, *record)) + " is 0: not in this library";
}

std::string core_relocations::too_young(core_place place, bpf_insn insn, kernel_release kernel) const {
	const core_record* const record = find(place);
	const char* const question = record ? question_of(record->kind) : nullptr;
	if (!question || insn.imm == 0 || is_poisoned_by_core(insn))
		return {};
	const core_subject about = subject_of(*object_, *record);
	return is_younger(about, kernel)
			   ? asked_in_words(question, about) + " is 0 in " + detail::release_in_words(kernel)
			   : std::string();
}

} // namespace sockops::object
