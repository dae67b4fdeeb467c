// SPDX-License-Identifier: MIT
// Virtual time: nothing waits for it, and nothing but the model moves it.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <sockops/net/net.hpp>

namespace sockops::testing::model {

class virtual_clock {
  public:
	static constexpr u64 start = 1'000'000'000; ///< a host has been up for a while: 0 is no time
	using key = std::pair<u64, u64>;            ///< when, and a number that keeps the order of equal times

	u64 now() const noexcept { return now_; }
	/// Something has taken so long.
	void spend(u64 ns) noexcept { now_ += ns; }
	key at(u64 when, std::function<void()> what) {
		const key mine{when, ++last_};
		due_.emplace(mine, std::move(what));
		return mine;
	}
	void cancel(key which) { due_.erase(which); }

	/// Runs what is due next, if that is until then.
	bool run_next(u64 limit) {
		if (due_.empty() || due_.begin()->first.first > limit)
			return false;
		auto first = due_.extract(due_.begin());
		now_ = std::max(now_, first.key().first);
		first.mapped()();
		return true;
	}
	/// Runs all that is due until then, in order. What is late runs at once.
	void run_until(u64 when) {
		while (run_next(when)) {
		}
		now_ = std::max(now_, when);
	}

  private:
	u64 now_ = start, last_ = 0;
	std::map<key, std::function<void()>> due_;
};

/// When a timer of so many jiffies fires: never early, and later the longer it is, as the kernel's timer
/// wheel has coarser slots for what is far away.
inline u64 after_jiffies(const net& in, u64 jiffies) noexcept {
	u64 shift = 0;
	for (u64 limit = 63; jiffies >= limit && shift < 24; limit <<= 3)
		shift += 3;
	const u64 slot = ((in.jiffies() + jiffies) >> shift) + 1;
	return ((slot << shift) * 1'000'000'000 + in.profile.hz - 1) / in.profile.hz;
}

/// One thing that can be due. Stops when it is destroyed.
class timer {
  public:
	explicit timer(virtual_clock& clock) noexcept : clock_(clock) {}
	timer(const timer&) = delete;
	timer& operator=(const timer&) = delete;
	~timer() { stop(); }

	bool armed() const noexcept { return armed_; }
	u64 when() const noexcept { return mine_.first; }
	void stop() {
		if (std::exchange(armed_, false))
			clock_.cancel(mine_);
	}
	template <class What>
	void arm(u64 when, What what) {
		stop();
		armed_ = true;
		mine_ = clock_.at(when, [this, what] {
			armed_ = false;
			what();
		});
	}

  private:
	virtual_clock& clock_;
	virtual_clock::key mine_{};
	bool armed_ = false;
};

} // namespace sockops::testing::model
