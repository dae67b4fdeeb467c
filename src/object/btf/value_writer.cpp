// SPDX-License-Identifier: MIT
// The way through a value, by its type.
#include "value_writer.hpp"

#include <cstring>

namespace sockops::object {
namespace {

constexpr u32 max_depth = 32;
constexpr std::size_t max_text =
	1u << 16; ///< characters of a struct's members, about: types can double at each level

/// "TCP_CLOSE"; "" for a number without a name.
std::string enumerator_name(const ::btf& types, const ::btf_type* type, s64 value) {
	for (u32 i = 0; i != ::btf_vlen(type); ++i) {
		if (::btf_is_enum(type)) {
			const auto& each = ::btf_enum(type)[i];
			if (each.val == static_cast<s32>(value))
				return name_at(types, each.name_off);
		} else {
			const auto& each = ::btf_enum64(type)[i];
			if (::btf_enum64_value(&each) == static_cast<u64>(value))
				return name_at(types, each.name_off);
		}
	}
	return {};
}

std::string write_number(const value_place& at, const ::btf_type* type, const value_style& style) {
	if (at.bytes.empty() || (at.bytes.size() > sizeof(u64) && !at.bit_size))
		return style.bytes(at.bytes);
	const scalar_number number = read_scalar(&at.types, at.type, at.bytes, at.bit_offset, at.bit_size);
	if (::btf_is_any_enum(type)) {
		const std::string name = enumerator_name(at.types, type, number.bits);
		return name.empty() ? style.number(number) : style.enumerator(name);
	}
	if (::btf_is_int(type) && (::btf_int_encoding(type) & BTF_INT_BOOL))
		return style.boolean(number.bits != 0);
	return ::btf_is_ptr(type) ? style.pointer(static_cast<u64>(number.bits)) : style.number(number);
}

std::string write_float(const value_place& at, const value_style& style) {
	double value = 0;
	float narrow;
	if (at.bytes.size() == sizeof narrow) {
		std::memcpy(&narrow, at.bytes.data(), sizeof narrow);
		value = narrow;
	} else if (at.bytes.size() == sizeof value)
		std::memcpy(&value, at.bytes.data(), sizeof value);
	else
		return style.bytes(at.bytes);
	return style.floating(value);
}

std::string write_members(const value_place& at, const value_style& style) {
	std::vector<std::pair<std::string, std::string>> all;
	std::size_t length = 0;
	for (const found_member& each : members_of(at.types, at.type)) {
		if (length > max_text)
			return style.members(all, true);
		const u32 from = each.bit_offset / 8, in_byte = each.bit_offset % 8;
		const u32 size =
			each.bit_size ? (in_byte + each.bit_size + 7) / 8 : size_of_type(at.types, each.type);
		const bool is_there = from <= at.bytes.size() && size <= at.bytes.size() - from;
		all.emplace_back(each.name,
						 is_there ? write_value({at.types, each.type, at.bytes.subspan(from, size),
												 each.bit_size ? in_byte : 0, each.bit_size, at.depth + 1},
												style)
								  : style.not_there());
		length += each.name.size() + all.back().second.size();
	}
	return style.members(all, false);
}

std::string write_elements(const value_place& at, const ::btf_type* type, const value_style& style) {
	const u32 element = ::btf_array(type)->type;
	if (is_char_array(at.types, at.type))
		return style.text(at.bytes);
	const std::size_t size = size_of_type(at.types, element);
	std::vector<std::string> all;
	for (std::size_t from = 0; size != 0 && size <= at.bytes.size() - from; from += size)
		all.push_back(
			write_value({at.types, element, at.bytes.subspan(from, size), 0, 0, at.depth + 1}, style));
	return style.elements(all);
}

} // namespace

std::string write_value(const value_place& at, const value_style& style) {
	const ::btf_type* const type = type_at(at.types, without_modifiers(at.types, at.type));
	if (!type || at.depth > max_depth)
		return style.bytes(at.bytes);
	switch (::btf_kind(type)) {
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_PTR:
		return write_number(at, type, style);
	case BTF_KIND_FLOAT:
		return write_float(at, style);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return write_members(at, style);
	case BTF_KIND_ARRAY:
		return write_elements(at, type, style);
	default:
		return style.bytes(at.bytes);
	}
}

} // namespace sockops::object
