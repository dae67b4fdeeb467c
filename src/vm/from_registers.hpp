// SPDX-License-Identifier: MIT
// How the registers of an interpreted program become the arguments of a helper's rule: one class an argument
// type. take() looks at what the register holds, and notes a fault for what it may not; get() is what the
// rule is given; what has to be done when the rule has returned is done at the end.
#pragma once

#include "../helper/arguments.hpp"
#include "../helper/kept_argument.hpp"
#include "../helper/late_view.hpp"
#include "machine.hpp"

namespace sockops::vm {

/// The arguments of one call, in their order.
struct argument_cursor {
	machine& m;
	const u64* r;
	const char* name;       ///< of the helper
	u32 next = 1;           ///< the register
	bpf_map* map = nullptr; ///< that was taken last

	u64 take() noexcept { return r[next++]; }
	/// Notes the fault "name(): why".
	[[gnu::cold]] bool refuse(std::string_view why) noexcept;
};

template <class T>
struct from_registers;

template <class T>
requires std::is_integral_v<T>
struct from_registers<T> : helper::kept_number<T> {
};

// The context, and what there is around a call.

template <>
struct from_registers<bpf_sock_ops&> {
	helper::late_view skops;

	bool take(argument_cursor& at) noexcept {
		if (!at.m.is_context(at.take(), at.name))
			return false;
		skops.make(*at.m.ctx);
		return true;
	}
	bpf_sock_ops& get() noexcept { return skops.get(); }
};
template <>
struct from_registers<bpf_sock_ops*> : helper::optional_argument<from_registers<bpf_sock_ops&>> {};
template <>
struct from_registers<helper::given_context> : helper::kept_argument<helper::given_context> {
	bool take(argument_cursor& at) noexcept { return at.m.is_context(at.take(), at.name); }
};
template <>
struct from_registers<helper::kernel_context> {
	helper::late_view skops;

	bool take(argument_cursor& at) noexcept;
	helper::kernel_context get() noexcept { return {skops.get()}; }
};
template <>
struct from_registers<helper::net_of_call> {
	helper::late_view skops;

	bool take(argument_cursor& at) noexcept {
		skops.make(*at.m.asks);
		return true;
	}
	helper::net_of_call get() noexcept { return {skops.get()}; }
};
template <>
struct from_registers<helper::section_state&> {
	helper::section_state* of;

	bool take(argument_cursor& at) noexcept {
		of = &at.m.sections;
		return true;
	}
	helper::section_state& get() const noexcept { return *of; }
};
/// Only the program's own memory is read.
template <>
struct from_registers<helper::format_strings> : helper::kept_argument<helper::format_strings> {
	bool take(argument_cursor& at) noexcept;
};

} // namespace sockops::vm
