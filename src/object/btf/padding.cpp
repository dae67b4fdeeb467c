// SPDX-License-Identifier: MIT
#include "padding.hpp"

#include <algorithm>

namespace sockops::object {

namespace {

/// Takes away the bytes from `at` that a type has; `left`: how deep structs may lie in each other.
void take_members(const ::btf& types, u32 id, u64 at, vm::padding_bytes& padding, u32 left) {
	id = without_modifiers(types, id);
	const ::btf_type* const type = type_at(types, id);
	if (!type || left == 0)
		return;
	if (::btf_is_composite(type)) {
		for (const found_member& each : members_of(types, id)) {
			if (each.bit_size == 0) {
				take_members(types, each.type, at + each.bit_offset / 8, padding, left - 1);
				continue;
			}
			for (u32 bit = each.bit_offset; bit < each.bit_offset + each.bit_size; ++bit)
				if (at + bit / 8 < padding.size())
					padding[at + bit / 8] = false;
		}
		return;
	}
	if (::btf_is_array(type)) {
		const auto& array = *::btf_array(type);
		const u64 step = size_of_type(types, array.type);
		for (u64 i = 0; step != 0 && i != array.nelems && at + i * step < padding.size(); ++i)
			take_members(types, array.type, at + i * step, padding, left - 1);
		return;
	}
	const u64 end = std::min<u64>(at + size_of_type(types, id), padding.size());
	std::fill(padding.begin() + static_cast<std::ptrdiff_t>(std::min<u64>(at, end)),
			  padding.begin() + static_cast<std::ptrdiff_t>(end), false);
}

} // namespace

vm::padding_bytes padding_of(const ::btf& types, u32 id) {
	constexpr u32 deepest = 16, largest = 1 << 16;
	vm::padding_bytes padding(std::min(size_of_type(types, id), largest), true);
	take_members(types, id, 0, padding, deepest);
	return padding;
}

} // namespace sockops::object
