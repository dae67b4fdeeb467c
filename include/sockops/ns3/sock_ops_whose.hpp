// SPDX-License-Identifier: MIT
// Whose call it was, in the words that traces write: time, node, the two ends of the connection.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_connection.hpp>

#include <cstring>
#include <sstream>
#include <string>

#include <ns3/ipv4-address.h>
#include <ns3/ipv6-address.h>
#include <ns3/simulator.h>

#include <sockops/cgroup/cgroup.hpp>

namespace ns3 {

struct SockOpsWhose {
	explicit SockOpsWhose(const sockops::sock_common& sk)
		: time(InSeconds(static_cast<sockops::u64>(Simulator::Now().GetNanoSeconds()))),
		  localPort(sk.skc_num), remotePort(sockops::be16_to_cpu(sk.skc_dport)) {
		if (const Ptr<SockOpsTcpSocket> socket = SockOpsTcpSocket::Of(&sk))
			node = std::to_string(socket->GetNode()->GetId());
		if (const sockops::sock* const asked = sockops::sk_to_full_sk(const_cast<sockops::sock_common*>(&sk)))
			cgroup = sockops::sock_cgroup_ptr(asked)->path();
		const bool six = sk.skc_family == sockops::af_inet6;
		local = six ? Words(sk.skc_v6_rcv_saddr) : Words(sk.skc_rcv_saddr);
		remote = six ? Words(sk.skc_v6_daddr) : Words(sk.skc_daddr);
	}

	/// "10.0.0.1:49153", "[2001:db8::1]:80".
	std::string LocalEnd() const { return End(local, localPort); }
	/// The same of the peer.
	std::string RemoteEnd() const { return End(remote, remotePort); }

	/// With all digits of a nanosecond: "1.040000000".
	static std::string InSeconds(sockops::u64 ns) {
		const std::string digits = std::to_string(ns % 1'000'000'000);
		return std::to_string(ns / 1'000'000'000) + "." + std::string(9 - digits.size(), '0') + digits;
	}

	std::string time;   ///< seconds
	std::string node;   ///< its id
	std::string cgroup; ///< its path
	std::string local, remote;
	uint32_t localPort, remotePort;

  private:
	static std::string End(const std::string& address, uint32_t port) {
		const bool six = address.find(':') != std::string::npos;
		return (six ? "[" + address + "]" : address) + ":" + std::to_string(port);
	}
	static std::string Words(sockops::be32 address) {
		std::ostringstream text;
		text << Ipv4Address(sockops::be32_to_cpu(address));
		return text.str();
	}
	static std::string Words(const sockops::in6_words& address) {
		uint8_t bytes[16];
		std::memcpy(bytes, address.u6_addr32, sizeof bytes);
		std::ostringstream text;
		text << Ipv6Address(bytes);
		return text.str();
	}
};

} // namespace ns3
