// SPDX-License-Identifier: MIT
// What of a map that is to be made is younger than the release it is made for.
#pragma once

#include <string>

#include <sockops/kern/kernel_release.hpp>
#include <sockops/map/bpf_map.hpp>

namespace sockops::object {

/// "" or why it cannot be made: its type, a flag, or that it holds global variables.
[[nodiscard]] std::string too_young(const bpf_map_attr& map, kernel_release kernel);

} // namespace sockops::object
