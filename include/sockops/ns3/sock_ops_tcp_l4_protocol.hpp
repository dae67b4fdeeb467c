// SPDX-License-Identifier: MIT
// ns-3's TCP with a factory of hooked sockets:  stack.SetTcp("ns3::SockOpsTcpL4Protocol").
//
// Context: the simulator's thread.
#pragma once

#include <ns3/abort.h>
#include <ns3/ipv4.h>
#include <ns3/ipv6.h>
#include <ns3/node.h>
#include <ns3/object-factory.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/tcp-recovery-ops.h>
#include <ns3/tcp-socket-factory.h>

#include <sockops/ns3/sock_ops_space.hpp>
#include <sockops/ns3/sock_ops_tcp_socket.hpp>

namespace ns3 {

class SockOpsTcpL4Protocol : public TcpL4Protocol {
  public:
	/// By this name ns-3 finds it.
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsTcpL4Protocol")
								.SetParent<TcpL4Protocol>()
								.AddConstructor<SockOpsTcpL4Protocol>();
		return tid;
	}

	/// Sockets created from here on belong to `cgroup`.
	void Join(Ptr<SockOpsSpace> space, sockops::cgroup& cgroup) {
		m_space = space;
		m_cgroup = &cgroup;
	}

	/// A socket of the types that the attributes name, as TcpL4Protocol::CreateSocket() makes them.
	Ptr<Socket> CreateHookedSocket() {
		auto socket = CreateObject<SockOpsTcpSocket>();
		socket->SetNode(m_node);
		socket->SetTcp(this);
		socket->SetRtt(CreateByAttribute<RttEstimator>("RttEstimatorType"));
		socket->SetCongestionControlAlgorithm(CreateByAttribute<TcpCongestionOps>("SocketType"));
		socket->SetRecoveryAlgorithm(CreateByAttribute<TcpRecoveryOps>("RecoveryType"));
		AddSocket(socket);
		if (m_space)
			socket->Hook(m_space, *m_cgroup);
		return socket;
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
	template <class T>
	Ptr<T> CreateByAttribute(const char* attribute) const {
		TypeIdValue type;
		GetAttribute(attribute, type);
		ObjectFactory factory;
		factory.SetTypeId(type.Get());
		return factory.Create<T>();
	}

	Ptr<Node> m_node;
	Ptr<SockOpsSpace> m_space;
	sockops::cgroup* m_cgroup = nullptr; ///< held by the space
};

/// What applications find under "ns3::TcpSocketFactory" on a node with our TCP.
class SockOpsTcpSocketFactory : public TcpSocketFactory {
  public:
	/// By this name ns-3 finds it.
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsTcpSocketFactory").SetParent<TcpSocketFactory>();
		return tid;
	}

	/// Whose sockets it makes.
	void SetTcp(Ptr<SockOpsTcpL4Protocol> tcp) { m_tcp = tcp; }
	Ptr<Socket> CreateSocket() override { return m_tcp->CreateHookedSocket(); }

  protected:
	void DoDispose() override {
		m_tcp = nullptr;
		TcpSocketFactory::DoDispose();
	}

  private:
	Ptr<SockOpsTcpL4Protocol> m_tcp;
};

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
