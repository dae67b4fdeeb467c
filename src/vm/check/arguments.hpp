// SPDX-License-Identifier: MIT
// What a helper or kfunc is given, against its prototype.
#pragma once

#include "../../helper/call_prototype.hpp"
#include "subject.hpp"

namespace sockops::vm::check {

/// The first argument that is wrong, and why.
objection look_at_arguments(subject& of, path& on, const helper::call_prototype& call);

/// The map among the arguments; nullptr: there is none, or it is not known.
const bpf_map_attr* map_of_call(const subject& of, const path& on, const helper::call_prototype& call);

/// Calls each(register, bytes) for what the call may have written: all its memory of that kind of use.
template <class Each>
void for_written(const subject& of, const path& on, const helper::call_prototype& call, Each each) {
	using is = helper::argument_kind::what;
	using bytes = helper::argument_kind::use;
	const bpf_map_attr* const map = map_of_call(of, on, call);
	for (u32 i = 0; i != call.count; ++i) {
		const helper::argument_kind& kind = call.arguments[i];
		if (kind.bytes == bytes::read || kind.bytes == bytes::text || kind.bytes == bytes::copied)
			continue;
		const bool is_known = kind.bytes != bytes::none;
		if (kind.is == is::value && is_known)
			each(i + 1, map ? map->value_size : max_bpf_stack, true);
		else if (kind.is == is::memory)
			each(i + 1, on.regs[i + 2].is == holds::number ? on.regs[i + 2].values.last() : max_bpf_stack,
				 is_known);
		else if (kind.is == is::variable || kind.is == is::stack_object)
			each(i + 1, kind.width, kind.is == is::variable && is_known);
	}
}

} // namespace sockops::vm::check
