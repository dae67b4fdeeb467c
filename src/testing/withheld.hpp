// SPDX-License-Identifier: MIT
// Whether a stack that comes to the point of an op calls it: of fire(), which calls it in any case.
#pragma once

#include <string>

#include <sockops/testing/fire.hpp>

namespace sockops::testing {

/// "ESTABLISHED, CLOSE_WAIT": states in which an op fires.
[[nodiscard]] std::string states_text(u16 states);

/// fired::withheld. `owner`: whose flags are asked, the listener of a request; nullptr: it has none.
[[nodiscard]] std::string why_withheld(bpf_sock_ops_op op, const sock_common& sk, const tcp_sock* owner,
									   const fire_options& with);

} // namespace sockops::testing
