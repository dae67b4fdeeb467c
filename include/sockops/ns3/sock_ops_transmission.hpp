// SPDX-License-Identifier: MIT
// SockOpsTcpSocket: segments in and out, retransmission timers, round trip times, and the options that change
// them. Which values an option takes, and what can be read back, the library has decided before
// (hook/helpers.hpp).
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_tcp_socket.hpp>

namespace ns3 {

// --- segments without data ----------------------------------------------------------------------

/// All packets without data leave through here.
inline void SockOpsTcpSocket::SendEmptyPacket(uint8_t flags) {
	if (!IsHooked() || !(m_endPoint || m_endPoint6))
		return TcpSocketBase::SendEmptyPacket(flags);
	const Ptr<SockOpsTcpSocket> alive(this); // giving up may drop the last reference
	if (flags & TcpHeader::RST) {
		// ns-3 resets without leaving its state. The kernel's close() with unread data is closed first.
		if (!m_request)
			ChangeState(sockops::TCP_CLOSE);
		m_request.reset();
		SendCounted(flags);
	} else if (flags & TcpHeader::SYN) {
		(flags & TcpHeader::ACK) != 0 ? SendSynAck(flags) : SendSyn(flags);
	} else if (flags & TcpHeader::FIN) {
		SendFin(flags);
	} else {
		SendCounted(flags);
	}
}

inline void SockOpsTcpSocket::SendCounted(uint8_t flags, bool ect) {
	++m_sk.segs_out;
	const SockOpsMarking marking(*m_tcb, ect);
	TcpSocketBase::SendEmptyPacket(flags);
}

inline void SockOpsTcpSocket::SendSyn(uint8_t flags) {
	const bool first = m_synCount == m_synRetries;
	if (!first)
		return RetransmitSyn(flags);
	if (m_sk.skc_state != sockops::TCP_SYN_SENT) // else Connect() a second time: Linux says EALREADY
		StartConnect(flags);
	SendCounted(flags, m_handshake.SynIsEct());
}

/// The SYN timer. Around RTO and RETRANS the kernel asks TIMEOUT_INIT again, to see whether to give up
/// by time; ns-3 gives up by count alone, so those replies change nothing. ns-3 doubles the timeout from
/// the first retransmission on (Linux 6.5 and later: after four).
inline void SockOpsTcpSocket::RetransmitSyn(uint8_t flags) {
	const uint32_t retransmits = m_synRetries - m_synCount - 1;
	const bool expired = m_synCount == 0;
	if (retransmits >= 1 && !expired) {
		Refresh();
		(void)Calls::tcp_timeout_init(&m_sk);
	}
	// Not m_rto: a reset that ns-3 ignores in SYN_SENT has passed the RTT estimator.
	ReportTimeout(retransmits, m_cnTimeout * (int64_t{1} << retransmits), expired);
	if (expired) // does not send: the base gives up and closes
		return SendCounted(flags, m_handshake.SynIsEct());
	(void)Calls::tcp_retransmit_skb(m_sk, m_tcb->m_nextTxSequence.Get().GetValue(), 1, 0, [&] {
		SendCounted(flags, m_handshake.SynIsEct());
		Refresh();
		return 0;
	});
	m_sk.icsk_retransmits = static_cast<sockops::u8>(retransmits + 1);
	(void)Calls::tcp_timeout_init(&m_sk);
}

/// Each SYN-ACK of a request asks NEEDS_ECN once more: 1 sends it as ECT. That of a simultaneous open
/// (a full socket) asks nothing.
inline void SockOpsTcpSocket::SendSynAck(uint8_t flags) {
	SendCounted(flags,
				m_request && m_synCount > 0 && Calls::tcp_synack_ect(*m_request, !CheckNoEcn(GetIpTos())));
}

/// A FIN without data: sent for the first time before ns-3 changes its state. Later ones come from the
/// timers (or answer the peer's FIN in LAST_ACK, without RTO). In FIN_WAIT_1 ns-3 never gives up.
inline void SockOpsTcpSocket::SendFin(uint8_t flags) {
	const bool first = m_state != FIN_WAIT_1 && m_state != CLOSING && m_state != LAST_ACK;
	if (first) {
		m_finRetransmits = 0;
		return SendCounted(flags);
	}
	if (!m_timeoutReported && m_retxEvent.IsExpired())
		ReportTimeout(m_finRetransmits, m_rto, false);
	(void)Calls::tcp_retransmit_skb(m_sk, m_tcb->m_nextTxSequence.Get().GetValue(), 1, 0, [&] {
		SendCounted(flags);
		Refresh();
		return 0;
	});
	++m_finRetransmits;
}

// --- data ---------------------------------------------------------------------------------------

/// All packets with data. What ns-3 has sent before is a retransmission, whoever asked for it. ns-3 has
/// no tail loss probe and no early refusal; what the device drops, it does not report as an error.
inline uint32_t SockOpsTcpSocket::SendDataPacket(SequenceNumber32 seq, uint32_t maxSize, bool withAck) {
	if (!IsHooked() || maxSize == 0)
		return SockOpsGuardedSocket::SendDataPacket(seq, maxSize, withAck);
	++m_sk.segs_out;
	++m_sk.data_segs_out;
	if (seq >= m_tcb->m_highTxMark.Get())
		return SockOpsGuardedSocket::SendDataPacket(seq, maxSize, withAck);
	uint32_t sent = 0;
	const auto transmit = [&] {
		sent = SockOpsGuardedSocket::SendDataPacket(seq, maxSize, withAck);
		Refresh();
		return 0;
	};
	(void)Calls::tcp_retransmit_skb(m_sk, seq.GetValue(), std::max(SockOpsSegments(maxSize, *m_tcb), 1u), 0,
									transmit);
	return sent;
}

/// Looks at what comes in and counts it; then the base works on it. Two fields of the header are all that is
/// looked at: to read it as ns-3 does makes an object of each option, once more than the base does.
inline void SockOpsTcpSocket::DoForwardUp(Ptr<Packet> packet, const Address& from, const Address& to) {
	constexpr uint32_t least = 20; // bytes of a header
	uint8_t header[least];
	if (IsHooked() && !m_request && packet->CopyData(header, least) == least) {
		m_segmentAck = SequenceNumber32(uint32_t{header[8]} << 24 | uint32_t{header[9]} << 16 |
										uint32_t{header[10]} << 8 | header[11]);
		++m_sk.segs_in;
		if (packet->GetSize() > (header[12] >> 4) * 4u)
			++m_sk.data_segs_in;
	}
	TcpSocketBase::DoForwardUp(packet, from, to);
}

inline void SockOpsTcpSocket::ReceivedData(Ptr<Packet> packet, const TcpHeader& header) {
	m_receiveWindow.DataArrived(header.GetSequenceNumber() == m_tcb->m_rxBuffer->NextRxSequence(),
								m_tcb->m_segmentSize, GetRcvBufSize());
	TcpSocketBase::ReceivedData(packet, header);
}

/// ns-3 shifts windows down for a peer that does not scale, too, which takes them as they are.
inline uint16_t SockOpsTcpSocket::AdvertisedWindowSize(bool scale) const {
	return m_receiveWindow.Announced(TcpSocketBase::AdvertisedWindowSize(scale),
									 scale && m_winScalingEnabled ? m_rcvWindShift : 0);
}

// --- timers and round trips ---------------------------------------------------------------------

inline void SockOpsTcpSocket::ReportTimeout(uint32_t retransmits, Time rto, bool expired) {
	Refresh();
	m_sk.icsk_retransmits = static_cast<sockops::u8>(retransmits);
	Calls::tcp_bpf_rto(m_sk, retransmits, TimeToJiffies(GetNet(), rto), expired);
}

/// The same of a connection that has data or a FIN out. One that is given up stays in its state in ns-3;
/// programs see it close.
inline void SockOpsTcpSocket::ReportDataTimeout(uint32_t retransmits, Time rto, bool expired) {
	ReportTimeout(retransmits, rto, expired);
	if (expired)
		ChangeState(sockops::TCP_CLOSE);
	m_timeoutReported = true;
}

/// Does the base act on its timer now, other than by sending a SYN again, which is reported there?
inline bool SockOpsTcpSocket::TimeoutMeansSomething() const {
	if (m_state == CLOSED || m_state == TIME_WAIT || m_state == SYN_SENT)
		return false;
	return m_txBuffer->Size() > 0 || m_state == FIN_WAIT_1 || m_state == CLOSING;
}

/// The data timer: RTO, then what the base retransmits.
inline void SockOpsTcpSocket::ReTxTimeout() {
	if (!IsHooked() || !TimeoutMeansSomething())
		return TcpSocketBase::ReTxTimeout();
	const Ptr<SockOpsTcpSocket> alive(this);
	const bool data = m_txBuffer->Size() > 0;
	ReportDataTimeout(data ? m_dataRetries - m_dataRetrCount : m_finRetransmits, m_rto,
					  data && m_dataRetrCount == 0);
	TcpSocketBase::ReTxTimeout();
	m_timeoutReported = false;
}

/// ns-3's second FIN timer, in LAST_ACK: its delay has no lower bound.
inline void SockOpsTcpSocket::LastAckTimeout() {
	if (!IsHooked() || m_state != LAST_ACK)
		return TcpSocketBase::LastAckTimeout();
	const Ptr<SockOpsTcpSocket> alive(this);
	ReportDataTimeout(m_dataRetries - m_dataRetrCount,
					  m_rtt->GetEstimate() + Max(m_clockGranularity, m_rtt->GetVariation() * 4),
					  m_dataRetrCount == 0);
	TcpSocketBase::LastAckTimeout();
	m_timeoutReported = false;
}

/// A measurement. ns-3 comes here before it looks at the segment: so the ACK that completes a passive
/// handshake makes the child first, and a reset says nothing. rtt_min is of all the connection's
/// samples (Linux: of the last 5 minutes).
inline void SockOpsTcpSocket::EstimateRtt(const TcpHeader& header) {
	if (!IsHooked())
		return TcpSocketBase::EstimateRtt(header);
	if (m_request && m_state == SYN_RCVD && SockOpsHandshake::CompletedBy(header, *m_tcb))
		BecomeChild();
	const std::optional<Time> sample = SockOpsRttSample(m_rtt, [&] { TcpSocketBase::EstimateRtt(header); });
	const bool closed = m_sk.skc_state == sockops::TCP_CLOSE || m_sk.skc_state == sockops::TCP_LISTEN;
	if (!sample || m_request || closed || header.GetFlags() & TcpHeader::RST)
		return;
	Refresh();
	m_sk.snd_una = header.GetAckNumber().GetValue();
	const auto mrtt_us = static_cast<uint32_t>(sample->GetMicroSeconds());
	m_sk.rtt_min = std::min(m_sk.rtt_min, mrtt_us);
	const auto srtt_us_8 = static_cast<uint32_t>(m_rtt->GetEstimate().GetNanoSeconds() / 125);
	Calls::tcp_rtt_sample(m_sk, mrtt_us, srtt_us_8);
}

// --- options ------------------------------------------------------------------------------------

inline const SockOpsTcpSocket::Option* SockOpsTcpSocket::OptionRow(int level, int optname) {
	using namespace sockops;
	static constexpr Option rows[] = {
		{sol::tcp, TCP_BPF_IW, &SockOpsTcpSocket::TakeInitialWindow},
		{sol::tcp, TCP_BPF_SNDCWND_CLAMP, &SockOpsTcpSocket::TakeClamp},
		{sol::tcp, TCP_BPF_RTO_MIN, &SockOpsTcpSocket::TakeRtoMin},
		{sol::tcp, TCP_BPF_DELACK_MAX, &SockOpsTcpSocket::TakeDelackMax},
	};
	for (const Option& row : rows)
		if (row.level == level && row.optname == optname)
			return &row;
	return nullptr;
}

/// As in Linux, the handshake sets it anew: of use once established.
inline void SockOpsTcpSocket::TakeInitialWindow() {
	m_tcb->m_cWnd = m_sk.snd_cwnd * m_tcb->m_segmentSize;
	m_tcb->m_cWndInfl = m_tcb->m_cWnd;
}

inline void SockOpsTcpSocket::TakeClamp() {
	m_tcb->m_ssThresh = m_sk.snd_ssthresh * m_tcb->m_segmentSize;
	if (m_sk.skc_state == sockops::TCP_SYN_SENT) // ns-3's handshake will set it to this
		m_tcb->m_initialSsThresh = m_tcb->m_ssThresh;
}

inline void SockOpsTcpSocket::TakeRtoMin() { SetMinRto(JiffiesToTime(GetNet(), m_sk.icsk_rto_min)); }

/// ns-3's delay is fixed, so a bound can only lower it.
inline void SockOpsTcpSocket::TakeDelackMax() {
	SetDelAckTimeout(std::min(GetDelAckTimeout(), JiffiesToTime(GetNet(), m_sk.icsk_delack_max)));
}

/// snd_cwnd_clamp bounds what the algorithm makes of an ACK; an initial window is lowered with the
/// first of them, not before.
inline void SockOpsTcpSocket::AckProcessed() {
	if (IsHooked() && m_sk.snd_cwnd_clamp != ~0u && m_tcb->m_cWnd > ClampInBytes()) {
		m_tcb->m_cWnd = static_cast<uint32_t>(ClampInBytes());
		m_tcb->m_cWndInfl = m_tcb->m_cWnd;
	}
}

/// Algorithms that set the window themselves (bbr) do so after ProcessAck().
inline uint32_t SockOpsTcpSocket::Window() const {
	const uint32_t window = TcpSocketBase::Window();
	if (!IsHooked() || m_sk.snd_cwnd_clamp == ~0u || !m_congestionControl->HasCongControl())
		return window;
	return static_cast<uint32_t>(std::min<uint64_t>(window, ClampInBytes()));
}

} // namespace ns3
