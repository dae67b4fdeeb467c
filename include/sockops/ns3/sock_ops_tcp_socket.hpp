// SPDX-License-Identifier: MIT
// A TcpSocketBase that calls the hook where the kernel's TCP does, and applies what programs reply: the
// points of ns-3 where things happen, and the parts that it is made of. Each part keeps its state and knows
// no socket:
//
//   sock_ops_guarded_socket.hpp  ns-3's socket, spared three faults of its own
//   sock_ops_request.hpp         what a passive connection is until its handshake is complete
//   sock_ops_handshake.hpp       the replies to TIMEOUT_INIT and NEEDS_ECN
//   sock_ops_receive_window.hpp  the reply to RWND_INIT
//   sock_ops_congestion.hpp      TCP_CONGESTION
//   sock_ops_rtt_sample.hpp      what RTT_CB reports
//   sock_ops_fields.hpp          what programs read
//
// What is done at each point stands in sock_ops_connection.hpp (handshakes, states) and
// sock_ops_transmission.hpp (segments, timers, options); ns3.hpp has all. Until Hook() has been called
// everything goes straight to the base class.
//
// Context: the simulator's thread.
#pragma once

#include <memory>

#include <sockops/ns3/sock_ops_guarded_socket.hpp>

#include <ns3/tcp-header.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/traced-callback.h>

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/cgroup/sock_life.hpp>
#include <sockops/hook/tcp_hook.hpp>
#include <sockops/ns3/sock_ops_congestion.hpp>
#include <sockops/ns3/sock_ops_fields.hpp>
#include <sockops/ns3/sock_ops_handshake.hpp>
#include <sockops/ns3/sock_ops_receive_window.hpp>
#include <sockops/ns3/sock_ops_release.hpp>
#include <sockops/ns3/sock_ops_request.hpp>
#include <sockops/ns3/sock_ops_rtt_sample.hpp>
#include <sockops/ns3/sock_ops_space.hpp>

namespace ns3 {

/// Tells a CallbackOp: the op, and 0 after it. ns-3's probes pass on what differs from the value before, and
/// so two calls of one op are two.
inline void SockOpsTellOp(const TracedCallback<uint32_t, uint32_t>& trace, uint32_t op) {
	trace(0, op);
	trace(op, 0);
}

class SockOpsTcpSocket : public SockOpsGuardedSocket, public sockops::tcp_backend {
  public:
	/// By this name ns-3 finds it. Trace sources: Callback (each call in which a program ran) and CallbackOp
	/// (its op and then 0, for the probes of ns-3's helpers).
	static TypeId GetTypeId();

	SockOpsTcpSocket() { ConnectStateTrace(); }
	/// What Fork() makes of a listener for a SYN. To programs it is a request of that listener until
	/// the handshake is complete.
	SockOpsTcpSocket(const SockOpsTcpSocket& listener);
	~SockOpsTcpSocket() override {
		if (m_space)
			m_space->Freed(m_sk);
		sockops::sk_free(m_sk);
	}

	/// socket(): from here on the hook is called, for `cgroup`.
	void Hook(Ptr<SockOpsSpace> space, sockops::cgroup& cgroup);

	/// The socket as programs see it; not initialised in a socket that is not hooked.
	const sockops::tcp_sock& GetSock() const { return m_sk; }
	/// Whose programs are asked; null: the socket is not hooked.
	Ptr<SockOpsSpace> GetSpace() const { return m_space; }

	/// The socket that a call is for: what a request will be, too. Null: it is none of ns-3's.
	static Ptr<SockOpsTcpSocket> Of(const sockops::sock_common* sk);
	/// The same from inside a program.
	static Ptr<SockOpsTcpSocket> Of(const sockops::bpf_sock_ops& skops) { return Of(skops.kern().sk); }

	/// Whose socket it is; null while it is being destroyed.
	const Ptr<TcpL4Protocol>& GetTcp() const { return m_tcp; }

	/// Signature of the trace source Callback: valid while it is told.
	typedef void (*CallbackTracedCallback)(Ptr<const SockOpsTcpSocket> socket,
										   const sockops::trace_call& call);
	/// Tells the trace sources of a call on this socket.
	void TellCallback(const sockops::trace_call& call);

	int Listen() override;

  protected:
	// The points of ns-3 where things happen. Each is the base's, with the hook around it.
	Ptr<TcpSocketBase> Fork() override { return CopyObject<SockOpsTcpSocket>(this); }
	void CompleteFork(Ptr<Packet> packet, const TcpHeader& header, const Address& from,
					  const Address& to) override;
	void DoForwardUp(Ptr<Packet> packet, const Address& from, const Address& to) override;
	void EstimateRtt(const TcpHeader& header) override;
	void ReceivedData(Ptr<Packet> packet, const TcpHeader& header) override;
	void AckProcessed() override;
	void SendEmptyPacket(uint8_t flags) override;
	uint32_t SendDataPacket(SequenceNumber32 seq, uint32_t maxSize, bool withAck) override;
	void ReTxTimeout() override;
	void LastAckTimeout() override;
	uint32_t Window() const override;
	uint16_t AdvertisedWindowSize(bool scale = true) const override;

  private:
	using Calls = sockops::tcp_hook<SockOpsRelease>;

	// What the library asks of a stack.
	int set_congestion_control(sockops::tcp_sock&, const char* name) noexcept override {
		const Ptr<TcpCongestionOps> replaced = m_congestionControl; // perhaps it is being called now
		const int error = m_congestion.Set(*this, *m_tcb, name);
		if (error == 0)
			m_space->Retire(replaced);
		return error;
	}
	const char* congestion_control(const sockops::tcp_sock&) noexcept override {
		return m_congestion.Name(*m_congestionControl);
	}
	int sockopt_refused(const sockops::tcp_sock&, int level, int optname) noexcept override {
		return OptionRow(level, optname) ? 0 : -ENOPROTOOPT;
	}
	void sockopt_set(sockops::tcp_sock&, int level, int optname) noexcept override {
		if (const Option* row = OptionRow(level, optname))
			(this->*row->takeOver)();
	}

	/// An option whose fields ns-3 takes over. The others would change fields that it does not look at:
	/// programs are told -ENOPROTOOPT.
	struct Option {
		int level, optname;
		void (SockOpsTcpSocket::*takeOver)();
	};
	static const Option* OptionRow(int level, int optname);
	void TakeInitialWindow();
	void TakeClamp();
	void TakeRtoMin();
	void TakeDelackMax();

	bool IsHooked() const { return m_space != nullptr; }
	sockops::net& GetNet() const { return m_space->GetNet(); }
	uint64_t ClampInBytes() const { return uint64_t{m_sk.snd_cwnd_clamp} * m_tcb->m_segmentSize; }

	void StartConnect(uint8_t& flags);
	void ApplySynParams(const sockops::tcp_syn_params& params);
	void BecomeChild();
	void Established();

	void SendSyn(uint8_t flags);
	void RetransmitSyn(uint8_t flags);
	void SendSynAck(uint8_t flags);
	void SendFin(uint8_t flags);
	void SendCounted(uint8_t flags, bool ect = false);

	bool TimeoutMeansSomething() const;
	void ReportTimeout(uint32_t retransmits, Time rto, bool expired);
	void ReportDataTimeout(uint32_t retransmits, Time rto, bool expired);

	void ConnectStateTrace();
	void StateChanges(TcpStates_t from, TcpStates_t to);
	void ChangeState(sockops::tcp_state state);
	bool FinIsAcknowledged() const;
	void Refresh();

	Ptr<SockOpsSpace> m_space; ///< null: not hooked
	sockops::tcp_sock m_sk;
	std::shared_ptr<SockOpsRequest> m_request; ///< between the SYN and the end of the handshake
	SockOpsHandshake m_handshake;
	SockOpsReceiveWindow m_receiveWindow;
	SockOpsCongestion m_congestion;

	SequenceNumber32 m_segmentAck{0}; ///< of the segment being processed
	uint32_t m_finRetransmits = 0;
	bool m_timeoutReported = false; ///< RTO_CB has fired for the timeout being handled
	TracedCallback<Ptr<const SockOpsTcpSocket>, const sockops::trace_call&> m_callbackTrace;
	TracedCallback<uint32_t, uint32_t> m_opTrace;
};

} // namespace ns3
