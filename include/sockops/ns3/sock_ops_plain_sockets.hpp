// SPDX-License-Identifier: MIT
// TcpL4Protocol::CreateSocket(), called on a node that joined a cgroup, would make a socket that no program
// ever sees: it is no virtual function. It is refused where it happens. What can be known of it is that it
// makes an RTT estimator of the type that the protocol's attribute names; so on such a node the attribute
// names one that cannot be made, and the type that it had is kept here.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <ns3/abort.h>
#include <ns3/rtt-estimator.h>
#include <ns3/tcp-l4-protocol.h>

namespace ns3 {

/// The RTT estimator that ends the simulation when it is made.
class SockOpsNoPlainSocket : public SockOpsTyped<RttEstimator> {
  public:
	/// By this name ns-3 finds it.
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsNoPlainSocket")
								.SetParent<RttEstimator>()
								.SetGroupName("Internet")
								.AddConstructor<SockOpsNoPlainSocket>();
		return tid;
	}
	SockOpsNoPlainSocket() {
		NS_ABORT_MSG(
			"SockOps: TcpL4Protocol::CreateSocket() on a node that joined a cgroup makes a socket that no "
			"program sees: use Socket::CreateSocket(node, TcpSocketFactory::GetTypeId()), or CreateSocket() "
			"of "
			"the node's SockOpsTcpL4Protocol");
	}

	void Measurement(Time) override {}
	void Reset() override {}
	Ptr<RttEstimator> Copy() const override { return nullptr; }
};

class SockOpsPlainSockets {
  public:
	/// From here on they are refused on this node. Called again, it takes over what a script has set
	/// meanwhile.
	void Refuse(TcpL4Protocol& tcp) {
		TypeIdValue type;
		tcp.GetAttribute("RttEstimatorType", type);
		if (type.Get() == SockOpsNoPlainSocket::GetTypeId())
			return;
		m_rttType = type.Get();
		m_refused = true;
		tcp.SetAttribute("RttEstimatorType", TypeIdValue(SockOpsNoPlainSocket::GetTypeId()));
	}
	/// Allowed again.
	void Allow(TcpL4Protocol& tcp) {
		if (m_refused)
			tcp.SetAttribute("RttEstimatorType", TypeIdValue(RttType(tcp)));
		m_refused = false;
	}

	/// The type of RTT estimator that the script wants.
	TypeId RttType(TcpL4Protocol& tcp) {
		if (m_refused) {
			Refuse(tcp);
			return m_rttType;
		}
		TypeIdValue type;
		tcp.GetAttribute("RttEstimatorType", type);
		return type.Get();
	}

  private:
	TypeId m_rttType;
	bool m_refused = false;
};

} // namespace ns3
