// SPDX-License-Identifier: MIT
// Tells the trace sources of each hooked socket (Callback, CallbackOp) of its calls.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_connection.hpp>

#include <sockops/net/observer.hpp>

namespace ns3 {

class SockOpsTraces final : public sockops::net_observer {
  public:
	void called(const sockops::trace_call& call) override {
		if (call.steps.empty()) // nobody ran
			return;
		if (const Ptr<SockOpsTcpSocket> socket = SockOpsTcpSocket::Of(call.sk))
			socket->TellCallback(call);
	}
};

} // namespace ns3
