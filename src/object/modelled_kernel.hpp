// SPDX-License-Identifier: MIT
// The kernel that is modelled, as uname(2) would tell its release.
#pragma once

namespace sockops::object {

inline constexpr char modelled_kernel[] = "6.18.0";

} // namespace sockops::object
