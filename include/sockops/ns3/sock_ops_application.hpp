// SPDX-License-Identifier: MIT
// An application in a cgroup of its own: sockets that it makes when it starts belong there, not to what its
// node has joined. Children of a listener follow their listener. (Sockets that an application makes later
// belong to the node's cgroup.)
//
// An application is not asked when it starts; ns-3 schedules the start when it initialises the application,
// with all that is aggregated to it. So an object before it and one after it schedule an entry and an exit at
// that very time, with nothing between.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_tcp_l4_protocol.hpp>

#include <algorithm>

#include <ns3/application.h>
#include <ns3/simulator.h>

namespace ns3 {

/// What the two have in common: an application, and whose sockets it makes.
class SockOpsStartMark : public Object {
  public:
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsStartMark").SetParent<Object>();
		return tid;
	}
	/// Whose sockets, and where they belong.
	void Set(Ptr<SockOpsTcpL4Protocol> tcp, Ptr<SockOpsSpace> space, sockops::cgroup& cgroup) {
		m_tcp = tcp;
		m_space = space;
		m_cgroup = &cgroup;
	}

  protected:
	void DoDispose() override {
		m_tcp = nullptr;
		m_space = nullptr;
		Object::DoDispose();
	}
	Time StartTime() const {
		TimeValue start;
		GetObject<Application>()->GetAttribute("StartTime", start);
		return start.Get();
	}

	Ptr<SockOpsTcpL4Protocol> m_tcp;
	Ptr<SockOpsSpace> m_space;
	sockops::cgroup* m_cgroup = nullptr; ///< held by the space
};

/// Before the start.
class SockOpsStartEntry : public SockOpsStartMark {
  public:
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsStartEntry").SetParent<SockOpsStartMark>();
		return tid;
	}

  protected:
	/// Where a script has asked for the application often (GetObject()), ns-3 initialises that one first, and
	/// its start is scheduled: then the entry comes a nanosecond before it.
	void DoInitialize() override {
		const bool late = GetObject<Application>()->IsInitialized();
		const Time when = late ? Max(StartTime() - NanoSeconds(1), Time(0)) : StartTime();
		if (late && when.IsZero())
			Enter();
		else
			Simulator::Schedule(when, &SockOpsStartEntry::Enter, Ptr<SockOpsStartEntry>(this));
		Object::DoInitialize();
	}

  private:
	void Enter() {
		if (m_tcp) // else the node is gone
			m_tcp->Enter(m_space, *m_cgroup);
	}
};

/// After it.
class SockOpsStartExit : public SockOpsStartMark {
  public:
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsStartExit").SetParent<SockOpsStartMark>();
		return tid;
	}

  protected:
	void DoInitialize() override {
		Simulator::Schedule(StartTime(), &SockOpsStartExit::Leave, Ptr<SockOpsStartExit>(this));
		Object::DoInitialize();
	}

  private:
	void Leave() {
		if (m_tcp)
			m_tcp->Leave();
	}
};

} // namespace ns3
