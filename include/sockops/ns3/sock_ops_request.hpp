// SPDX-License-Identifier: MIT
// A request: what programs see of a passive connection until its handshake is complete. ns-3 forks a full
// socket at the SYN.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <cstring>

#include <ns3/inet-socket-address.h>
#include <ns3/inet6-socket-address.h>
#include <ns3/ipv4-end-point.h>
#include <ns3/ipv6-end-point.h>

#include <sockops/cgroup/sock_life.hpp>

namespace ns3 {

/// An address of ns-3's in the kernel's form.
inline void SockOpsWords(Ipv6Address address, sockops::in6_words& to) {
	uint8_t bytes[16];
	address.Serialize(bytes);
	std::memcpy(to.u6_addr32, bytes, sizeof bytes);
}

struct SockOpsRequest : sockops::request_sock {
	/// `listener` outlives the request; `forked` is the socket that it will be.
	SockOpsRequest(Ptr<TcpSocketBase> listener, TcpSocketBase& forked)
		: m_listener(listener), m_forked(forked) {}

	/// The socket that it will be.
	TcpSocketBase& Forked() const { return m_forked; }
	/// Of the class that made the request.
	template <class Socket>
	Socket& Listener() const {
		return static_cast<Socket&>(*m_listener);
	}

	/// The SYN has come: from here on programs may be asked about it.
	void Begin(sockops::tcp_sock& listener, uint32_t segment, const Address& from, const Address& to) {
		sockops::inet_reqsk_init(*this, &listener, *listener.skc_net);
		mss = static_cast<sockops::u16>(segment);
		if (InetSocketAddress::IsMatchingType(to)) {
			const auto own = InetSocketAddress::ConvertFrom(to), peer = InetSocketAddress::ConvertFrom(from);
			skc_family = sockops::af_inet;
			skc_rcv_saddr = sockops::cpu_to_be32(own.GetIpv4().Get());
			skc_daddr = sockops::cpu_to_be32(peer.GetIpv4().Get());
			SetPorts(own.GetPort(), peer.GetPort());
		} else {
			const auto own = Inet6SocketAddress::ConvertFrom(to),
					   peer = Inet6SocketAddress::ConvertFrom(from);
			skc_family = sockops::af_inet6;
			SockOpsWords(own.GetIpv6(), skc_v6_rcv_saddr);
			SockOpsWords(peer.GetIpv6(), skc_v6_daddr);
			SetPorts(own.GetPort(), peer.GetPort());
		}
	}

  private:
	void SetPorts(uint16_t own, uint16_t peer) {
		skc_num = own;
		skc_dport = sockops::cpu_to_be16(peer);
	}

	Ptr<TcpSocketBase> m_listener;
	TcpSocketBase& m_forked;
};

} // namespace ns3
