// SPDX-License-Identifier: MIT
// A small TCP that is wrong in one rule, for single-threaded tests that show that a trace tells.
#pragma once

#include <testing/model/rules.hpp>

namespace mutants {

using sockops::testing::model::wrong_rule;

inline constinit wrong_rule the_wrong_rule = wrong_rule::none;

/// For as long as this lives.
class with_wrong_rule {
  public:
	explicit with_wrong_rule(wrong_rule which) noexcept { the_wrong_rule = which; }
	~with_wrong_rule() { the_wrong_rule = wrong_rule::none; }
	with_wrong_rule(const with_wrong_rule&) = delete;
	with_wrong_rule& operator=(const with_wrong_rule&) = delete;
};

} // namespace mutants
