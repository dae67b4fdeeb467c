// SPDX-License-Identifier: MIT
// Puts nodes and applications into cgroups, and attaches programs: what a script calls in place of
// stack.Install, and after it.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_application.hpp>

#include <string>
#include <type_traits>

#include <ns3/abort.h>
#include <ns3/application-container.h>
#include <ns3/node-container.h>

#include <sockops/cgroup/attach.hpp>
#include <sockops/ns3/sock_ops_ascii.hpp>
#include <sockops/ns3/sock_ops_csv.hpp>
#include <sockops/ns3/sock_ops_global.hpp>
#include <sockops/ns3/sock_ops_report.hpp>
#include <sockops/ns3/sock_ops_space.hpp>
#include <sockops/ns3/sock_ops_tcp_l4_protocol.hpp>
#include <sockops/ns3/sock_ops_traces.hpp>
#ifdef SOCKOPS_NS3_WITH_OBJECTS
#include <sockops/object/bpf_object.hpp>
#endif

namespace ns3 {

class SockOpsObject;
struct SockOpsObjects;

/// One tree of cgroups and one net, with the simulator's clock. A node is in the tree of one helper. It may
/// go out of scope: sockets keep what they need.
class SockOpsHelper {
  public:
	/// `profile` has HZ, in which programs count time, and what else releases differ in. Flags for header
	/// options are taken out of it: ns-3 has no place where their ops could fire.
	explicit SockOpsHelper(const sockops::net_profile& profile = {})
		: m_space(Create<SockOpsSpace>(profile)), m_report(&m_space->Watch<SockOpsReport>(*m_space)) {
		m_space->Watch<SockOpsTraces>();
	}

	/// In place of stack.Install(nodes): the same, with our TCP.
	static void Install(InternetStackHelper& stack, const NodeContainer& nodes) {
		Prepare(stack, nodes);
		stack.Install(nodes);
	}
	/// What lets a stack.Install() that follows give these nodes our TCP.
	static void Prepare(InternetStackHelper& stack, const NodeContainer& nodes) { GiveTcp(stack, nodes); }

	/// Sockets created on these nodes from here on belong to the cgroup of `path`, for good; those
	/// of a node that never joined are not hooked. Aborts if a node's TCP is not ours.
	void Join(const NodeContainer& nodes, const std::string& path) {
		sockops::cgroup& cgroup = m_space->GetCgroup(path);
		for (uint32_t i = 0; i != nodes.GetN(); ++i)
			TcpOf(nodes.Get(i))->Join(m_space, cgroup);
	}
	void Join(Ptr<Node> node, const std::string& path) { Join(NodeContainer(node), path); }
	/// The same at a time of the simulation, counted from its beginning.
	void JoinAt(Time when, const NodeContainer& nodes, const std::string& path) {
		NS_ABORT_MSG_IF(when < Simulator::Now(), "SockOpsHelper: nodes are to join "
													 << path << " at " << when.As(Time::S) << ", and it is "
													 << Simulator::Now().As(Time::S)
													 << " already: name a time to come, or Join() now");
		for (uint32_t i = 0; i != nodes.GetN(); ++i)
			Simulator::Schedule(when - Simulator::Now(), &SockOpsTcpL4Protocol::Join, TcpOf(nodes.Get(i)),
								m_space, std::ref(m_space->GetCgroup(path)));
	}
	/// Sockets that these applications make when they start belong to the cgroup of `path`, and so do
	/// children of their listeners. Before the simulation runs; once for an application.
	void Join(const ApplicationContainer& applications, const std::string& path) {
		for (uint32_t i = 0; i != applications.GetN(); ++i)
			Join(applications.Get(i), path);
	}
	void Join(Ptr<Application> application, const std::string& path);
	/// One of a type derived from Node or Application.
	template <class Derived>
	void Join(Ptr<Derived> one, const std::string& path) {
		using Base = std::conditional_t<std::is_base_of_v<Node, Derived>, Node, Application>;
		static_assert(std::is_base_of_v<Base, Derived>, "Join() takes nodes and applications");
		Join(Ptr<Base>(one), path);
	}

	/// Calls `make`; the sockets that are created on `node` meanwhile belong to the cgroup of `path`.
	template <class Make>
	void In(Ptr<Node> node, const std::string& path, Make make) {
		const Ptr<SockOpsTcpL4Protocol> tcp = TcpOf(node);
		tcp->Enter(m_space, m_space->GetCgroup(path));
		make();
		tcp->Leave();
	}

	/// try_attach() at any level of the tree, aborting with the error in words.
	void Attach(const std::string& path, const sockops::bpf_prog_ptr& prog,
				sockops::u32 flags = sockops::attach_flags::allow_multi) {
		const sockops::attach_error refused = sockops::try_attach(m_space->GetCgroup(path), prog, {flags});
		NS_ABORT_MSG_IF(refused, "SockOpsHelper: attach of '" << (prog ? prog->name : "nothing") << "' to "
															  << path << ": " << refused.message());
	}

	/// Both at once: the nodes join the cgroup, and the program is attached to it, unless it is there
	/// already: so a script may do it node by node.
	void Attach(const NodeContainer& nodes, const std::string& path, const sockops::bpf_prog_ptr& prog,
				sockops::u32 flags = sockops::attach_flags::allow_multi) {
		Join(nodes, path);
		if (!IsAttached(path, prog))
			Attach(path, prog, flags);
	}

	/// Is the program attached to this very cgroup?
	bool IsAttached(const std::string& path, const sockops::bpf_prog_ptr& prog) {
		const sockops::bpf_prog* there[sockops::bpf_cgroup_max_progs];
		sockops::cgroup_bpf_query_result found;
		if (sockops::cgroup_bpf_query(m_space->GetCgroup(path), false, there, std::size(there), found) != 0)
			return false;
		return std::find(there, there + found.prog_cnt, prog.get()) != there + found.prog_cnt;
	}

	/// Tables of the calls in which a program ran (PREFIX-callbacks.csv) and of the options that programs set
	/// (PREFIX-options.csv), from here on, of all sockets in this helper's cgroups: sock_ops_csv.hpp.
	void EnableCsv(const std::string& prefix) { m_space->Watch<SockOpsCsv>(prefix); }
	/// The same in words, a line each, to PREFIX-callbacks.tr, or to a stream, which may be that of a
	/// device's EnableAscii() too: sock_ops_ascii.hpp.
	void EnableAscii(const std::string& prefix) { m_space->Watch<SockOpsAscii>(prefix + "-callbacks.tr"); }
	void EnableAscii(Ptr<OutputStreamWrapper> stream) { m_space->Watch<SockOpsAscii>(stream); }

	/// All sock_ops programs of an object file, in its order, at any level of the tree; of `with.programs`
	/// those alone. `globals` are set before it is loaded: {{"limit", 8}, {"peers", "{1, 2}"}}. HZ and the
	/// release of Linux are the helper's; what objects pin by name they share. Aborts with the whole message
	/// where it is refused. Needs sockops::bpf, which comes with sockops::ns3 where there is one.
#ifdef SOCKOPS_NS3_WITH_OBJECTS
	Ptr<SockOpsObject> AttachObject(const std::string& path, const std::string& file,
									const SockOpsGlobals& globals = {}, sockops::object_options with = {});
	/// The same of an object that is open: one in memory, or of several files.
	Ptr<SockOpsObject> AttachObject(const std::string& path, sockops::bpf_object object,
									const SockOpsGlobals& globals = {});
#else
	template <bool HasObjects = false>
	Ptr<SockOpsObject> AttachObject(const std::string&, const std::string&, const SockOpsGlobals& = {}) {
		static_assert(
			HasObjects,
			"AttachObject() needs sockops::bpf: CMake's target sockops::ns3 has it where libbpf-dev, "
			"libelf-dev and zlib1g-dev are installed; without CMake define SOCKOPS_NS3_WITH_OBJECTS "
			"and link libsockops_bpf");
		return nullptr;
	}
#endif

	/// What went wrong with programs (sock_ops_report.hpp), each kind with its number and its first time. It
	/// is printed by itself, to stderr, at Simulator::Destroy(), if anything has.
	void PrintSummary(std::ostream& to) { m_report->PrintSummary(to); }
	/// Has anything gone wrong?
	bool HasFailed() const { return m_report->HasFailed(); }
	/// Returns 0, or 1 if anything has: for main().
	int GetExitStatus() const { return HasFailed() ? 1 : 0; }
	/// The same in parts.
	SockOpsReport& GetReport() { return *m_report; }

	/// The cgroup of a path, made where it is missing: for attaching and detaching by hand.
	sockops::cgroup& GetCgroup(const std::string& path) { return m_space->GetCgroup(path); }
	/// For its observers, jiffies and cookies.
	sockops::net& GetNet() { return m_space->GetNet(); }

  private:
	/// A template, as the branch that is not taken need not compile.
	template <class Stack>
	static void GiveTcp(Stack& stack, const NodeContainer& nodes) {
		if constexpr (SockOpsSetsTcp<Stack>) {
			stack.SetTcp(SockOpsTcpL4Protocol::GetTypeId().GetName());
		} else {
			for (uint32_t i = 0; i != nodes.GetN(); ++i)
				if (!nodes.Get(i)->GetObject<TcpL4Protocol>())
					nodes.Get(i)->AggregateObject(CreateObject<SockOpsTcpL4Protocol>());
		}
	}
	/// Aborts if it is not ours.
	static Ptr<SockOpsTcpL4Protocol> TcpOf(Ptr<Node> node) {
		const auto ours = node->GetObject<SockOpsTcpL4Protocol>();
		if (ours)
			return ours;
		NS_ABORT_MSG_IF(!node->GetObject<TcpL4Protocol>(),
						"SockOpsHelper: node "
							<< node->GetId()
							<< " has no TCP yet: call this after hook.Install(stack, nodes)");
		NS_ABORT_MSG(
			"SockOpsHelper: node "
			<< node->GetId()
			<< " has another TCP: write hook.Install(stack, nodes) in place of stack.Install(nodes)");
	}

	// In sock_ops_object.hpp.
	SockOpsObjects& Objects();
	template <class Open>
	Ptr<SockOpsObject> AttachOpened(const std::string& path, const std::string& name, Open open,
									const SockOpsGlobals& globals, const std::vector<std::string>& only);

	Ptr<SockOpsSpace> m_space;
	SockOpsReport* m_report;                   ///< the space's
	std::shared_ptr<SockOpsObjects> m_objects; ///< null: no object was attached
};

inline void SockOpsHelper::Join(Ptr<Application> application, const std::string& path) {
	NS_ABORT_MSG_IF(!application->GetNode(), "SockOpsHelper: an application that is to join "
												 << path
												 << " is on no node: call this after AddApplication()");
	NS_ABORT_MSG_IF(application->IsInitialized(),
					"SockOpsHelper: an application of node "
						<< application->GetNode()->GetId() << " is to join " << path
						<< ", and runs already: call this before Simulator::Run()");
	NS_ABORT_MSG_IF(application->GetObject<SockOpsStartMark>(),
					"SockOpsHelper: an application of node "
						<< application->GetNode()->GetId() << " has joined a cgroup already, and is to join "
						<< path);
	const Ptr<SockOpsTcpL4Protocol> tcp = TcpOf(application->GetNode());
	const auto entry = CreateObject<SockOpsStartEntry>();
	const auto exit = CreateObject<SockOpsStartExit>();
	entry->Set(tcp, m_space, m_space->GetCgroup(path));
	exit->Set(tcp, m_space, m_space->GetCgroup(path));
	entry->AggregateObject(
		application);             // in this order they are initialised, but the more an object has been
	entry->AggregateObject(exit); // asked for, the earlier it is: so the entry is asked for often
	for (int times = 0; times != 100; ++times)
		(void)entry->GetObject<SockOpsStartEntry>(SockOpsStartEntry::GetTypeId());
}

} // namespace ns3
