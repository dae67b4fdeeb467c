// SPDX-License-Identifier: MIT
#include "number_words.hpp"

#include <algorithm>
#include <charconv>

#include "btf_types.hpp"

namespace sockops::object {

std::optional<integer> integer_of(std::string_view word) {
	if (word == "true" || word == "false")
		return integer{word == "true", false};
	const bool is_negative = word.starts_with('-');
	word.remove_prefix(is_negative);
	const bool is_hex = word.starts_with("0x") || word.starts_with("0X");
	word.remove_prefix(is_hex ? 2 : 0);
	u64 bits = 0;
	const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), bits, is_hex ? 16 : 10);
	if (word.empty() || error != std::errc() || end != word.data() + word.size() ||
		(is_negative && bits > u64{1} << 63))
		return std::nullopt;
	return integer{is_negative ? 0 - bits : bits, is_negative};
}

std::vector<std::byte> hex_bytes(std::string_view text) {
	std::vector<std::byte> bytes;
	for (; text.size() >= 2; text.remove_prefix(std::min<std::size_t>(text.size(), 3))) {
		u8 each = 0;
		const auto [end, error] = std::from_chars(text.data(), text.data() + 2, each, 16);
		if (error != std::errc() || end != text.data() + 2 || (text.size() > 2 && text[2] != ' '))
			return {};
		bytes.push_back(std::byte{each});
	}
	return text.empty() && bytes.size() > 1 ? bytes : std::vector<std::byte>();
}

bool enumerator(const ::btf& types, const ::btf_type* type, std::string_view name, u64& bits) {
	for (u32 i = 0; i != ::btf_vlen(type); ++i) {
		const bool is_wide = ::btf_is_enum64(type);
		const u32 its_name = is_wide ? ::btf_enum64(type)[i].name_off : ::btf_enum(type)[i].name_off;
		if (name != name_at(types, its_name))
			continue;
		bits = is_wide ? ::btf_enum64_value(&::btf_enum64(type)[i])
					   : static_cast<u64>(static_cast<s64>(::btf_enum(type)[i].val));
		if (!is_wide && !::btf_kflag(type))
			bits &= 0xffff'ffff;
		return true;
	}
	return false;
}

std::optional<integer> enumerator_of_any(const ::btf& types, std::string_view name) {
	u64 bits = 0;
	for (u32 id = 1; const ::btf_type* const type = type_at(types, id); ++id)
		if (::btf_is_any_enum(type) && enumerator(types, type, name, bits))
			return integer{bits, ::btf_kflag(type) && static_cast<s64>(bits) < 0};
	return std::nullopt;
}

} // namespace sockops::object
