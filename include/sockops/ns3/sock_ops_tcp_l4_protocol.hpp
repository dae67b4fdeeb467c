// SPDX-License-Identifier: MIT
// ns-3's TCP with a factory of hooked sockets. SockOpsHelper::Install() gives it to nodes
// (sock_ops_helper.hpp).
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_connection.hpp>
#include <sockops/ns3/sock_ops_transmission.hpp>

#include <ns3/abort.h>
#include <ns3/ipv4.h>
#include <ns3/ipv6.h>
#include <ns3/node.h>
#include <ns3/object-factory.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/tcp-recovery-ops.h>
#include <ns3/tcp-socket-factory.h>

#include <sockops/ns3/sock_ops_plain_sockets.hpp>
#include <sockops/ns3/sock_ops_space.hpp>

namespace ns3 {

class SockOpsTcpL4Protocol : public TcpL4Protocol {
  public:
	/// By this name ns-3 finds it. Trace sources: Callback and CallbackOp, as a socket's, of all sockets of
	/// the node. They are there from Install() on.
	static TypeId GetTypeId() {
		static TypeId tid =
			TypeId("ns3::SockOpsTcpL4Protocol")
				.SetParent<TcpL4Protocol>()
				.SetGroupName("Internet")
				.AddConstructor<SockOpsTcpL4Protocol>()
				.AddTraceSource("Callback", "A socket's Callback, of all sockets of the node",
								MakeTraceSourceAccessor(&SockOpsTcpL4Protocol::m_callbackTrace),
								"ns3::SockOpsTcpSocket::CallbackTracedCallback")
				.AddTraceSource("CallbackOp", "A socket's CallbackOp, of all sockets of the node",
								MakeTraceSourceAccessor(&SockOpsTcpL4Protocol::m_opTrace),
								"ns3::TracedValueCallback::Uint32");
		return tid;
	}

	/// Sockets created from here on belong to `cgroup`, but for those created where Enter() says otherwise.
	/// Aborts if the node is in another space: programs attached there would silently see no more of it.
	void Join(Ptr<SockOpsSpace> space, sockops::cgroup& cgroup) {
		ExpectSpace(space);
		m_space = space;
		m_cgroup = &cgroup;
		m_plainSockets.Refuse(*this);
	}

	/// Sockets created until Leave() belong to `cgroup`, whatever the node has joined. Not nested.
	void Enter(Ptr<SockOpsSpace> space, sockops::cgroup& cgroup) {
		ExpectSpace(space);
		NS_ABORT_MSG_IF(m_inside, "SockOps: sockets of node "
									  << m_node->GetId() << " are to be in " << cgroup.path()
									  << " while those of " << m_inside->path()
									  << " are being made: In() is not nested, and is not called where an "
										 "application that joined starts");
		m_space = space;
		m_inside = &cgroup;
		m_plainSockets.Refuse(*this);
	}
	void Leave() {
		m_inside = nullptr;
		if (!m_cgroup)
			m_plainSockets.Allow(*this);
	}

	/// A socket of the types that the attributes name, as TcpL4Protocol::CreateSocket() makes them: hooked,
	/// where the node is in a cgroup.
	Ptr<Socket> CreateSocket() { return CreateSocket(ByAttribute("SocketType")); }
	Ptr<Socket> CreateSocket(TypeId congestion) {
		return CreateSocket(congestion, ByAttribute("RecoveryType"));
	}
	Ptr<Socket> CreateSocket(TypeId congestion, TypeId recovery);

	/// Tells the trace sources of a call on a socket of this node.
	void TellCallback(Ptr<const SockOpsTcpSocket> socket, const sockops::trace_call& call) {
		m_callbackTrace(socket, call);
		SockOpsTellOp(m_opTrace, call.op);
	}

  protected:
	/// With a node set, the base class leaves the socket factory to us.
	void NotifyNewAggregate() override;
	void DoDispose() override {
		m_space = nullptr;
		m_node = nullptr;
		TcpL4Protocol::DoDispose();
	}

  private:
	void ExpectSpace(Ptr<SockOpsSpace> space) const {
		NS_ABORT_MSG_IF(m_space && m_space != space,
						"SockOps: node "
							<< m_node->GetId()
							<< " is in the cgroups of another SockOpsHelper: use that one, or one helper "
							   "for all nodes (two trees of cgroups never see the same socket)");
	}
	TypeId ByAttribute(const char* attribute) const {
		TypeIdValue type;
		GetAttribute(attribute, type);
		return type.Get();
	}
	template <class T>
	static Ptr<T> Make(TypeId type) {
		ObjectFactory factory;
		factory.SetTypeId(type);
		return factory.Create<T>();
	}

	Ptr<Node> m_node;
	Ptr<SockOpsSpace> m_space;
	sockops::cgroup* m_cgroup = nullptr; ///< what the node has joined; held by the space
	sockops::cgroup* m_inside = nullptr; ///< between Enter() and Leave()
	SockOpsPlainSockets m_plainSockets;
	TracedCallback<Ptr<const SockOpsTcpSocket>, const sockops::trace_call&> m_callbackTrace;
	TracedCallback<uint32_t, uint32_t> m_opTrace;
};

/// What applications find under "ns3::TcpSocketFactory" on a node with our TCP.
class SockOpsTcpSocketFactory : public TcpSocketFactory {
  public:
	/// By this name ns-3 finds it.
	static TypeId GetTypeId() {
		static TypeId tid =
			TypeId("ns3::SockOpsTcpSocketFactory").SetParent<TcpSocketFactory>().SetGroupName("Internet");
		return tid;
	}

	/// Whose sockets it makes.
	void SetTcp(Ptr<SockOpsTcpL4Protocol> tcp) { m_tcp = tcp; }
	Ptr<Socket> CreateSocket() override { return m_tcp->CreateSocket(); }

  protected:
	void DoDispose() override {
		m_tcp = nullptr;
		TcpSocketFactory::DoDispose();
	}

  private:
	Ptr<SockOpsTcpL4Protocol> m_tcp;
};

inline Ptr<Socket> SockOpsTcpL4Protocol::CreateSocket(TypeId congestion, TypeId recovery) {
	sockops::cgroup* const cgroup = m_inside ? m_inside : m_cgroup;
	Ptr<SockOpsTcpSocket> hooked;
	Ptr<TcpSocketBase> socket;
	if (cgroup)
		socket = hooked = CreateObject<SockOpsTcpSocket>();
	else
		socket = CreateObject<SockOpsGuardedSocket>();
	socket->SetNode(m_node);
	socket->SetTcp(this);
	socket->SetRtt(Make<RttEstimator>(m_plainSockets.RttType(*this)));
	socket->SetCongestionControlAlgorithm(Make<TcpCongestionOps>(congestion));
	socket->SetRecoveryAlgorithm(Make<TcpRecoveryOps>(recovery));
	AddSocket(socket);
	if (hooked)
		hooked->Hook(m_space, *cgroup);
	return socket;
}

inline void SockOpsTcpL4Protocol::NotifyNewAggregate() {
	const Ptr<Node> node = GetObject<Node>();
	if (!m_node && node && (node->GetObject<Ipv4>() || node->GetObject<Ipv6>())) {
		m_node = node;
		SetNode(node);
		auto factory = CreateObject<SockOpsTcpSocketFactory>();
		factory->SetTcp(this);
		node->AggregateObject(factory);
	}
	TcpL4Protocol::NotifyNewAggregate();
}

/// Types are found by name before any object of them exists.
inline const bool SockOpsTypesRegistered =
	(SockOpsTcpL4Protocol::GetTypeId(), SockOpsTcpSocketFactory::GetTypeId(), SockOpsTcpSocket::GetTypeId(),
	 true);

} // namespace ns3
