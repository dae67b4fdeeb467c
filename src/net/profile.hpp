// SPDX-License-Identifier: MIT
// Profiles that are refused.
#pragma once

#include <sockops/net/net.hpp>

namespace sockops::detail {

/// An illegal use: a profile without a possible hz.
void report_hz(const char* call, const net_profile& of, const char* consequence) noexcept;

} // namespace sockops::detail
