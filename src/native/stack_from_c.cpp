// SPDX-License-Identifier: MIT
#include "stack_from_c.hpp"

namespace sockops::native {

bool from_c<helper::record_dynptr>::take(argument_cursor& at) noexcept {
	auto* const given = at.take_pointer_to<native_dynptr>();
	state = given->state();
	if (state.bytes.base && !state.is_record) {
		illegal_use(at.name, "the dynptr holds no record of a ring buffer");
		return false;
	}
	held = given;
	return true;
}

} // namespace sockops::native
