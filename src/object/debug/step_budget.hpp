// SPDX-License-Identifier: MIT
// How long a file may be looked at: a damaged one may have its entries in a circle, or name one list from
// each of them.
#pragma once

#include <cstddef>

namespace sockops::object {

class step_budget {
  public:
	explicit step_budget(std::size_t steps) noexcept : left_(steps) {}

	/// Takes as many steps; false: there are no longer so many, and nothing more is looked at.
	[[nodiscard]] bool spend(std::size_t steps = 1) noexcept {
		const bool is_enough = steps <= left_;
		left_ = is_enough ? left_ - steps : 0;
		return is_enough;
	}
	[[nodiscard]] bool is_spent() const noexcept { return left_ == 0; }

  private:
	std::size_t left_;
};

} // namespace sockops::object
