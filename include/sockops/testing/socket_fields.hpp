// SPDX-License-Identifier: MIT
// What a test wants a socket to be: that of object_test::socket(), and of "fire … on a socket {…}".
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <string>

#include <sockops/kern/containers.hpp>
#include <sockops/net/tcp_sock.hpp>

namespace sockops::testing {

/// What a test wants a socket to be; the rest is a fresh socket's. Further fields are set in the socket
/// itself.
struct socket_fields {
	u8 state = TCP_ESTABLISHED; ///< a request has its own
	std::string local_ip{};     ///< "10.0.0.1", "fd00::1"; "": all 0, of the other's family
	u16 local_port = 0;
	std::string remote_ip{};
	u16 remote_port = 0;
	u8 cb_flags = 0; ///< bpf_sock_ops_cb_flags
	u32 mss = tcp_mss_default;
	u32 snd_cwnd = tcp_init_cwnd;
	u32 srtt_us = 0; ///< microseconds; the context's srtt_us is eight times it
	u32 total_retrans = 0;
	u64 bytes_acked = 0, bytes_received = 0;
	std::string cgroup = "/"; ///< a request and a child have their listener's
};

/// Puts the addresses and ports there; throws std::invalid_argument, in words, for what is no address, or two
/// of different families.
void set_addresses(sock_common& sk, const socket_fields& with);
/// All of them but the cgroup, in which it has been made. Throws as set_addresses().
void set_fields(tcp_sock& sk, const socket_fields& with);

} // namespace sockops::testing
