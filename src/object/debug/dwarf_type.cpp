// SPDX-License-Identifier: MIT
#include "dwarf_type.hpp"

#include <dwarf.h>

#include <sockops/vm/insn.hpp>

namespace sockops::object {

namespace {

constexpr u32 max_depth = 32; // of typedefs, qualifiers and arrays

std::optional<u64> number_of(Dwarf_Die& of, unsigned name) {
	Dwarf_Attribute attribute;
	Dwarf_Word value = 0;
	if (!dwarf_attr_integrate(&of, name, &attribute) || dwarf_formudata(&attribute, &value) != 0)
		return std::nullopt;
	return value;
}

bool type_of(Dwarf_Die& of, Dwarf_Die& type) {
	Dwarf_Attribute attribute;
	return dwarf_attr_integrate(&of, DW_AT_type, &attribute) && dwarf_formref_die(&attribute, &type);
}

/// Of all dimensions; nullopt: of an array without an end, too.
std::optional<u64> elements_of(Dwarf_Die& array) {
	Dwarf_Die each;
	u64 all = 1;
	if (dwarf_child(&array, &each) != 0)
		return std::nullopt;
	u32 dimensions = 0;
	do {
		if (dwarf_tag(&each) != DW_TAG_subrange_type)
			continue;
		std::optional<u64> count = number_of(each, DW_AT_count);
		if (const auto last = number_of(each, DW_AT_upper_bound); !count && last)
			count = *last + 1;
		if (!count || *count > max_bpf_stack || ++dimensions > max_depth)
			return std::nullopt;
		all *= *count;
		if (all > max_bpf_stack)
			return std::nullopt;
	} while (dwarf_siblingof(&each, &each) == 0);
	return dimensions == 0 ? std::nullopt : std::optional(all);
}

std::optional<u64> bytes_of(Dwarf_Die& of, u32 depth) {
	if (const auto size = number_of(of, DW_AT_byte_size))
		return size;
	const int tag = dwarf_tag(&of);
	if (tag == DW_TAG_pointer_type)
		return sizeof(u64);
	Dwarf_Die type;
	if (depth == max_depth || !type_of(of, type))
		return std::nullopt;
	if (tag != DW_TAG_array_type)
		return bytes_of(type, depth + 1);
	const auto count = elements_of(of), size = bytes_of(type, depth + 1);
	if (!count || !size || *size > max_bpf_stack)
		return std::nullopt;
	return *count * *size;
}

u64 aligned(Dwarf_Die& of, u32 depth) {
	if (const auto alignment = number_of(of, DW_AT_alignment))
		return *alignment;
	Dwarf_Die type;
	return depth == max_depth || !type_of(of, type) ? 1 : aligned(type, depth + 1);
}

} // namespace

std::optional<u32> size_of(Dwarf_Die& of) {
	const auto size = bytes_of(of, 0);
	if (!size || *size == 0 || *size > max_bpf_stack)
		return std::nullopt;
	return static_cast<u32>(*size);
}

u32 alignment_of(Dwarf_Die& of) {
	const u64 alignment = aligned(of, 0);
	return alignment <= max_bpf_stack && alignment != 0 ? static_cast<u32>(alignment) : 1;
}

} // namespace sockops::object
