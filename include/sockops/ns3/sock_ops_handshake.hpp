// SPDX-License-Identifier: MIT
// SockOpsTcpSocket: how connections begin, and what the replies of that phase change.
//
// Context: the simulator's thread.
#pragma once

#include <ns3/abort.h>

#include <sockops/ns3/sock_ops_tcp_socket.hpp>

namespace ns3 {

inline SockOpsTcpSocket::SockOpsTcpSocket(const SockOpsTcpSocket& listener)
	: TcpSocketBase(listener), m_space(listener.m_space), m_backend(*this),
	  m_measured(DynamicCast<SockOpsRttEstimator>(m_rtt)), m_pacingByUser(listener.m_pacingByUser) {
	ConnectStateTrace();
	if (m_space)
		m_request.emplace(Request{const_cast<SockOpsTcpSocket*>(&listener), {}});
}

/// TCP_LISTEN, once the base is listening. A second Listen() is an error in ns-3 (Linux: it sets the
/// backlog), and fires nothing in either.
inline int SockOpsTcpSocket::Listen() {
	const int result = TcpSocketBase::Listen();
	if (result == 0 && IsHooked()) {
		Refresh();
		(void)Calls::inet_listen(m_sk); // closed until now, so it cannot fail
	}
	return result;
}

// --- active -------------------------------------------------------------------------------------

/// STATE (7 -> 2), TCP_CONNECT, RWND_INIT, TIMEOUT_INIT, NEEDS_ECN. Called where the first SYN is about
/// to be built: Connect() does not know the own address yet.
inline void SockOpsTcpSocket::StartConnect(uint8_t& flags) {
	ForgetConnection();
	ChangeState(sockops::TCP_SYN_SENT);
	Refresh();
	const sockops::tcp_syn_params params = Calls::tcp_connect(m_sk);
	ApplySynParams(params);
	m_synEct = params.ecn;
	if (params.ecn)
		m_tcb->m_useEcn = TcpSocketState::On;
	// Also if the TCP_CONNECT program has chosen an algorithm that wants ECN. The base repeats the
	// flags with each retransmitted SYN (Linux gives ECN up then, unless tcp_ecn_fallback is 0).
	if (m_tcb->m_useEcn == TcpSocketState::On)
		flags |= TcpHeader::ECE | TcpHeader::CWR;
}

/// What an earlier connection of the socket has left; callback flags and options stay, as in
/// tcp_disconnect().
inline void SockOpsTcpSocket::ForgetConnection() {
	m_sk.rtt_min = ~0u;
	m_sk.srtt_us = m_sk.rtt_seq = m_sk.total_retrans = 0;
	m_sk.segs_in = m_sk.segs_out = m_sk.data_segs_in = m_sk.data_segs_out = 0;
	m_sk.icsk_retransmits = 0;
}

inline void SockOpsTcpSocket::SendSyn(uint8_t flags) {
	const bool first = m_synCount == m_synRetries;
	if (!first)
		return RetransmitSyn(flags);
	if (m_sk.skc_state != sockops::TCP_SYN_SENT) // else Connect() a second time: Linux says EALREADY
		StartConnect(flags);
	SendMarked(flags, m_synEct);
}

/// An empty packet, as ECN-capable transport if `ect`. ns-3 marks such a packet in DCTCP mode only (and
/// not if the script set a TOS), so that mode is on while it is built.
inline void SockOpsTcpSocket::SendMarked(uint8_t flags, bool ect) {
	const auto mode = m_tcb->m_ecnMode;
	if (ect)
		m_tcb->m_ecnMode = TcpSocketState::DctcpEcn;
	SendCounted(flags);
	m_tcb->m_ecnMode = mode;
}

/// TIMEOUT_INIT and RWND_INIT. Packets are of the socket's own segment size: ns-3 announces no MSS.
inline void SockOpsTcpSocket::ApplySynParams(const sockops::tcp_syn_params& params) {
	if (!m_scriptTimeout)
		m_scriptTimeout = m_cnTimeout;
	m_cnTimeout =
		SockOpsRelease::TimeoutReply() > 0 ? JiffiesToTime(GetNet(), params.timeout) : *m_scriptTimeout;
	m_windowCap = static_cast<uint32_t>(
		std::min<uint64_t>(uint64_t{params.rwnd_packets} * m_tcb->m_segmentSize, UINT32_MAX));
}

// --- passive ------------------------------------------------------------------------------------

/// A SYN: (NEEDS_ECN,) RWND_INIT, TIMEOUT_INIT of the request; the base then sends the SYN-ACK. ns-3
/// forked a full socket for it; programs see a request until the handshake is complete.
inline void SockOpsTcpSocket::CompleteFork(Ptr<Packet> packet, const TcpHeader& header, const Address& from,
										   const Address& to) {
	if (m_request)
		StartRequest(header, from, to);
	TcpSocketBase::CompleteFork(packet, header, from, to);
}

inline void SockOpsTcpSocket::StartRequest(const TcpHeader& syn, const Address& from, const Address& to) {
	sockops::request_sock& req = m_request->sock;
	sockops::inet_reqsk_init(req, &m_request->listener->m_sk, GetNet());
	req.mss = static_cast<sockops::u16>(m_tcb->m_segmentSize);
	if (InetSocketAddress::IsMatchingType(to)) {
		const auto own = InetSocketAddress::ConvertFrom(to), peer = InetSocketAddress::ConvertFrom(from);
		req.skc_family = sockops::af_inet;
		req.skc_rcv_saddr = sockops::cpu_to_be32(own.GetIpv4().Get());
		req.skc_daddr = sockops::cpu_to_be32(peer.GetIpv4().Get());
		req.skc_num = own.GetPort();
		req.skc_dport = sockops::cpu_to_be16(peer.GetPort());
	} else {
		const auto own = Inet6SocketAddress::ConvertFrom(to), peer = Inet6SocketAddress::ConvertFrom(from);
		req.skc_family = sockops::af_inet6;
		own.GetIpv6().Serialize(reinterpret_cast<uint8_t*>(req.skc_v6_rcv_saddr.u6_addr32));
		peer.GetIpv6().Serialize(reinterpret_cast<uint8_t*>(req.skc_v6_daddr.u6_addr32));
		req.skc_num = own.GetPort();
		req.skc_dport = sockops::cpu_to_be16(peer.GetPort());
	}

	constexpr uint8_t asks = TcpHeader::ECE | TcpHeader::CWR;
	// UseEcn is ns-3's sysctl tcp_ecn. (Linux does not take it as a yes if the SYN itself is ECT.)
	const sockops::tcp_syn_params params = Calls::tcp_conn_request(
		req, {(syn.GetFlags() & asks) == asks, m_tcb->m_useEcn != TcpSocketState::Off});
	ApplySynParams(params);
	if (params.ecn && m_tcb->m_useEcn == TcpSocketState::Off)
		m_tcb->m_useEcn = TcpSocketState::AcceptOnly;
}

/// Each SYN-ACK of a request asks NEEDS_ECN once more: 1 sends it as ECT. That of a simultaneous open
/// (a full socket) asks nothing.
inline void SockOpsTcpSocket::SendSynAck(uint8_t flags) {
	const bool ect =
		m_request && m_synCount > 0 && Calls::tcp_synack_ect(m_request->sock, !CheckNoEcn(GetIpTos()));
	SendMarked(flags, ect);
}

/// Is this the packet with which ProcessSynRcvd() will go on to ESTABLISHED?
inline bool SockOpsTcpSocket::CompletesHandshake(const TcpHeader& header) const {
	constexpr uint8_t kept =
		static_cast<uint8_t>(~(TcpHeader::PSH | TcpHeader::URG | TcpHeader::CWR | TcpHeader::ECE));
	return (header.GetFlags() & kept) == TcpHeader::ACK &&
		   header.GetAckNumber() == m_tcb->m_nextTxSequence.Get() + SequenceNumber32(1);
}

/// The request becomes a socket: a clone of the listener, in SYN_RECV.
inline void SockOpsTcpSocket::BecomeChild() {
	if (!m_request)
		return;
	NS_ABORT_MSG_IF(sockops::inet_csk_clone(m_sk, m_request->listener->m_sk, m_request->sock) != 0,
					"no memory for the child's copy of the listener's sk_storage");
	m_sk.backend = &m_backend;
	m_request.reset();
}

// --- the initial receive window -----------------------------------------------------------------

/// What RWND_INIT left of the window: a reply lowers it, and cannot raise it over the receive buffer. ns-3
/// shifts scaled windows down, so up to 2^shift - 1 bytes are lost.
inline uint16_t SockOpsTcpSocket::AdvertisedWindowSize(bool scale) const {
	const uint16_t window = TcpSocketBase::AdvertisedWindowSize(scale);
	if (m_windowCap == 0)
		return window;
	return static_cast<uint16_t>(std::min<uint32_t>(window, m_windowCap >> (scale ? m_rcvWindShift : 0)));
}

/// With data in sequence the cap grows by two segments, as tcp_grow_window() does, until it is no cap.
inline void SockOpsTcpSocket::ReceivedData(Ptr<Packet> packet, const TcpHeader& header) {
	if (m_windowCap >= GetRcvBufSize())
		m_windowCap = 0;
	else if (m_windowCap != 0 && header.GetSequenceNumber() == m_tcb->m_rxBuffer->NextRxSequence())
		m_windowCap += 2 * m_tcb->m_segmentSize;
	TcpSocketBase::ReceivedData(packet, header);
}

} // namespace ns3
