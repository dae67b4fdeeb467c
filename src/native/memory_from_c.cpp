// SPDX-License-Identifier: MIT
#include "memory_from_c.hpp"

#include <cerrno>

namespace sockops::native {

using namespace helper;

bpf_map* map_at(const void* variable, const char* helper) noexcept {
	bpf_map* map = nullptr;
	if (variable)
		std::memcpy(&map, variable, sizeof map);
	if (!map) [[unlikely]]
		illegal_use(helper,
					"its map is not there: native_object::load() makes it, or notices() tells why not");
	return map;
}

void refuse_memory(const void* from, const char* helper) noexcept {
	illegal_use(helper, from ? "its memory is 0 bytes or fewer" : "its memory is NULL");
}

void refuse_type(const bpf_map& map, std::span<const u32> types, const char* helper) noexcept {
	illegal_use(helper, "map '%s' is a %s, not a %s", map.attr.map_name.c_str(),
				bpf_map_type_name(map.attr.map_type), bpf_map_type_name(types[0]));
}

namespace {

const void* address_of(const unsafe_memory& from) noexcept {
	return reinterpret_cast<const void*>(static_cast<std::uintptr_t>(from.address));
}

int read_bytes(const unsafe_memory& from, u8* to, u32 size) noexcept {
	if (from.address != 0) {
		std::memmove(to, address_of(from), size);
		return 0;
	}
	std::memset(to, 0, size);
	return size == 0 ? 0 : -ERANGE;
}

int read_text(const unsafe_memory& from, u8* to, u32 size) noexcept {
	if (size == 0)
		return 0;
	if (from.address == 0) {
		std::memset(to, 0, size);
		return -ERANGE;
	}
	const std::size_t length = ::strnlen(static_cast<const char*>(address_of(from)), size - 1);
	std::memcpy(to, address_of(from), length);
	to[length] = 0;
	return static_cast<int>(length) + 1; // counts the NUL
}

} // namespace

bool from_c<unsafe_memory>::take(argument_cursor& at) noexcept {
	value = {at.take(), nullptr, read_bytes, read_text};
	return true;
}

} // namespace sockops::native
