// SPDX-License-Identifier: MIT
// A TcpSocketBase that calls the hook where the kernel's TCP does, and applies what programs reply.
//
// This header has the class; what it does stands with its subject:
//
//   sock_ops_handshake.hpp   connect, listen, requests, established; the initial window
//   sock_ops_timers.hpp      retransmission timers and retransmissions, round trip times
//   sock_ops_sockopt.hpp     what bpf_setsockopt() changes in ns-3
//   sock_ops_fields.hpp      what programs read, states
//
// Until Hook() has been called everything goes straight to the base class.
//
// Context: the simulator's thread.
#pragma once

#include <cerrno>
#include <optional>
#include <string>

#include <ns3/ipv4-end-point.h>
#include <ns3/ipv6-end-point.h>
#include <ns3/tcp-header.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/tcp-rx-buffer.h>
#include <ns3/tcp-socket-base.h>
#include <ns3/tcp-tx-buffer.h>

#include <sockops/cgroup/sock_life.hpp>
#include <sockops/hook/tcp_hook.hpp>
#include <sockops/ns3/congestion_names.hpp>
#include <sockops/ns3/sock_ops_release.hpp>
#include <sockops/ns3/sock_ops_rtt_estimator.hpp>
#include <sockops/ns3/sock_ops_space.hpp>
#include <sockops/ns3/tested_version.hpp>

namespace ns3 {

class SockOpsTcpSocket : public TcpSocketBase {
  public:
	/// By this name ns-3 finds it.
	static TypeId GetTypeId() {
		static TypeId tid =
			TypeId("ns3::SockOpsTcpSocket").SetParent<TcpSocketBase>().AddConstructor<SockOpsTcpSocket>();
		return tid;
	}
	TypeId GetInstanceTypeId() const override { return GetTypeId(); }

	SockOpsTcpSocket() : m_backend(*this) { ConnectStateTrace(); }
	/// What Fork() makes of a listener for a SYN. To programs it is a request of that listener until
	/// the handshake is complete.
	SockOpsTcpSocket(const SockOpsTcpSocket& listener);
	~SockOpsTcpSocket() override { sockops::sk_free(m_sk); }

	/// socket(): from here on the hook is called, for `cgroup`.
	void Hook(Ptr<SockOpsSpace> space, sockops::cgroup& cgroup);

	/// The socket as programs see it; not initialised in a socket that is not hooked.
	const sockops::tcp_sock& GetSock() const { return m_sk; }

	void SetRtt(Ptr<RttEstimator> rtt) override {
		m_measured = Create<SockOpsRttEstimator>(rtt);
		TcpSocketBase::SetRtt(m_measured);
	}
	int Listen() override;

  protected:
	// The points of ns-3 where things happen. Each is the base's, with the hook around it.
	Ptr<TcpSocketBase> Fork() override { return CopyObject<SockOpsTcpSocket>(this); }
	void CompleteFork(Ptr<Packet> packet, const TcpHeader& header, const Address& from,
					  const Address& to) override;
	void DoForwardUp(Ptr<Packet> packet, const Address& from, const Address& to) override;
	void EstimateRtt(const TcpHeader& header) override;
	void ReceivedData(Ptr<Packet> packet, const TcpHeader& header) override;
	void ProcessAck(const SequenceNumber32& ack, bool scoreboardUpdated, uint32_t delivered,
					const SequenceNumber32& oldHead) override;
	void SendEmptyPacket(uint8_t flags) override;
	uint32_t SendDataPacket(SequenceNumber32 seq, uint32_t maxSize, bool withAck) override;
	void ReTxTimeout() override;
	void LastAckTimeout() override;
	uint32_t Window() const override;
	uint32_t AvailableWindow() const override;
	uint16_t AdvertisedWindowSize(bool scale = true) const override;

  private:
	using Calls = sockops::tcp_hook<SockOpsRelease>;

	/// What the library asks of a stack.
	class Backend final : public sockops::tcp_backend {
	  public:
		explicit Backend(SockOpsTcpSocket& socket) : m_socket(socket) {}
		int set_congestion_control(sockops::tcp_sock&, const char* name) noexcept override {
			return m_socket.SetCongestionControl(name);
		}
		const char* congestion_control(const sockops::tcp_sock&) noexcept override {
			return m_socket.GetCongestionControl();
		}
		int sockopt_refused(const sockops::tcp_sock&, int level, int optname) noexcept override {
			return level == sockops::sol::tcp && TakesOver(optname) ? 0 : -ENOPROTOOPT;
		}
		void sockopt_set(sockops::tcp_sock&, int level, int optname) noexcept override {
			if (level == sockops::sol::tcp)
				m_socket.TakeOver(optname);
		}

	  private:
		SockOpsTcpSocket& m_socket;
	};

	/// Everything the copy of a listener needs until it is a socket of its own.
	struct Request {
		Ptr<SockOpsTcpSocket> listener; ///< must outlive the request_sock
		sockops::request_sock sock;
	};

	bool IsHooked() const { return m_space != nullptr; }
	bool HasEndPoint() const { return m_endPoint || m_endPoint6; }
	sockops::net& GetNet() const { return m_space->GetNet(); }

	// sock_ops_handshake.hpp
	void StartConnect(uint8_t& flags);
	void ForgetConnection();
	void StartRequest(const TcpHeader& syn, const Address& from, const Address& to);
	void BecomeChild();
	void SendSyn(uint8_t flags);
	void SendSynAck(uint8_t flags);
	void SendMarked(uint8_t flags, bool ect);
	void ApplySynParams(const sockops::tcp_syn_params& params);
	bool CompletesHandshake(const TcpHeader& header) const;

	// sock_ops_timers.hpp
	void ReportTimeout(uint32_t retransmits, Time rto, bool expired);
	void RetransmitSyn(uint8_t flags);
	void SendFin(uint8_t flags);
	void SendCounted(uint8_t flags);
	bool TimeoutMeansSomething() const;

	// sock_ops_sockopt.hpp
	int SetCongestionControl(const char* name);
	const char* GetCongestionControl();
	static bool TakesOver(int optname);
	void TakeOver(int optname);
	void ClampCwnd();

	// sock_ops_fields.hpp
	void ConnectStateTrace();
	void StateChanges(TcpStates_t from, TcpStates_t to);
	void ChangeState(sockops::tcp_state state);
	void Established();
	bool FinIsAcknowledged() const;
	void Refresh();
	void RefreshAddresses(sockops::sock_common& sk) const;
	void RefreshSequence();
	uint32_t Packets(uint32_t bytes) const;

	Ptr<SockOpsSpace> m_space; ///< null: not hooked
	Backend m_backend;
	sockops::tcp_sock m_sk;
	std::optional<Request> m_request; ///< between the SYN and the end of the handshake
	Ptr<SockOpsRttEstimator> m_measured;
	std::string m_congestionName; ///< what GetCongestionControl() has returned last

	std::optional<Time> m_scriptTimeout; ///< ConnTimeout as the script has it
	uint32_t m_windowCap = 0;            ///< bytes that RWND_INIT leaves of the receive window; 0: all
	bool m_synEct = false;               ///< NEEDS_ECN was answered with 1: the SYN goes as ECT
	bool m_pacingByUser = false;         ///< pacing as it was before any TCP_CONGESTION
	bool m_timeoutReported = false;      ///< RTO_CB has fired for the timeout being handled
	uint32_t m_finRetransmits = 0;
	SequenceNumber32 m_segmentAck{0};   ///< of the segment being processed
	mutable bool m_nothingFits = false; ///< see AvailableWindow()
};

} // namespace ns3

#include <sockops/ns3/sock_ops_fields.hpp>
#include <sockops/ns3/sock_ops_handshake.hpp>
#include <sockops/ns3/sock_ops_sockopt.hpp>
#include <sockops/ns3/sock_ops_timers.hpp>
