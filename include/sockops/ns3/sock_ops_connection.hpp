// SPDX-License-Identifier: MIT
// SockOpsTcpSocket: how connections begin and end, and the states between.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_tcp_socket.hpp>

#include <ns3/abort.h>

namespace ns3 {

inline TypeId SockOpsTcpSocket::GetTypeId() {
	static TypeId tid = TypeId("ns3::SockOpsTcpSocket")
							.SetParent<TcpSocketBase>()
							.SetGroupName("Internet")
							.AddConstructor<SockOpsTcpSocket>()
							.AddTraceSource("Callback", "A call of the sock_ops hook in which a program ran",
											MakeTraceSourceAccessor(&SockOpsTcpSocket::m_callbackTrace),
											"ns3::SockOpsTcpSocket::CallbackTracedCallback")
							.AddTraceSource("CallbackOp", "The op of each such call, and 0 after it",
											MakeTraceSourceAccessor(&SockOpsTcpSocket::m_opTrace),
											"ns3::TracedValueCallback::Uint32");
	return tid;
}

inline SockOpsTcpSocket::SockOpsTcpSocket(const SockOpsTcpSocket& listener)
	: SockOpsGuardedSocket(listener), sockops::tcp_backend(), m_space(listener.m_space),
	  m_callbackTrace(listener.m_callbackTrace), m_opTrace(listener.m_opTrace) {
	ConnectStateTrace();
	m_congestion.InheritFrom(listener.m_congestion);
	if (m_space)
		m_request = std::make_shared<SockOpsRequest>(const_cast<SockOpsTcpSocket*>(&listener), *this);
}

inline void SockOpsTcpSocket::Hook(Ptr<SockOpsSpace> space, sockops::cgroup& cgroup) {
	const int error = sockops::tcp_init_sock(m_sk, space->GetNet(), cgroup);
	NS_ABORT_MSG_IF(error != 0, "SockOps: the cgroup of node " << m_node->GetId()
															   << " has been removed; Join() another one");
	m_space = space;
	m_sk.backend = this;
	m_congestion.Begin(*m_tcb);
}

inline Ptr<SockOpsTcpSocket> SockOpsTcpSocket::Of(const sockops::sock_common* sk) {
	if (sk && sockops::sk_fullsock(sk))
		return dynamic_cast<SockOpsTcpSocket*>(static_cast<const sockops::tcp_sock*>(sk)->backend);
	if (sk && sk->skc_state == sockops::TCP_NEW_SYN_RECV)
		return dynamic_cast<SockOpsTcpSocket*>(&static_cast<const SockOpsRequest*>(sk)->Forked());
	return nullptr;
}

inline void SockOpsTcpSocket::TellCallback(const sockops::trace_call& call) {
	m_callbackTrace(this, call);
	SockOpsTellOp(m_opTrace, call.op);
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

// --- handshakes ---------------------------------------------------------------------------------

/// STATE (7 -> 2), TCP_CONNECT, RWND_INIT, TIMEOUT_INIT, NEEDS_ECN. Called where the first SYN is about
/// to be built: Connect() does not know the own address yet. What an earlier connection of the socket has
/// left goes; callback flags and options stay, as in tcp_disconnect().
inline void SockOpsTcpSocket::StartConnect(uint8_t& flags) {
	m_sk.rtt_min = ~0u;
	m_sk.srtt_us = m_sk.rtt_seq = m_sk.total_retrans = 0;
	m_sk.segs_in = m_sk.segs_out = m_sk.data_segs_in = m_sk.data_segs_out = 0;
	m_sk.icsk_retransmits = 0;
	ChangeState(sockops::TCP_SYN_SENT);
	Refresh();
	const SockOpsRelease::NestedTimeoutReply nested;
	const sockops::tcp_syn_params params = Calls::tcp_connect(m_sk);
	ApplySynParams(params);
	m_handshake.AskForEcn(params.ecn, *m_tcb, flags);
}

/// TIMEOUT_INIT and RWND_INIT. Packets are of the socket's own segment size: ns-3 announces no MSS.
inline void SockOpsTcpSocket::ApplySynParams(const sockops::tcp_syn_params& params) {
	m_cnTimeout = m_handshake.Timeout(GetNet(), params, m_cnTimeout);
	m_receiveWindow.Limit(params.rwnd_packets, m_tcb->m_segmentSize);
}

/// A SYN: (NEEDS_ECN,) RWND_INIT, TIMEOUT_INIT of the request; the base then sends the SYN-ACK. UseEcn is
/// ns-3's sysctl tcp_ecn. (Linux does not take it as a yes if the SYN itself is ECT.)
inline void SockOpsTcpSocket::CompleteFork(Ptr<Packet> packet, const TcpHeader& header, const Address& from,
										   const Address& to) {
	if (const auto request = m_request) { // kept, should who is called close the socket
		request->Begin(request->Listener<SockOpsTcpSocket>().m_sk, m_tcb->m_segmentSize, from, to);
		const sockops::tcp_syn_params params = Calls::tcp_conn_request(
			*request, {SockOpsHandshake::AsksForEcn(header), m_tcb->m_useEcn != TcpSocketState::Off});
		if (!m_request) // closed there: the SYN is not answered
			return;
		ApplySynParams(params);
		if (params.ecn && m_tcb->m_useEcn == TcpSocketState::Off)
			m_tcb->m_useEcn = TcpSocketState::AcceptOnly;
	}
	TcpSocketBase::CompleteFork(packet, header, from, to);
}

/// The request becomes a socket: a clone of the listener, in SYN_RECV.
inline void SockOpsTcpSocket::BecomeChild() {
	if (!m_request)
		return;
	NS_ABORT_MSG_IF(sockops::inet_csk_clone(m_sk, m_request->Listener<SockOpsTcpSocket>().m_sk, *m_request) !=
						0,
					"no memory for the child's copy of the listener's sk_storage");
	m_sk.backend = this;
	m_request.reset();
}

/// The end of a handshake, if there is one going on: active, passive, or simultaneous open, which
/// ends as a passive one.
inline void SockOpsTcpSocket::Established() {
	m_congestion.Opened();
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

// --- states -------------------------------------------------------------------------------------

/// The base's copy constructor copies the value without its watchers, so each socket connects its own.
inline void SockOpsTcpSocket::ConnectStateTrace() {
	const auto changes = [this](TcpStates_t from, TcpStates_t to) { StateChanges(from, to); };
	m_state.ConnectWithoutContext(
		Callback<void, TcpStates_t, TcpStates_t>(changes)); // smaller than MakeCallback()'s
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
	if (to == CLOSED) {
		m_receiveWindow.Forget();
		m_congestion.Closed();
	}
	if (m_request && to != ESTABLISHED && to != CLOSE_WAIT) {
		if (to == CLOSED) { // given up, reset or closed: a request goes without a word
			m_request.reset();
			m_space = nullptr;
		}
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

/// Before each call. srtt_us, rtt_min, total_retrans and the segment counts are kept as they happen.
inline void SockOpsTcpSocket::Refresh() {
	SockOpsFillAddresses(m_sk, m_endPoint, m_endPoint6);
	SockOpsFillSequence(m_sk, *m_tcb, *m_txBuffer);
	SockOpsFillWindows(m_sk, *m_tcb, *m_txBuffer);
	m_sk.icsk_rto = TimeToJiffies(GetNet(), m_rto);
	m_sk.icsk_rto_min = TimeToJiffies(GetNet(), m_minRto);
	m_sk.icsk_delack_max = TimeToJiffies(GetNet(), m_delAckTimeout);
}

} // namespace ns3
