// SPDX-License-Identifier: MIT
// Any C++ callable as a bpf_prog.
//
// A handler is called as handler(bpf_sock_ops&) and returns 1 (success) or 0 (deny), as a program.
//
//   parallel    one handler runs on as many threads as dispatch at once, and may run again inside
//               itself (a helper that fires a nested op): share nothing, or use atomics.
//   waiting     it runs inside a read-side section: it may attach, detach (itself too), create and
//               drop programs; it may not wait: not for a grace period, not for another thread.
//   throwing    it must not. An exception ends in the illegal-use handler, by the program's name;
//               if that returns, the program counts as having returned 0.
//   captures    are destroyed after the last attachment and the last bpf_prog_ptr are gone and a
//               grace period has passed: in a later writer call (attach, detach, call_rcu,
//               rcu_poll, synchronize_rcu, rcu_barrier) of whichever thread makes it, outside any
//               section and with no lock held; at once if no other thread that has dispatched lives.
//               Which later call is not said, but rcu_barrier() leaves none behind.
//   signals     a dispatch may be interrupted by a signal handler that dispatches.
//   fork        the child has the programs and their captures as copies; nothing is shared back.
//
// Context: of make_bpf_prog(): any thread, inside programs too; takes memory, so not in a signal handler.
// Of a handler: as above.
#pragma once

#include <exception>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/bpf/bpf_sock_ops.hpp>

namespace sockops {

namespace detail {

/// Reports the exception; what a program that threw counts as having returned.
[[gnu::cold]] u32 handler_threw(const bpf_prog* prog, const char* what) noexcept;

/// A program's own copy of its name, which may have been somebody's temporary; nullptr: no memory.
class prog_name {
  public:
	explicit prog_name(std::string_view text) noexcept : text_(new (std::nothrow) char[text.size() + 1]) {
		if (text_)
			text_[text.copy(text_, text.size())] = '\0';
	}
	prog_name(prog_name&& other) noexcept : text_(std::exchange(other.text_, nullptr)) {}
	prog_name& operator=(prog_name&&) = delete;
	~prog_name() { delete[] text_; }
	const char* get() const noexcept { return text_; }

  private:
	char* text_;
};

template <class Handler>
struct native_prog final : bpf_prog {
	prog_name own_name;
	mutable Handler handler;

	template <class Init>
	native_prog(prog_name&& called, Init&& init)
		: bpf_prog(run, called.get(), next_prog_id()), own_name(std::move(called)),
		  handler(std::forward<Init>(init)) {
		destroy = [](bpf_prog* prog) noexcept { delete static_cast<native_prog*>(prog); };
	}

	static u32 run(bpf_sock_ops_kern* ctx, const bpf_prog* prog) noexcept {
		bpf_sock_ops skops(*ctx);
		Handler& call = static_cast<const native_prog*>(prog)->handler;
#if defined(__cpp_exceptions)
		if constexpr (!std::is_nothrow_invocable_v<Handler&, bpf_sock_ops&>) {
			try {
				return static_cast<u32>(call(skops));
			} catch (const std::exception& thrown) {
				return handler_threw(prog, thrown.what());
			} catch (...) {
				return handler_threw(prog, "an exception that is not a std::exception");
			}
		}
#endif
		return static_cast<u32>(call(skops));
	}
};

} // namespace detail

/// A program from a callable. `name` stands in messages and traces: the program has a copy, of any length
/// (the kernel's 15 characters are the affair of what loads objects there). The pointer is empty if there is
/// no memory.
template <class Handler>
[[nodiscard]] bpf_prog_ptr make_bpf_prog(std::string_view name, Handler&& handler) {
	using stored = std::decay_t<Handler>;
	static_assert(std::is_invocable_v<stored&, bpf_sock_ops&>,
				  "a handler is called as handler(sockops::bpf_sock_ops&)");
	static_assert(std::is_integral_v<std::invoke_result_t<stored&, bpf_sock_ops&>>,
				  "a handler returns 1 (success) or 0 (deny)");
	detail::prog_name own(name);
	if (!own.get())
		return {};
	return bpf_prog_ptr::adopt(
		new (std::nothrow) detail::native_prog<stored>(std::move(own), std::forward<Handler>(handler)));
}

} // namespace sockops
