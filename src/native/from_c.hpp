// SPDX-License-Identifier: MIT
// How the arguments of a natively compiled program become those of a helper's rule: one class an argument
// type. What the C compiler has let through is believed; what a program can get wrong all the same (no map
// yet, a context that is not the call's) is an illegal use. get() is what the rule is given; what has to be
// done when the rule has returned is done at the end.
#pragma once

#include "../helper/arguments.hpp"
#include "../helper/kept_argument.hpp"
#include "../helper/late_view.hpp"
#include "native_run.hpp"

namespace sockops::native {

/// The arguments of one call, as words, in their order from r[1] on.
struct argument_cursor {
	const u64* r;
	const char* name; ///< of the helper
	u32 next = 1;

	u64 take() noexcept { return r[next++]; }
	void* take_pointer() noexcept { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(take())); }
	template <class T>
	T* take_pointer_to() noexcept {
		return static_cast<T*>(take_pointer());
	}
};

template <class T>
struct from_c;

template <class T>
requires std::is_integral_v<T>
struct from_c<T> : helper::kept_number<T> {
};

// The context, and what there is around a call.

template <>
struct from_c<bpf_sock_ops&> {
	context_window window;
	helper::late_view skops;

	bool take(argument_cursor& at) noexcept {
		native_run* const run = window.open(at.take_pointer(), at.name);
		if (run)
			skops.make(run->kern());
		return run;
	}
	bpf_sock_ops& get() noexcept { return skops.get(); }
};
template <>
struct from_c<bpf_sock_ops*> : helper::optional_argument<from_c<bpf_sock_ops&>> {};
template <>
struct from_c<helper::given_context> : helper::kept_argument<helper::given_context> {
	bool take(argument_cursor& at) noexcept { return native_run::of_context(at.take_pointer(), at.name); }
};
/// Natively bpf_cast_to_kern_ctx() returns the context itself.
template <>
struct from_c<helper::kernel_context> {
	from_c<bpf_sock_ops&> given;

	bool take(argument_cursor& at) noexcept { return given.take(at); }
	helper::kernel_context get() noexcept { return {given.get()}; }
};
template <>
struct from_c<helper::net_of_call> {
	helper::late_view skops;

	bool take(argument_cursor& at) noexcept {
		native_run* const run = native_run::current(at.name);
		if (run)
			skops.make(run->kern());
		return run;
	}
	helper::net_of_call get() noexcept { return {skops.get()}; }
};
template <>
struct from_c<helper::section_state&> {
	native_run* run;

	bool take(argument_cursor& at) noexcept {
		run = native_run::current(at.name);
		return run;
	}
	helper::section_state& get() const noexcept { return run->sections; }
};
template <>
struct from_c<helper::format_strings> : helper::kept_argument<helper::format_strings> {
	bool take(argument_cursor&) noexcept { return true; }
};

} // namespace sockops::native
