// SPDX-License-Identifier: MIT
// A value as C would write it.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>

#include <sockops/object/typed_value.hpp>

#include "btf_types.hpp"
#include "scalar.hpp"

namespace sockops {
namespace {

struct place {
	const ::btf& types;
	u32 type;
	std::span<const std::byte> bytes;
	u32 bit_offset = 0, bit_size = 0;
	u32 depth = 0;
};

constexpr u32 max_depth = 32; ///< of values within values

std::string write(const place& at);

std::string hex_bytes(std::span<const std::byte> bytes) {
	std::string text;
	for (const std::byte each : bytes) {
		char two[4];
		std::snprintf(two, sizeof two, "%02x ", std::to_integer<unsigned>(each));
		text += two;
	}
	if (!text.empty())
		text.pop_back();
	return text;
}

std::string quoted(std::span<const std::byte> bytes) {
	std::string text = "\"";
	for (const std::byte each : bytes) {
		const char c = static_cast<char>(each);
		if (c == '\0')
			break;
		char escaped[8];
		if (c == '"' || c == '\\')
			(text += '\\') += c;
		else if (std::isprint(static_cast<unsigned char>(c)))
			text += c;
		else {
			std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
			text += escaped;
		}
	}
	return text + '"';
}

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

std::string write_number(const place& at, const ::btf_type* type) {
	const scalar_number number = read_scalar(&at.types, at.type, at.bytes, at.bit_offset, at.bit_size);
	if (::btf_is_any_enum(type)) {
		const std::string name = enumerator_name(at.types, type, number.bits);
		return name.empty() ? in_words(number) : name;
	}
	if (::btf_is_int(type) && (::btf_int_encoding(type) & BTF_INT_BOOL))
		return number.bits ? "true" : "false";
	if (!::btf_is_ptr(type))
		return in_words(number);
	char hex[24];
	std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(number.bits));
	return hex;
}

std::string write_float(const place& at) {
	char text[40];
	double value = 0;
	float narrow;
	if (at.bytes.size() == sizeof narrow) {
		std::memcpy(&narrow, at.bytes.data(), sizeof narrow);
		value = narrow;
	} else if (at.bytes.size() == sizeof value)
		std::memcpy(&value, at.bytes.data(), sizeof value);
	else
		return hex_bytes(at.bytes);
	std::snprintf(text, sizeof text, "%g", value);
	return text;
}

constexpr std::size_t max_text =
	1u << 16; ///< characters of a struct's members, about: types can double at each level

std::string write_members(const place& at) {
	std::string text;
	for (const found_member& each : members_of(at.types, at.type)) {
		const u32 from = each.bit_offset / 8, in_byte = each.bit_offset % 8;
		const u32 size =
			each.bit_size ? (in_byte + each.bit_size + 7) / 8 : size_of_type(at.types, each.type);
		if (text.size() > max_text)
			return "{" + text + ", …}";
		text += (text.empty() ? "" : ", ") + each.name + " = ";
		if (from > at.bytes.size() || size > at.bytes.size() - from)
			text += "?";
		else
			text += write({at.types, each.type, at.bytes.subspan(from, size), each.bit_size ? in_byte : 0,
						   each.bit_size, at.depth + 1});
	}
	return "{" + text + "}";
}

std::string write_elements(const place& at, const ::btf_type* type) {
	const u32 element = ::btf_array(type)->type;
	const ::btf_type* const of = type_at(at.types, without_modifiers(at.types, element));
	if (of && ::btf_is_int(of) && std::strcmp(name_at(at.types, of->name_off), "char") == 0)
		return quoted(at.bytes);
	const std::size_t size = size_of_type(at.types, element);
	std::string text;
	for (std::size_t from = 0; size != 0 && size <= at.bytes.size() - from; from += size)
		text +=
			(from ? ", " : "") + write({at.types, element, at.bytes.subspan(from, size), 0, 0, at.depth + 1});
	return "{" + text + "}";
}

std::string write(const place& at) {
	const ::btf_type* const type = type_at(at.types, without_modifiers(at.types, at.type));
	if (!type || at.depth > max_depth)
		return hex_bytes(at.bytes);
	switch (::btf_kind(type)) {
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_PTR:
		return at.bytes.empty() || (at.bytes.size() > sizeof(u64) && !at.bit_size) ? hex_bytes(at.bytes)
																				   : write_number(at, type);
	case BTF_KIND_FLOAT:
		return write_float(at);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return write_members(at);
	case BTF_KIND_ARRAY:
		return write_elements(at, type);
	default:
		return hex_bytes(at.bytes);
	}
}

} // namespace

std::string typed_value::text() const {
	return types_ ? write({*types_, type_, bytes_, bit_offset_, bit_size_}) : hex_bytes(bytes_);
}

} // namespace sockops
