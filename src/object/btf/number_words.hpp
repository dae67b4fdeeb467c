// SPDX-License-Identifier: MIT
// Words that are numbers: digits, enumerators, bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "../libbpf/libbpf.hpp"
#include <sockops/kern/types.hpp>

namespace sockops::object {

struct integer {
	u64 bits;
	bool is_negative;
};

/// Decimal, 0x, negative; true and false.
[[nodiscard]] std::optional<integer> integer_of(std::string_view word);
/// "0a 00 00 01": two digits a byte, of two bytes and more; else nothing.
[[nodiscard]] std::vector<std::byte> hex_bytes(std::string_view text);
/// The value of an enumerator of this type; false: it has none of that name.
[[nodiscard]] bool enumerator(const ::btf& types, const ::btf_type* type, std::string_view name, u64& bits);
/// What an integer holds may be called by an enumerator of any of the object's types.
[[nodiscard]] std::optional<integer> enumerator_of_any(const ::btf& types, std::string_view name);

} // namespace sockops::object
