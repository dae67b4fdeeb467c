// SPDX-License-Identifier: MIT
#include "dwarf_place.hpp"

#include <dwarf.h>

namespace sockops::object {

std::optional<s64> place_on_stack(std::span<const Dwarf_Op> location, u32 size) noexcept {
	std::optional<s64> begin, place; // of the variable; of the piece
	u64 taken = 0;
	for (const Dwarf_Op& op : location) {
		const auto number = static_cast<s64>(op.number);
		if (number < -(s64{1} << 20) || number > s64{1} << 20) // in no frame
			return std::nullopt;
		switch (op.atom) {
		case DW_OP_fbreg:
		case DW_OP_breg10:
			if (place)
				return std::nullopt;
			place = number;
			break;
		case DW_OP_plus_uconst:
			if (!place)
				return std::nullopt;
			*place += number;
			break;
		case DW_OP_piece:
			if (!place || (begin && *place != *begin + static_cast<s64>(taken)))
				return std::nullopt;
			begin = begin ? begin : place;
			taken += op.number;
			place.reset();
			break;
		default: // in a register, computed, elsewhere
			return std::nullopt;
		}
	}
	if (place)
		return begin ? std::nullopt : place;
	return taken == size ? begin : std::nullopt;
}

bool is_r10(std::span<const Dwarf_Op> frame_base) noexcept {
	return frame_base.size() == 1 && (frame_base[0].atom == DW_OP_reg10 ||
									  (frame_base[0].atom == DW_OP_breg10 && frame_base[0].number == 0));
}

} // namespace sockops::object
