// SPDX-License-Identifier: MIT
// SockOpsTcpSocket: states, and the fields that programs read, taken from ns-3 before each call.
//
// ns-3's initial sequence number is 0. rate_delivered and rate_interval_us stay 0: ns-3 makes rate
// samples only for algorithms that ask for them, and keeps none.
//
// Context: the simulator's thread.
#pragma once

#include <ns3/inet-socket-address.h>
#include <ns3/inet6-socket-address.h>

#include <sockops/ns3/sock_ops_tcp_socket.hpp>

namespace ns3 {

inline void SockOpsTcpSocket::Hook(Ptr<SockOpsSpace> space, sockops::cgroup& cgroup) {
	const int error = sockops::tcp_init_sock(m_sk, space->GetNet(), cgroup);
	NS_ABORT_MSG_IF(error != 0, "SockOps: the cgroup of node " << m_node->GetId()
															   << " has been removed; Join() another one");
	m_space = space;
	m_sk.backend = &m_backend;
	m_pacingByUser = m_tcb->m_pacing;
}

// --- states -------------------------------------------------------------------------------------

/// The base's copy constructor copies the value without its watchers, so each socket connects its own.
inline void SockOpsTcpSocket::ConnectStateTrace() {
	m_state.ConnectWithoutContext(MakeCallback(&SockOpsTcpSocket::StateChanges, this));
}

/// tcp_set_state(), if it changes anything. (The kernel also reports a close() in FIN_WAIT1 as 4 -> 4.)
inline void SockOpsTcpSocket::ChangeState(sockops::tcp_state state) {
	if (m_sk.skc_state == state)
		return;
	Refresh();
	Calls::tcp_set_state(m_sk, state);
}

/// Follows ns-3's states with the kernel's. Where they part:
///   LISTEN             set by inet_listen(), without STATE_CB
///   SYN_RCVD           of a fork: a request, which has no states of its own
///   CLOSED -> SYN_SENT was reported before TCP_CONNECT (StartConnect); ns-3 comes here after the SYN
///   TIME_WAIT          another small socket in the kernel: this one closes; the later CLOSED is no change
///   FIN_WAIT_1         and LAST_ACK are reported when ns-3 enters them: for a FIN without data after
///                      it was sent (Linux: before). No other callback lies between
///   CLOSING            ns-3 goes through it also if the peer's FIN acknowledges ours; that is FIN_WAIT2
inline void SockOpsTcpSocket::StateChanges(TcpStates_t, TcpStates_t to) {
	if (!IsHooked())
		return;
	if (to == CLOSED)
		m_windowCap = 0;
	if (m_request && to != ESTABLISHED && to != CLOSE_WAIT) {
		if (to == CLOSED)
			m_request.reset(); // given up or reset: a request goes without a word
		return;
	}
	switch (to) {
	case ESTABLISHED:
		return Established();
	case CLOSE_WAIT: // a FIN may complete the handshake
		Established();
		return ChangeState(sockops::TCP_CLOSE_WAIT);
	case SYN_RCVD:
		return ChangeState(sockops::TCP_SYN_RECV); // simultaneous open
	case FIN_WAIT_1:
		return ChangeState(sockops::TCP_FIN_WAIT1);
	case FIN_WAIT_2:
		return ChangeState(sockops::TCP_FIN_WAIT2);
	case CLOSING:
		return ChangeState(FinIsAcknowledged() ? sockops::TCP_FIN_WAIT2 : sockops::TCP_CLOSING);
	case LAST_ACK:
		return ChangeState(sockops::TCP_LAST_ACK);
	case TIME_WAIT:
		Refresh();
		return Calls::tcp_time_wait(m_sk);
	case CLOSED:
		return ChangeState(sockops::TCP_CLOSE);
	case LISTEN:
	case SYN_SENT:
	default:
		return;
	}
}

/// By the segment that is being processed.
inline bool SockOpsTcpSocket::FinIsAcknowledged() const {
	return m_txBuffer->Size() == 0 && m_segmentAck == m_tcb->m_highTxMark.Get() + SequenceNumber32(1);
}

/// The end of a handshake, if there is one going on: active, passive, or simultaneous open, which
/// ends as a passive one.
inline void SockOpsTcpSocket::Established() {
	BecomeChild();
	Refresh();
	if (m_sk.skc_state == sockops::TCP_SYN_SENT || m_sk.skc_state == sockops::TCP_SYN_RECV) {
		// ns-3 moves its marks over the two SYNs only after it has changed its state.
		m_sk.snd_una = m_sk.snd_nxt;
		m_sk.rcv_nxt = std::max(m_sk.rcv_nxt, 1u);
		m_sk.packets_out = 0;
	}
	if (m_sk.skc_state == sockops::TCP_SYN_SENT)
		Calls::tcp_finish_connect(m_sk);
	else if (m_sk.skc_state == sockops::TCP_SYN_RECV)
		Calls::tcp_child_established(m_sk);
}

// --- fields -------------------------------------------------------------------------------------

/// Bytes as segments, rounded up.
inline uint32_t SockOpsTcpSocket::Packets(uint32_t bytes) const {
	return (bytes + m_tcb->m_segmentSize - 1) / m_tcb->m_segmentSize;
}

inline void SockOpsTcpSocket::RefreshAddresses(sockops::sock_common& sk) const {
	const auto words = [](Ipv6Address address, sockops::in6_words& to) {
		uint8_t bytes[16];
		address.Serialize(bytes);
		std::memcpy(to.u6_addr32, bytes, sizeof bytes);
	};
	if (m_endPoint) {
		sk.skc_family = sockops::af_inet;
		sk.skc_rcv_saddr = sockops::cpu_to_be32(m_endPoint->GetLocalAddress().Get());
		sk.skc_daddr = sockops::cpu_to_be32(m_endPoint->GetPeerAddress().Get());
		sk.skc_num = m_endPoint->GetLocalPort();
		sk.skc_dport = sockops::cpu_to_be16(m_endPoint->GetPeerPort());
	} else if (m_endPoint6) {
		sk.skc_family = sockops::af_inet6;
		words(m_endPoint6->GetLocalAddress(), sk.skc_v6_rcv_saddr);
		words(m_endPoint6->GetPeerAddress(), sk.skc_v6_daddr);
		sk.skc_num = m_endPoint6->GetLocalPort();
		sk.skc_dport = sockops::cpu_to_be16(m_endPoint6->GetPeerPort());
	}
}

/// Sequence numbers count a SYN and a FIN that were sent; ns-3's marks count data only.
inline void SockOpsTcpSocket::RefreshSequence() {
	const bool syn_out = m_sk.skc_state == sockops::TCP_SYN_SENT || m_sk.skc_state == sockops::TCP_SYN_RECV;
	const bool fin_out = m_sk.skc_state == sockops::TCP_FIN_WAIT1 || m_sk.skc_state == sockops::TCP_CLOSING ||
						 m_sk.skc_state == sockops::TCP_LAST_ACK;
	const uint32_t high = std::max(m_tcb->m_highTxMark.Get(), m_tcb->m_nextTxSequence.Get()).GetValue();
	m_sk.snd_nxt = high + (syn_out || fin_out ? 1 : 0);
	m_sk.snd_una = m_txBuffer->HeadSequence().GetValue();
	m_sk.rcv_nxt = m_tcb->m_rxBuffer->NextRxSequence().GetValue();
	m_sk.bytes_acked = m_sk.snd_una; // the SYN counts, as in the kernel on the active side
	m_sk.bytes_received = m_sk.rcv_nxt > 0 ? m_sk.rcv_nxt - 1 : 0;
	m_sk.packets_out = Packets(m_sk.snd_nxt - m_sk.snd_una);
}

/// Before each call. srtt_us, rtt_min, total_retrans and the segment counts are kept as they happen.
inline void SockOpsTcpSocket::Refresh() {
	if (HasEndPoint())
		RefreshAddresses(m_sk);
	RefreshSequence();
	const uint32_t cwnd = m_tcb->m_cWnd ? m_tcb->GetCwndInSegments() : m_tcb->m_initialCWnd;
	m_sk.snd_cwnd = cwnd;
	const uint32_t ssthresh = m_tcb->m_cWnd ? m_tcb->m_ssThresh.Get() : m_tcb->m_initialSsThresh;
	m_sk.snd_ssthresh = ssthresh >= sockops::tcp_infinite_ssthresh ? sockops::tcp_infinite_ssthresh
																   : ssthresh / m_tcb->m_segmentSize;
	m_sk.mss_cache = m_tcb->m_segmentSize;
	m_sk.icsk_rto = TimeToJiffies(GetNet(), m_rto);
	m_sk.icsk_rto_min = TimeToJiffies(GetNet(), m_minRto);
	m_sk.icsk_delack_max = TimeToJiffies(GetNet(), m_delAckTimeout);
	m_sk.lost_out = Packets(m_txBuffer->GetLost());
	m_sk.sacked_out = Packets(m_txBuffer->GetSacked());
	m_sk.retrans_out = Packets(m_txBuffer->GetRetransmitsCount());
	constexpr sockops::u8 ecn_ok = 1, queue_cwr = 2, demand_cwr = 4; // TCP_ECN_*
	const auto ecn = m_tcb->m_ecnState.Get();
	m_sk.ecn_flags = static_cast<sockops::u8>(
		(ecn != TcpSocketState::ECN_DISABLED ? ecn_ok : 0) |
		(ecn == TcpSocketState::ECN_ECE_RCVD ? queue_cwr : 0) |
		(ecn == TcpSocketState::ECN_CE_RCVD || ecn == TcpSocketState::ECN_SENDING_ECE ? demand_cwr : 0));
}

/// Looks at what comes in and counts it; then the base works on it.
inline void SockOpsTcpSocket::DoForwardUp(Ptr<Packet> packet, const Address& from, const Address& to) {
	if (IsHooked() && !m_request) {
		TcpHeader header;
		const uint32_t header_size = packet->PeekHeader(header);
		m_segmentAck = header.GetAckNumber();
		++m_sk.segs_in;
		if (packet->GetSize() > header_size)
			++m_sk.data_segs_in;
	}
	TcpSocketBase::DoForwardUp(packet, from, to);
}

} // namespace ns3
