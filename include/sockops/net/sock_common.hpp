// SPDX-License-Identifier: MIT
// struct sock_common: what a full socket, a request and a time-wait socket have in common, and
// therefore all that is known about a socket before its state has been looked at.
//
// The kernel passes all three as `struct sock *` and casts; here all three derive from
// sock_common, and the state says which static_cast is right (sock.hpp).
//
// Context: whoever owns the socket.
#pragma once

#include <sockops/kern/types.hpp>
#include <sockops/net/tcp_states.hpp>

namespace sockops {

struct net;

inline constexpr u16 af_inet = 2;   ///< AF_INET, without the system header's macro
inline constexpr u16 af_inet6 = 10; ///< AF_INET6

/// An IPv6 address as four words, each in network order. (in6_addr's s6_addr32 is a macro for what
/// the kernel calls u6_addr32.)
struct in6_words {
	be32 u6_addr32[4] = {0, 0, 0, 0};
	constexpr be32& operator[](unsigned index) noexcept { return u6_addr32[index]; }
	constexpr const be32& operator[](unsigned index) const noexcept { return u6_addr32[index]; }
};

struct sock_common {
	be32 skc_daddr = 0;     ///< peer, network order
	be32 skc_rcv_saddr = 0; ///< own, network order
	be16 skc_dport = 0;     ///< peer, network order
	u16 skc_num = 0;        ///< own, HOST order
	u16 skc_family = af_inet;
	u8 skc_state = TCP_CLOSE;
	bool skc_ipv6only = false; ///< IPV6_V6ONLY, or bound to an IPv6 address
	in6_words skc_v6_daddr{};
	in6_words skc_v6_rcv_saddr{};
	net* skc_net = nullptr;
	u64 skc_cookie = 0; ///< 0 until somebody asks: sock_gen_cookie()
};

} // namespace sockops
