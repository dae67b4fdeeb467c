// SPDX-License-Identifier: MIT
// SockOpsTcpSocket: what bpf_setsockopt() changes in ns-3. Which values are allowed, and what can be
// read back, the library has decided before (hook/helpers.hpp).
//
// Context: the simulator's thread.
#pragma once

#include <cerrno>

#include <ns3/tcp-dctcp.h>

#include <sockops/ns3/sock_ops_tcp_socket.hpp>

namespace ns3 {

/// TCP_CONGESTION: 0, or -ENOENT for what ns-3 has no model of. Not to be called from inside a virtual
/// function of the algorithm in use; no callback fires there.
inline int SockOpsTcpSocket::SetCongestionControl(const char* name) {
	const Ptr<TcpCongestionOps> algorithm = MakeCongestionOps(name);
	if (!algorithm)
		return -ENOENT;
	const Ptr<TcpCongestionOps> old = m_congestionControl;
	// What the old one may have switched on and would not switch off.
	m_tcb->m_pacing = m_pacingByUser;
	m_tcb->m_ecnMode = TcpSocketState::ClassicEcn;
	const uint32_t cwnd = m_tcb->m_cWnd;
	SetCongestionControlAlgorithm(algorithm);
	const bool connected = m_sk.skc_state != sockops::TCP_CLOSE && m_sk.skc_state != sockops::TCP_LISTEN &&
						   m_sk.skc_state != sockops::TCP_SYN_SENT;
	if (connected) { // ns-3 says so at the end of the handshake; the new one has missed it
		m_congestionControl->CongestionStateSet(m_tcb, TcpSocketState::CA_OPEN);
		m_tcb->m_cWnd = std::min(m_tcb->m_cWnd.Get(), cwnd);
	}
	return 0;
}

inline const char* SockOpsTcpSocket::GetCongestionControl() {
	m_congestionName = CongestionOpsName(m_congestionControl);
	return m_congestionName.c_str();
}

/// The others would change fields that ns-3 does not look at: programs are told -ENOPROTOOPT.
inline bool SockOpsTcpSocket::TakesOver(int optname) {
	return optname == sockops::TCP_BPF_IW || optname == sockops::TCP_BPF_SNDCWND_CLAMP ||
		   optname == sockops::TCP_BPF_RTO_MIN || optname == sockops::TCP_BPF_DELACK_MAX;
}

/// Fields of the tcp_sock have changed for this option: ns-3 takes them over.
inline void SockOpsTcpSocket::TakeOver(int optname) {
	switch (optname) {
	case sockops::TCP_BPF_IW: // as in Linux, the handshake sets it anew: of use once established
		m_tcb->m_cWnd = m_sk.snd_cwnd * m_tcb->m_segmentSize;
		m_tcb->m_cWndInfl = m_tcb->m_cWnd;
		break;
	case sockops::TCP_BPF_SNDCWND_CLAMP:
		m_tcb->m_ssThresh = m_sk.snd_ssthresh * m_tcb->m_segmentSize;
		if (m_sk.skc_state == sockops::TCP_SYN_SENT) // ns-3's handshake will set it to this
			m_tcb->m_initialSsThresh = m_tcb->m_ssThresh;
		break;
	case sockops::TCP_BPF_RTO_MIN:
		SetMinRto(JiffiesToTime(GetNet(), m_sk.icsk_rto_min));
		break;
	case sockops::TCP_BPF_DELACK_MAX: // ns-3's delay is fixed, so a bound can only lower it
		SetDelAckTimeout(std::min(GetDelAckTimeout(), JiffiesToTime(GetNet(), m_sk.icsk_delack_max)));
		break;
	default:
		break;
	}
}

/// snd_cwnd_clamp bounds what the algorithm makes of an ACK; an initial window is lowered with the
/// first of them, not before.
inline void SockOpsTcpSocket::ClampCwnd() {
	const uint64_t clamp = uint64_t{m_sk.snd_cwnd_clamp} * m_tcb->m_segmentSize;
	if (m_sk.snd_cwnd_clamp != ~0u && m_tcb->m_cWnd > clamp) {
		m_tcb->m_cWnd = static_cast<uint32_t>(clamp);
		m_tcb->m_cWndInfl = m_tcb->m_cWnd;
	}
}

inline void SockOpsTcpSocket::ProcessAck(const SequenceNumber32& ack, bool scoreboardUpdated,
										 uint32_t delivered, const SequenceNumber32& oldHead) {
	TcpSocketBase::ProcessAck(ack, scoreboardUpdated, delivered, oldHead);
	if (IsHooked())
		ClampCwnd();
}

/// Algorithms that set the window themselves (bbr) do so after ProcessAck().
inline uint32_t SockOpsTcpSocket::Window() const {
	const uint32_t window = TcpSocketBase::Window();
	if (!IsHooked() || m_sk.snd_cwnd_clamp == ~0u || !m_congestionControl->HasCongControl())
		return window;
	const uint64_t clamp = uint64_t{m_sk.snd_cwnd_clamp} * m_tcb->m_segmentSize;
	return static_cast<uint32_t>(std::min<uint64_t>(window, clamp));
}

} // namespace ns3
