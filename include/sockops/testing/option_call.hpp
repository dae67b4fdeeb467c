// SPDX-License-Identifier: MIT
// One bpf_setsockopt() of a program by its names in tests: trace/option_call.hpp has what it is.
//
// Context: as there.
#pragma once

#include <sockops/trace/option_call.hpp>

namespace sockops::testing {

using sockops::errno_text, sockops::make_option_call, sockops::option_call, sockops::spoiled_by;

} // namespace sockops::testing
