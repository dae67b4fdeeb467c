// SPDX-License-Identifier: MIT
// Ways that have yet to be followed. What one that is over has of memory is the next one's.
#pragma once

#include <memory>

#include "path.hpp"
#include "visits.hpp"

namespace sockops::vm::check {

class open_ways {
  public:
	using way = std::unique_ptr<path>;

	bool empty() const noexcept { return open_.empty(); }
	/// As many as are kept at a time; those beyond are not followed.
	bool is_full() const noexcept { return open_.size() >= at_most; }

	[[nodiscard]] way copy_of(const path& on) {
		if (spare_.empty())
			return std::make_unique<path>(on);
		way copy = std::move(spare_.back());
		spare_.pop_back();
		*copy = on;
		return copy;
	}
	void add(way on) { open_.push_back(std::move(on)); }
	/// One that comes to what no way has been at, if there is one; not to be called of none.
	[[nodiscard]] way next(const visits& been) {
		auto best = std::prev(open_.end());
		for (auto at = open_.end(); at != open_.begin();)
			if (been.count((*--at)->at) == 0) {
				best = at;
				break;
			}
		way on = std::move(*best);
		open_.erase(best);
		return on;
	}
	void is_over(way on) { spare_.push_back(std::move(on)); }
	void clear() noexcept { open_.clear(); }

  private:
	static constexpr std::size_t at_most = 1u << 10;
	std::vector<way> open_, spare_;
};

} // namespace sockops::vm::check
