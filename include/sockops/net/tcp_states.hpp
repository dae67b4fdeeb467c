// SPDX-License-Identifier: MIT
// TCP states, by the kernel's numbers, which are also the numbers that programs see.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

enum tcp_state : u8 {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
	TCP_NEW_SYN_RECV,   ///< a request_sock
	TCP_BOUND_INACTIVE, ///< since 6.8, for diagnostics only
	TCP_MAX_STATES,
};

/// "ESTABLISHED", "SYN_SENT", …; "UNKNOWN" for anything else.
constexpr const char* tcp_state_name(u32 state) noexcept {
	constexpr const char* names[TCP_MAX_STATES] = {
		"UNKNOWN", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",    "TIME_WAIT",
		"CLOSE",   "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",   "NEW_SYN_RECV", "BOUND_INACTIVE"};
	return state < TCP_MAX_STATES ? names[state] : names[0];
}

} // namespace sockops
