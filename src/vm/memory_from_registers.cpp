// SPDX-License-Identifier: MIT
#include "memory_from_registers.hpp"

#include <cerrno>
#include <cstring>
#include <new>

#include "../helper/call_prototype.hpp"
#include "constant_map.hpp"
#include "probe.hpp"
#include "watch/watched_machine.hpp"

namespace sockops::vm {

using namespace helper;

void refuse_type(argument_cursor& at, const bpf_map& map, std::span<const u32> types) noexcept {
	const std::string name = "'" + map.attr.map_name + "'", type = bpf_map_type_name(map.attr.map_type);
	at.refuse(types.size() == 1
				  ? "map " + name + " is of type " + type + ", not " + bpf_map_type_name(types[0])
				  : "a map of type " + type + " (" + name + ") has no such operation for programs");
}
void refuse_use(argument_cursor& at, const bpf_map& map, map_use use) noexcept {
	at.refuse("map '" + map.attr.map_name + "' was made " +
			  (use == map_use::writes ? "BPF_F_RDONLY_PROG" : "BPF_F_WRONLY_PROG"));
}
void refuse_size(argument_cursor& at, s64 size) noexcept {
	const c_prototype text = parse_prototype(text_of(at.name));
	at.refuse(std::string(text.arguments[at.next - 2].name) + " " + std::to_string(size) + " is not above 0");
}

bool from_registers<room_in_value>::take(argument_cursor& at) noexcept {
	const u64 address = at.take();
	if (!take_room(at, address, value, value.size))
		return false;
	bpf_map* map = nullptr;
	return at.m.reach_value(address, value.size, map) ||
		   at.refuse(describe_pointer(at.m, address) + " is no value of a map");
}

bool from_registers<constant_string>::take(argument_cursor& at) noexcept {
	const u64 address = at.take();
	bpf_map* map = nullptr;
	const u8* const in = at.m.reach_value(address, 1, map);
	if (!in || !is_constant(*map))
		return at.refuse(describe_pointer(at.m, address) + " is no constant string, as .rodata has them");
	value.text = reinterpret_cast<const char*>(static_cast<std::uintptr_t>(address));
	const u64 room = map->attr.value_size - (address - reinterpret_cast<std::uintptr_t>(in));
	value.length = static_cast<u32>(::strnlen(value.text, room));
	return value.length != room || at.refuse("the string has no NUL");
}

bool from_registers<format_words>::take(argument_cursor& at) noexcept {
	const u64 address = at.take();
	const auto bytes = static_cast<u32>(at.take());
	value.count = bytes / 8;
	value.is_valid = bytes % 8 == 0 && bytes <= sizeof value.words && (bytes == 0 || address != 0);
	if (!value.is_valid)
		return true;
	const u8* const from = at.m.readable(address, bytes, at.name);
	if (from)
		std::memcpy(value.words, from, bytes);
	return from;
}

bool from_registers<unsafe_memory>::take(argument_cursor& at) noexcept {
	value = {at.take(), &at,
			 [](const unsafe_memory& from, u8* to, u32 size) noexcept {
				 const auto& call = *static_cast<argument_cursor*>(from.reader);
				 return vm::probe_read(call.m, to, size, from.address, call.name);
			 },
			 [](const unsafe_memory& from, u8* to, u32 size) noexcept {
				 const auto& call = *static_cast<argument_cursor*>(from.reader);
				 return vm::probe_read_string(call.m, to, size, from.address, call.name);
			 }};
	return true;
}

bool from_registers<unsafe_words>::take(argument_cursor& at) noexcept {
	value = {at.take(), &at.m, [](const unsafe_words& from, u32 count, bit_iterator& in) noexcept {
				 const u8* const words = static_cast<machine*>(from.reader)
											 ->reach_elsewhere(from.address, u64{count} * 8, access::read);
				 if (!words)
					 return -EFAULT;
				 u64* const own = new (std::nothrow) u64[count];
				 if (!own)
					 return -ENOMEM;
				 std::memcpy(own, words, std::size_t{count} * 8);
				 in = {own, count, 0};
				 return 0;
			 }};
	return true;
}

namespace {

/// Holds 64 bytes at a time, as long as so many are the program's.
bool find_text(unsafe_text& text, u32 at) noexcept {
	machine& m = *static_cast<machine*>(text.reader());
	const u8* bytes = m.reach(text.address() + at, text.piece, access::read);
	if (!bytes && text.piece != 1) {
		text.piece = 1;
		bytes = m.reach(text.address() + at, 1, access::read);
	}
	text.hold(bytes, at, bytes ? text.piece : 0);
	if (bytes && m.is_watched)
		static_cast<watched_machine&>(m).text_is_read(text.address() + at);
	return bytes;
}

} // namespace

bool from_registers<unsafe_text&>::take(argument_cursor& at) noexcept {
	m = &at.m;
	text.emplace(at.take(), m, find_text);
	if (m->is_watched)
		text->piece = 1; // it is told of each byte
	return true;
}
from_registers<unsafe_text&>::~from_registers() {
	constexpr u32 bytes_an_instruction = 2; // they take about as long to read
	if (text)
		m->charge(text->bytes_read() / bytes_an_instruction);
}

bool from_registers<value_lock>::take(argument_cursor& at) noexcept {
	const u64 address = at.take();
	for (const bpf_map_ptr& each : at.m.prog->maps) {
		const bpf_map& map = *each.get();
		const bpf_map_area area = map.area();
		const u64 from = address - reinterpret_cast<std::uintptr_t>(area.base);
		if (map.attr.spin_lock_off < 0 || area.count == 0 || from >= area.stride * area.count ||
			from % area.stride != static_cast<u64>(map.attr.spin_lock_off))
			continue;
		value.word = reinterpret_cast<u32*>(static_cast<std::uintptr_t>(address));
		return true;
	}
	return at.refuse(describe_pointer(at.m, address) + " is no bpf_spin_lock of a map's value");
}

bool from_registers<reserved_record>::take(argument_cursor& at) noexcept {
	const u64 address = at.take();
	value.at = reinterpret_cast<void*>(static_cast<std::uintptr_t>(address));
	return at.m.take_back_record(value.at) ||
		   at.refuse(describe_pointer(at.m, address) +
					 " is no record that bpf_ringbuf_reserve() gave and the program still has");
}

} // namespace sockops::vm
