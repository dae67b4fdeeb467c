// SPDX-License-Identifier: MIT
// What calls do beside what their prototypes say: take, give back, lock, and what they refuse of a map.
#pragma once

#include <string_view>

#include "subject.hpp"

namespace sockops::vm::check {

/// May the helper of the name do what it does to the map in r1?
objection look_at_use_of_map(subject& of, path& on, std::string_view call);
/// What the helper or kfunc of the name takes or gives back, by the registers that it is given.
objection look_at_deed(subject& of, path& on, std::string_view call);

/// What is held must not be: at an exit, before a tail call. `held` is how much may be.
objection rule_of_holding(const subject& of, const path& on, std::size_t held, std::string_view where);

} // namespace sockops::vm::check
