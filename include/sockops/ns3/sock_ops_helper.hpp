// SPDX-License-Identifier: MIT
// Puts nodes into cgroups, and attaches programs: what a script calls after stack.Install.
//
// Context: the simulator's thread.
#pragma once

#include <string>

#include <ns3/abort.h>
#include <ns3/node-container.h>

#include <sockops/cgroup/attach.hpp>
#include <sockops/ns3/sock_ops_space.hpp>
#include <sockops/ns3/sock_ops_tcp_l4_protocol.hpp>

namespace ns3 {

/// One tree of cgroups and one net, with the simulator's clock. Nodes of two helpers do not see
/// each other's programs. It may go out of scope: sockets keep what they need.
class SockOpsHelper {
  public:
	/// `profile` has HZ, in which programs count time, and what else releases differ in.
	explicit SockOpsHelper(const sockops::net_profile& profile = {})
		: m_space(Create<SockOpsSpace>(profile)) {}

	/// Sockets created on these nodes from here on belong to the cgroup of `path`, for good; those
	/// of a node that never joined are not hooked. Aborts if a node's TCP is not ours.
	void Join(const NodeContainer& nodes, const std::string& path) {
		sockops::cgroup& cgroup = m_space->GetCgroup(path);
		for (uint32_t i = 0; i != nodes.GetN(); ++i) {
			const auto tcp = nodes.Get(i)->GetObject<SockOpsTcpL4Protocol>();
			NS_ABORT_MSG_IF(!tcp, "SockOpsHelper: node "
									  << nodes.Get(i)->GetId()
									  << " has another TCP: call stack.SetTcp(\"ns3::SockOpsTcpL4Protocol\") "
										 "before stack.Install()");
			tcp->Join(m_space, cgroup);
		}
	}

	/// try_attach() at any level of the tree, aborting with the error in words.
	void Attach(const std::string& path, const sockops::bpf_prog_ptr& prog,
				sockops::u32 flags = sockops::attach_flags::allow_multi) {
		const sockops::attach_error refused = sockops::try_attach(m_space->GetCgroup(path), prog, {flags});
		NS_ABORT_MSG_IF(refused, "SockOpsHelper: attach of '" << (prog ? prog->name : "nothing")
															  << "': " << refused.message());
	}

	/// Both at once: the nodes join the cgroup, and the program is attached to it.
	void Attach(const NodeContainer& nodes, const std::string& path, const sockops::bpf_prog_ptr& prog,
				sockops::u32 flags = sockops::attach_flags::allow_multi) {
		Join(nodes, path);
		Attach(path, prog, flags);
	}

	/// The cgroup of a path, made where it is missing: for attaching and detaching by hand.
	sockops::cgroup& GetCgroup(const std::string& path) { return m_space->GetCgroup(path); }
	/// For its observers, jiffies and cookies.
	sockops::net& GetNet() { return m_space->GetNet(); }

  private:
	Ptr<SockOpsSpace> m_space;
};

} // namespace ns3
