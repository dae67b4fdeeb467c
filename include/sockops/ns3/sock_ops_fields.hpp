// SPDX-License-Identifier: MIT
// What programs read of a socket, taken from ns-3's own objects before each call.
//
// ns-3's initial sequence number is 0. rate_delivered and rate_interval_us stay 0: ns-3 makes rate
// samples only for algorithms that ask for them, and keeps none.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <algorithm>

#include <ns3/tcp-rx-buffer.h>
#include <ns3/tcp-socket-state.h>
#include <ns3/tcp-tx-buffer.h>

#include <sockops/net/tcp_sock.hpp>
#include <sockops/ns3/sock_ops_request.hpp>

namespace ns3 {

/// Bytes as segments, rounded up.
inline uint32_t SockOpsSegments(uint32_t bytes, const TcpSocketState& tcb) {
	return (bytes + tcb.m_segmentSize - 1) / tcb.m_segmentSize;
}

/// Addresses and ports; one of the two is there, or none.
inline void SockOpsFillAddresses(sockops::sock_common& sk, const Ipv4EndPoint* four,
								 const Ipv6EndPoint* six) {
	// ns-3's getters are not const.
	if (auto* end = const_cast<Ipv4EndPoint*>(four)) {
		sk.skc_family = sockops::af_inet;
		sk.skc_rcv_saddr = sockops::cpu_to_be32(end->GetLocalAddress().Get());
		sk.skc_daddr = sockops::cpu_to_be32(end->GetPeerAddress().Get());
		sk.skc_num = end->GetLocalPort();
		sk.skc_dport = sockops::cpu_to_be16(end->GetPeerPort());
	} else if (auto* end6 = const_cast<Ipv6EndPoint*>(six)) {
		sk.skc_family = sockops::af_inet6;
		SockOpsWords(end6->GetLocalAddress(), sk.skc_v6_rcv_saddr);
		SockOpsWords(end6->GetPeerAddress(), sk.skc_v6_daddr);
		sk.skc_num = end6->GetLocalPort();
		sk.skc_dport = sockops::cpu_to_be16(end6->GetPeerPort());
	}
}

/// Sequence numbers count a SYN and a FIN that were sent; ns-3's marks count data only.
inline void SockOpsFillSequence(sockops::tcp_sock& sk, const TcpSocketState& tcb, const TcpTxBuffer& sent) {
	using namespace sockops;
	const u8 state = sk.skc_state;
	const bool syn_out = state == TCP_SYN_SENT || state == TCP_SYN_RECV;
	const bool fin_out = state == TCP_FIN_WAIT1 || state == TCP_CLOSING || state == TCP_LAST_ACK;
	const uint32_t high = std::max(tcb.m_highTxMark.Get(), tcb.m_nextTxSequence.Get()).GetValue();
	sk.snd_nxt = high + (syn_out || fin_out ? 1 : 0);
	sk.snd_una = sent.HeadSequence().GetValue();
	sk.rcv_nxt = tcb.m_rxBuffer->NextRxSequence().GetValue();
	sk.bytes_acked = sk.snd_una; // the SYN counts, as in the kernel on the active side
	sk.bytes_received = sk.rcv_nxt > 0 ? sk.rcv_nxt - 1 : 0;
	sk.packets_out = SockOpsSegments(sk.snd_nxt - sk.snd_una, tcb);
}

/// Windows, what is on its way, and ECN.
inline void SockOpsFillWindows(sockops::tcp_sock& sk, const TcpSocketState& tcb, const TcpTxBuffer& sent) {
	sk.snd_cwnd = tcb.m_cWnd ? tcb.GetCwndInSegments() : tcb.m_initialCWnd;
	const uint32_t ssthresh = tcb.m_cWnd ? tcb.m_ssThresh.Get() : tcb.m_initialSsThresh;
	sk.snd_ssthresh = ssthresh >= sockops::tcp_infinite_ssthresh ? sockops::tcp_infinite_ssthresh
																 : ssthresh / tcb.m_segmentSize;
	sk.mss_cache = tcb.m_segmentSize;
	sk.lost_out = SockOpsSegments(sent.GetLost(), tcb);
	sk.sacked_out = SockOpsSegments(sent.GetSacked(), tcb);
	sk.retrans_out = SockOpsSegments(sent.GetRetransmitsCount(), tcb);
	constexpr sockops::u8 ecn_ok = 1, queue_cwr = 2, demand_cwr = 4; // TCP_ECN_*
	const auto ecn = tcb.m_ecnState.Get();
	sk.ecn_flags = static_cast<sockops::u8>(
		(ecn != TcpSocketState::ECN_DISABLED ? ecn_ok : 0) |
		(ecn == TcpSocketState::ECN_ECE_RCVD ? queue_cwr : 0) |
		(ecn == TcpSocketState::ECN_CE_RCVD || ecn == TcpSocketState::ECN_SENDING_ECE ? demand_cwr : 0));
}

} // namespace ns3
