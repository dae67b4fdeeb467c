// SPDX-License-Identifier: MIT
// A clock that a test moves: what programs read with bpf_ktime_get_ns(), records are stamped with, and
// timeouts are measured by.
//
//     testing::virtual_clock clock;
//     net in({}, clock.sources());
//     clock.advance(200ms);
//
// Context: one thread: the test's, on which its programs run.
#pragma once

#include <chrono>

#include <sockops/net/net.hpp>

namespace sockops::testing {

/// Outlives the nets that it was given to. One thread.
class virtual_clock {
  public:
	explicit virtual_clock(std::chrono::nanoseconds start = std::chrono::seconds(1)) noexcept : now_(start) {}
	virtual_clock(const virtual_clock&) = delete;
	virtual_clock& operator=(const virtual_clock&) = delete;

	/// For the constructor of a net. Random numbers are a fixed sequence from `seed`.
	[[nodiscard]] net_sources sources(u64 seed = 1) noexcept {
		net_sources from;
		from.ktime_get_ns = [](void* self) {
			return static_cast<u64>(static_cast<virtual_clock*>(self)->now_.count());
		};
		from.context = this;
		from.seed = seed;
		return from;
	}
	/// What it shows.
	[[nodiscard]] std::chrono::nanoseconds now() const noexcept { return now_; }
	/// Never back: `by` is not negative.
	void advance(std::chrono::nanoseconds by) noexcept { now_ += by; }

  private:
	std::chrono::nanoseconds now_;
};

} // namespace sockops::testing
