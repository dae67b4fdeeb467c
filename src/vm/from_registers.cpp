// SPDX-License-Identifier: MIT
#include "from_registers.hpp"

#include <cstring>

namespace sockops::vm {

using namespace helper;

bool argument_cursor::refuse(std::string_view why) noexcept {
	m.fault(m.at, (std::string(name) + "(): ").append(why));
	return false;
}

bool from_registers<kernel_context>::take(argument_cursor& at) noexcept {
	const u64 given = at.take();
	if (!at.m.ctx || given != reinterpret_cast<std::uintptr_t>(at.m.ctx))
		return at.refuse("its context is " + describe_pointer(at.m, given) +
						 ", not what bpf_cast_to_kern_ctx() returned");
	skops.make(*at.m.ctx);
	return true;
}

bool from_registers<format_strings>::take(argument_cursor& at) noexcept {
	value.memory = {[](void* self, u64 address, void* into, u32 size) noexcept {
						const u8* const from =
							static_cast<machine*>(self)->reach_elsewhere(address, size, access::read);
						if (from)
							std::memcpy(into, from, size);
						return from != nullptr;
					},
					&at.m};
	return true;
}

} // namespace sockops::vm
