// SPDX-License-Identifier: MIT
// Where the two sides live, and where each object is attached, as the arguments say it.
#pragma once

#include "../../testing/objects/socket_places.hpp"
#include "arguments.hpp"

namespace sockops_run {

using places = sockops::testing::socket_places;

/// Throws object_error as testing::places_of() does.
[[nodiscard]] places places_of(const arguments& with);

} // namespace sockops_run
