// SPDX-License-Identifier: MIT
// The log component "SockOps", switched on as those of ns-3 are: LogComponentEnable("SockOps",
// LOG_LEVEL_INFO), or NS_LOG=SockOps in the environment. Debian's ns-3 is built without NS3_LOG_ENABLE, so
// that NS_LOG_INFO() and its like are nothing there, in a script too; this component writes all the same.
//
//   error   a program was stopped, read what nobody had written, or lost a record
//   warn    what else a summary counts (sock_ops_report.hpp); what of an object file is left out
//   info    each call in which a program ran, a line each
//   logic   the same in full: what each program did, and what came of it
//
// Time and node stand in each line, and ns-3's prefixes for them are not written.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <cstdio>
#include <iostream>
#include <string>

#include <ns3/log.h>
#include <ns3/simulator.h>

#include <sockops/ns3/sock_ops_whose.hpp>

namespace ns3 {

/// One in a program, however many source files include this. A script's own NS_LOG_COMPONENT_DEFINE() has
/// another name.
inline LogComponent SockOpsLogComponent("SockOps", __FILE__);

/// Writes what `text` returns, if the level is switched on.
template <class Text>
void SockOpsLog(LogLevel level, Text text) {
	if (!SockOpsLogComponent.IsEnabled(level))
		return;
	std::clog << "SockOps: ";
	if (SockOpsLogComponent.IsEnabled(LOG_PREFIX_LEVEL))
		std::clog << '[' << LogComponent::GetLevelLabel(level) << "] ";
	std::clog << text() << std::endl;
}

/// "1.200000 s, node 0, 10.0.0.1:49153 > 10.0.0.2:80": now, and whose the socket is. A listener has no peer.
inline std::string SockOpsPlace(const sockops::sock_common* sk) {
	char seconds[32];
	std::snprintf(seconds, sizeof seconds, "%.6f s", Simulator::Now().GetSeconds());
	std::string text = seconds;
	const SockOpsWhose whose(*sk);
	if (whose.node.empty())
		return text;
	text += ", node " + whose.node + ", " + whose.LocalEnd();
	return whose.remotePort == 0 ? text : text + " > " + whose.RemoteEnd();
}

} // namespace ns3
