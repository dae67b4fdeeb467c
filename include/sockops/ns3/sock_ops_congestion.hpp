// SPDX-License-Identifier: MIT
// The congestion control that a program chose for a socket: TCP_CONGESTION.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <algorithm>
#include <cerrno>
#include <string>

#include <ns3/tcp-congestion-ops.h>
#include <ns3/tcp-socket-state.h>

#include <sockops/ns3/congestion_names.hpp>

namespace ns3 {

class SockOpsCongestion {
  public:
	/// What the script has chosen, before any program is asked.
	void Begin(const TcpSocketState& tcb) { m_pacingByScript = tcb.m_pacing; }
	/// What a child has of its listener.
	void InheritFrom(const SockOpsCongestion& listener) {
		m_asked = listener.m_asked;
		m_type = listener.m_type;
		m_pacingByScript = listener.m_pacingByScript;
	}

	/// ns-3 tells the algorithm in use that the connection is open, just before it changes its state. One
	/// that a program sets later, be it in the middle of that change, is told by Set().
	void Opened() { m_open = true; }
	void Closed() { m_open = false; }

	/// 0, or -ENOENT for a name that ns-3 has no model of. Not to be called from inside a virtual function of
	/// the algorithm in use; no callback fires there.
	int Set(TcpSocketBase& socket, TcpSocketState& tcb, const char* name) {
		const Ptr<TcpCongestionOps> chosen = MakeCongestionOps(name);
		if (!chosen)
			return -ENOENT;
		m_asked = name;
		m_type = chosen->GetInstanceTypeId();
		// What the old one may have switched on and would not switch off.
		tcb.m_pacing = m_pacingByScript;
		tcb.m_ecnMode = TcpSocketState::ClassicEcn;
		const uint32_t cwnd = tcb.m_cWnd;
		socket.SetCongestionControlAlgorithm(chosen);
		if (m_open) {
			chosen->CongestionStateSet(&tcb, TcpSocketState::CA_OPEN);
			tcb.m_cWnd = std::min(tcb.m_cWnd.Get(), cwnd);
		}
		return 0;
	}

	/// Of the algorithm in use: as a program has asked for it, else as it may ask for it. Good until the next
	/// call.
	const char* Name(const TcpCongestionOps& used) {
		const TypeId type = used.GetInstanceTypeId();
		if (m_asked.empty() || type != m_type) {
			m_asked = CongestionOpsName(type);
			m_type = type;
		}
		return m_asked.c_str();
	}

  private:
	std::string m_asked; ///< the name of m_type, as a program gave it
	TypeId m_type;
	bool m_pacingByScript = false; ///< pacing as it was before any TCP_CONGESTION
	bool m_open = false;           ///< whoever comes now has missed CA_OPEN
};

} // namespace ns3
