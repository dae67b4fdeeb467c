// SPDX-License-Identifier: MIT
#include "stack.hpp"

namespace sockops::vm::check {

namespace {

constexpr s64 slot_size = 8;

u8 slot_number(s64 from) noexcept { return static_cast<u8>((from + s64{max_bpf_stack}) / slot_size); }
u32 place_in_slot(s64 from) noexcept { return static_cast<u32>(from & (slot_size - 1)); }
u8 bits_of(u32 place, u32 size) noexcept { return static_cast<u8>(((1u << size) - 1) << place); }

some_values first_bytes(const some_values& of, u32 size) noexcept {
	const u64 mask = size == 8 ? ~u64{0} : (u64{1} << size * 8) - 1;
	if (of.last() <= mask)
		return of;
	return of.is_range() && of.more >= mask ? all_of(size * 8) : one(of.first & mask);
}

/// The bytes are no longer what the slot keeps.
void let_go(stack_slot& slot, u8 bits) noexcept {
	slot.zeroes &= static_cast<u8>(~bits);
	slot.unclear &= static_cast<u8>(~bits);
	slot.kept = 0;
}

} // namespace

const stack_slot* stack_frame::find(s64 from) const noexcept {
	for (const stack_slot& each : slots)
		if (each.at == slot_number(from))
			return &each;
	return nullptr;
}

stack_slot& stack_frame::slot_of(s64 from) {
	for (stack_slot& each : slots)
		if (each.at == slot_number(from))
			return each;
	return slots.emplace_back(stack_slot{slot_number(from)});
}

std::optional<known> stack_frame::load(s64 from, u32 size) const {
	const stack_slot* const slot = find(from);
	const u32 place = place_in_slot(from);
	if (!slot)
		return number(all_of(size * 8));
	const u8 bits = bits_of(place, size);
	if (slot->unclear & bits)
		return not_known;
	if ((slot->zeroes & bits) == bits)
		return number(0);
	if (slot->kept == 0 || place >= slot->kept)
		return number(all_of(size * 8));
	if (slot->value.is != holds::number)
		return place == 0 && size == 8    ? std::optional(slot->value)
			   : slot->value.is_pointer() ? std::nullopt
										  : std::optional(not_known);
	if (place == 0 && size == slot->kept)
		return slot->value;
	if (place == 0 && size < slot->kept) {
		known part = slot->value;
		part.values = first_bytes(slot->value.values, size);
		if (part.values != slot->value.values)
			part.id = 0;
		return part;
	}
	return slot->value.is_number(0) && place + size <= slot->kept ? number(0) : number(all_of(size * 8));
}

void stack_frame::store(s64 from, u32 size, const known& value) {
	stack_slot& slot = slot_of(from);
	const u32 place = place_in_slot(from);
	const u8 bits = bits_of(place, size);
	let_go(slot, bits);
	if (value.is == holds::number && value.values.is(0)) {
		slot.zeroes |= bits;
	} else if (value.is == holds::anything && size != 8) {
		slot.unclear |= bits;
	} else if (place == 0 && value.is != holds::unset) {
		slot.kept = static_cast<u8>(size);
		slot.value = value;
		if (value.is == holds::number && size != 8) {
			slot.value.values = first_bytes(value.values, size);
			if (slot.value.values != value.values)
				slot.value.id = 0;
		}
	}
}

void stack_frame::overwrite(s64 from, u64 size, bool with_numbers) {
	const s64 end = from + static_cast<s64>(size);
	for (s64 at = from; at < end;) {
		stack_slot& slot = slot_of(at);
		const u32 place = place_in_slot(at);
		const auto count = static_cast<u32>(std::min<s64>(slot_size - place, end - at));
		const u8 bits = bits_of(place, count);
		let_go(slot, bits);
		if (!with_numbers)
			slot.unclear |= bits;
		at += count;
	}
}

} // namespace sockops::vm::check
