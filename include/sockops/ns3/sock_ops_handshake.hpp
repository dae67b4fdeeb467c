// SPDX-License-Identifier: MIT
// What the replies of a connection's beginning leave behind: TIMEOUT_INIT and NEEDS_ECN. (RWND_INIT:
// sock_ops_receive_window.hpp.)
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <optional>

#include <ns3/nstime.h>
#include <ns3/tcp-header.h>
#include <ns3/tcp-socket-state.h>

#include <sockops/hook/tcp_events.hpp>

#include <sockops/ns3/sock_ops_release.hpp>
#include <sockops/ns3/sock_ops_space.hpp>

namespace ns3 {

class SockOpsHandshake {
  public:
	/// The SYN's or SYN-ACK's first timeout: the last TIMEOUT_INIT's reply, else what the script has.
	Time Timeout(const sockops::net& in, const sockops::tcp_syn_params& params, Time script) {
		if (!m_scriptTimeout)
			m_scriptTimeout = script;
		return SockOpsRelease::TimeoutReply() > 0 ? JiffiesToTime(in, params.timeout) : *m_scriptTimeout;
	}

	/// The flags of a connection's SYN; with NEEDS_ECN answered by 1, the SYN goes as ECT. They ask for ECN
	/// also where the TCP_CONNECT program has chosen an algorithm that wants it. The base repeats them with
	/// each retransmitted SYN (Linux gives ECN up then, unless tcp_ecn_fallback is 0).
	void AskForEcn(bool wanted, TcpSocketState& tcb, uint8_t& flags) {
		m_synEct = wanted;
		if (wanted)
			tcb.m_useEcn = TcpSocketState::On;
		if (tcb.m_useEcn == TcpSocketState::On)
			flags |= TcpHeader::ECE | TcpHeader::CWR;
	}
	/// As NEEDS_ECN has been answered.
	bool SynIsEct() const { return m_synEct; }

	/// Does a SYN ask for ECN?
	static bool AsksForEcn(const TcpHeader& syn) {
		constexpr uint8_t asks = TcpHeader::ECE | TcpHeader::CWR;
		return (syn.GetFlags() & asks) == asks;
	}

	/// Is this the packet with which ns-3 goes from SYN_RCVD to ESTABLISHED?
	static bool CompletedBy(const TcpHeader& header, const TcpSocketState& tcb) {
		constexpr uint8_t kept =
			static_cast<uint8_t>(~(TcpHeader::PSH | TcpHeader::URG | TcpHeader::CWR | TcpHeader::ECE));
		return (header.GetFlags() & kept) == TcpHeader::ACK &&
			   header.GetAckNumber() == tcb.m_nextTxSequence.Get() + SequenceNumber32(1);
	}

  private:
	std::optional<Time> m_scriptTimeout; ///< ConnTimeout as the script has it
	bool m_synEct = false;
};

/// While it lives, ns-3 marks an empty packet as ECN-capable transport, if `ect`: it does so in DCTCP mode
/// only (and not if the script set a TOS).
class SockOpsMarking {
  public:
	SockOpsMarking(TcpSocketState& tcb, bool ect) : m_tcb(tcb), m_mode(tcb.m_ecnMode) {
		if (ect)
			tcb.m_ecnMode = TcpSocketState::DctcpEcn;
	}
	~SockOpsMarking() { m_tcb.m_ecnMode = m_mode; }
	SockOpsMarking(const SockOpsMarking&) = delete;
	SockOpsMarking& operator=(const SockOpsMarking&) = delete;

  private:
	TcpSocketState& m_tcb;
	TcpSocketState::EcnMode_t m_mode;
};

} // namespace ns3
