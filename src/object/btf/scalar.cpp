// SPDX-License-Identifier: MIT
// Numbers by their BTF.
#include "scalar.hpp"

#include <cerrno>
#include <cstring>

#include "../object_failure.hpp"
#include "btf_types.hpp"

namespace sockops::object {
namespace {

constexpr u32 word_bits = 64;

/// The bytes as one number, low byte first; of more than 8 bytes, those of a bit field that crosses a word.
u64 bits_at(std::span<const std::byte> bytes, u32 bit_offset, u32 bits) noexcept {
	u64 value = 0;
	for (u32 i = 0; i != bits; ++i) {
		const u32 at = bit_offset + i;
		if (std::to_integer<u32>(bytes[at / 8]) >> at % 8 & 1)
			value |= u64{1} << i;
	}
	return value;
}

} // namespace

scalar_type scalar_of(const ::btf* types, u32 id, std::size_t bytes) {
	const ::btf_type* const type = types ? type_at(*types, without_modifiers(*types, id)) : nullptr;
	bool is_signed = false;
	bool is_scalar = true;
	if (type)
		switch (::btf_kind(type)) {
		case BTF_KIND_INT:
			is_signed = (::btf_int_encoding(type) & BTF_INT_SIGNED) != 0;
			break;
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			is_signed = ::btf_kflag(type);
			break;
		case BTF_KIND_PTR:
			break;
		default:
			is_scalar = false;
		}
	if (!is_scalar || bytes == 0 || bytes > sizeof(u64))
		fail_object(EINVAL, "a " + (type ? type_in_words(*types, id) : "value") + " of " +
								std::to_string(bytes) +
								" bytes is no number: take a member or an element of it");
	return {static_cast<u32>(bytes * 8), is_signed};
}

scalar_number read_scalar(const ::btf* types, u32 type, std::span<const std::byte> bytes, u32 bit_offset,
						  u32 bit_size) {
	// The bytes of a bit field may be one more than its type has.
	const std::size_t counted = bit_size ? std::min(bytes.size(), sizeof(u64)) : bytes.size();
	const scalar_type as = scalar_of(types, type, counted);
	const u32 bits = bit_size ? std::min(bit_size, word_bits) : as.bits;
	u64 value = bits_at(bytes, bit_offset, bits);
	if (as.is_signed && bits < word_bits && (value >> (bits - 1) & 1))
		value |= ~u64{0} << bits;
	return {static_cast<s64>(value), as.is_signed};
}

void write_bits(std::span<std::byte> to, u32 bit_offset, u32 bits, u64 value) noexcept {
	for (u32 i = 0; i != bits; ++i) {
		const u32 at = bit_offset + i;
		const std::byte bit{static_cast<u8>(1u << at % 8)};
		to[at / 8] = value >> i & 1 ? to[at / 8] | bit : to[at / 8] & ~bit;
	}
}

bool fits(const scalar_number& number, u32 bits, bool is_signed) noexcept {
	const bool is_negative = number.is_signed && number.bits < 0;
	if (is_negative)
		return is_signed && (bits >= word_bits || number.bits >= -(s64{1} << (bits - 1)));
	const u32 room = is_signed ? bits - 1 : bits;
	return room >= word_bits || static_cast<u64>(number.bits) >> room == 0;
}

std::string in_words(const scalar_number& number) {
	return number.is_signed ? std::to_string(number.bits) : std::to_string(static_cast<u64>(number.bits));
}

} // namespace sockops::object
