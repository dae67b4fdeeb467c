// SPDX-License-Identifier: MIT
// SockOpsTcpSocket: retransmission timers, retransmissions, round trip times.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_tcp_socket.hpp>

namespace ns3 {

/// All packets without data leave through here.
inline void SockOpsTcpSocket::SendEmptyPacket(uint8_t flags) {
	if (!IsHooked() || !HasEndPoint())
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

inline void SockOpsTcpSocket::SendCounted(uint8_t flags) {
	++m_sk.segs_out;
	TcpSocketBase::SendEmptyPacket(flags);
}

inline void SockOpsTcpSocket::ReportTimeout(uint32_t retransmits, Time rto, bool expired) {
	Refresh();
	m_sk.icsk_retransmits = static_cast<sockops::u8>(retransmits);
	Calls::tcp_bpf_rto(m_sk, retransmits, TimeToJiffies(GetNet(), rto), expired);
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
	if (expired)
		return SendMarked(flags, m_synEct); // does not send: the base gives up and closes
	(void)Calls::tcp_retransmit_skb(m_sk, m_tcb->m_nextTxSequence.Get().GetValue(), 1, 0, [&] {
		SendMarked(flags, m_synEct);
		Refresh();
		return 0;
	});
	m_sk.icsk_retransmits = static_cast<sockops::u8>(retransmits + 1);
	(void)Calls::tcp_timeout_init(&m_sk);
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

/// All packets with data. What ns-3 has sent before is a retransmission, whoever asked for it. ns-3 has
/// no tail loss probe and no early refusal; what the device drops, it does not report as an error.
inline uint32_t SockOpsTcpSocket::SendDataPacket(SequenceNumber32 seq, uint32_t maxSize, bool withAck) {
	m_nothingFits = maxSize == 0;
	if (m_nothingFits)
		return 0;
	if (!IsHooked())
		return TcpSocketBase::SendDataPacket(seq, maxSize, withAck);
	++m_sk.segs_out;
	++m_sk.data_segs_out;
	if (seq >= m_tcb->m_highTxMark.Get())
		return TcpSocketBase::SendDataPacket(seq, maxSize, withAck);
	uint32_t sent = 0;
	const auto transmit = [&] {
		sent = TcpSocketBase::SendDataPacket(seq, maxSize, withAck);
		Refresh();
		return 0;
	};
	(void)Calls::tcp_retransmit_skb(m_sk, seq.GetValue(), std::max(Packets(maxSize), 1u), 0, transmit);
	return sent;
}

/// ns-3.37 asks for a packet of no bytes, and then dereferences a null pointer, when what was sent fills the
/// peer's window to the byte and part of it is SACKed: easily so with a small RWND_INIT. SendDataPacket()
/// has refused that packet; here the loop that asked is told that there is no room. In sockets that are
/// not hooked too, as their peer may be.
inline uint32_t SockOpsTcpSocket::AvailableWindow() const {
	if (!m_nothingFits)
		return TcpSocketBase::AvailableWindow();
	m_nothingFits = false;
	return 0;
}

/// Does the base act on its timer now, other than by sending a SYN again, which is reported there?
inline bool SockOpsTcpSocket::TimeoutMeansSomething() const {
	if (m_state == CLOSED || m_state == TIME_WAIT || m_state == SYN_SENT)
		return false;
	return m_txBuffer->Size() > 0 || m_state == FIN_WAIT_1 || m_state == CLOSING;
}

/// The data timer: RTO, then what the base retransmits. A connection given up here stays in its state in
/// ns-3; programs see it close.
inline void SockOpsTcpSocket::ReTxTimeout() {
	if (!IsHooked() || !TimeoutMeansSomething())
		return TcpSocketBase::ReTxTimeout();
	const Ptr<SockOpsTcpSocket> alive(this);
	const bool data = m_txBuffer->Size() > 0;
	const bool expired = data && m_dataRetrCount == 0;
	ReportTimeout(data ? m_dataRetries - m_dataRetrCount : m_finRetransmits, m_rto, expired);
	if (expired)
		ChangeState(sockops::TCP_CLOSE);
	m_timeoutReported = true;
	TcpSocketBase::ReTxTimeout();
	m_timeoutReported = false;
}

/// ns-3's second FIN timer, in LAST_ACK: its delay has no lower bound.
inline void SockOpsTcpSocket::LastAckTimeout() {
	if (!IsHooked() || m_state != LAST_ACK)
		return TcpSocketBase::LastAckTimeout();
	const Ptr<SockOpsTcpSocket> alive(this);
	const bool expired = m_dataRetrCount == 0;
	const Time rto = m_rtt->GetEstimate() + Max(m_clockGranularity, m_rtt->GetVariation() * 4);
	ReportTimeout(m_dataRetries - m_dataRetrCount, rto, expired);
	if (expired)
		ChangeState(sockops::TCP_CLOSE);
	m_timeoutReported = true;
	TcpSocketBase::LastAckTimeout();
	m_timeoutReported = false;
}

/// A measurement. ns-3 comes here before it looks at the segment: so the ACK that completes a passive
/// handshake makes the child first, and a reset says nothing. rtt_min is of all the connection's
/// samples (Linux: of the last 5 minutes).
inline void SockOpsTcpSocket::EstimateRtt(const TcpHeader& header) {
	if (!IsHooked())
		return TcpSocketBase::EstimateRtt(header);
	if (m_request && m_state == SYN_RCVD && CompletesHandshake(header))
		BecomeChild();
	const uint32_t samples = m_rtt->GetNSamples();
	TcpSocketBase::EstimateRtt(header);
	const bool closed = m_sk.skc_state == sockops::TCP_CLOSE || m_sk.skc_state == sockops::TCP_LISTEN;
	if (m_rtt->GetNSamples() == samples || m_request || closed || header.GetFlags() & TcpHeader::RST)
		return;
	Refresh();
	m_sk.snd_una = header.GetAckNumber().GetValue();
	const auto mrtt_us = static_cast<uint32_t>(m_measured->GetLastMeasurement().GetMicroSeconds());
	m_sk.rtt_min = std::min(m_sk.rtt_min, mrtt_us);
	const auto srtt_us_8 = static_cast<uint32_t>(m_rtt->GetEstimate().GetNanoSeconds() / 125);
	Calls::tcp_rtt_sample(m_sk, mrtt_us, srtt_us_8);
}

} // namespace ns3
