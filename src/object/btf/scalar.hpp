// SPDX-License-Identifier: MIT
// Integers, enumerations, bools and pointers as BTF describes them: of 1 to 8 bytes, or a bit field.
#pragma once

#include <span>
#include <string>

#include <sockops/kern/types.hpp>

struct btf;

namespace sockops::object {

struct scalar_type {
	u32 bits;
	bool is_signed;
};

struct scalar_number {
	s64 bits; ///< two's complement; of an unsigned one, its bits
	bool is_signed;
};

/// How bytes of a type are a number; of no known type: unsigned. Throws object_error for what is none.
[[nodiscard]] scalar_type scalar_of(const ::btf* types, u32 type, std::size_t bytes);
/// `bit_size` 0: all of the bytes; else so many bits, `bit_offset` bits behind the first byte's lowest.
[[nodiscard]] scalar_number read_scalar(const ::btf* types, u32 type, std::span<const std::byte> bytes,
										u32 bit_offset, u32 bit_size);
/// The lowest `bits` of value, into the bytes; the other bits stay.
void write_bits(std::span<std::byte> to, u32 bit_offset, u32 bits, u64 value) noexcept;

[[nodiscard]] bool fits(const scalar_number& number, u32 bits, bool is_signed) noexcept;
[[nodiscard]] std::string in_words(const scalar_number& number);

} // namespace sockops::object
