// SPDX-License-Identifier: MIT
// Which op a kernel fires on a socket in which state.
#pragma once

#include <string>

#include <sockops/bpf/uapi.hpp>

namespace sockops::testing {

/// Why it never fires this op there; "": it does. A request is in NEW_SYN_RECV.
[[nodiscard]] std::string never_fired(u32 op, u8 state);
/// Is it an op that requests have, too?
[[nodiscard]] bool is_of_requests(u32 op) noexcept;

} // namespace sockops::testing
