// SPDX-License-Identifier: MIT
// A connection request and a time-wait socket: the two that are not full.
//
// Context: whoever owns the socket, on any thread, inside programs too; never waits.
#pragma once

#include <sockops/net/saved_syn.hpp>
#include <sockops/net/sock.hpp>

namespace sockops {

/// What a listener keeps between SYN and ACK. skc_state is TCP_NEW_SYN_RECV for its whole life.
struct request_sock : sock_common {
	sock* rsk_listener = nullptr; ///< nullptr for a syncookie request
	u32 timeout = 0;              ///< SYN-ACK timer, jiffies
	u32 rsk_rcv_wnd = 0;          ///< initial receive window, packets; 0: the stack's default
	u16 mss = 0;                  ///< bytes of payload, the child's mss_cache; 0: tcp_mss_default
	bool ecn_ok = false;
	saved_syn_ptr saved_syn; ///< if the listener has TCP_SAVE_SYN; moves to the child

	request_sock() noexcept { skc_state = TCP_NEW_SYN_RECV; }
};

/// What is left of a connection for 2 MSL. skc_state is TCP_TIME_WAIT.
struct inet_timewait_sock : sock_common {
	inet_timewait_sock() noexcept { skc_state = TCP_TIME_WAIT; }
};

/// The full socket to ask about `sk`: itself, a request's listener (nullptr for a syncookie
/// request), nullptr for a time-wait socket (since 6.13; the result was the same before).
[[nodiscard]] inline sock* sk_to_full_sk(sock_common* sk) noexcept {
	if (sk_fullsock(sk)) [[likely]]
		return static_cast<sock*>(sk);
	if (sk->skc_state == TCP_NEW_SYN_RECV)
		return static_cast<request_sock*>(sk)->rsk_listener;
	return nullptr;
}

} // namespace sockops
