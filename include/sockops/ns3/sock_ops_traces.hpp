// SPDX-License-Identifier: MIT
// Tells the trace sources of each hooked socket and of its node's TCP (Callback, CallbackOp) of its calls.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_tcp_l4_protocol.hpp>

#include <sockops/net/observer.hpp>

namespace ns3 {

class SockOpsTraces final : public sockops::net_observer {
  public:
	void called(const sockops::trace_call& call) override {
		if (call.steps.empty()) // nobody ran
			return;
		const Ptr<SockOpsTcpSocket> socket = SockOpsTcpSocket::Of(call.sk);
		if (!socket)
			return;
		socket->TellCallback(call);
		if (const Ptr<TcpL4Protocol>& tcp = socket->GetTcp()) // ours: no other one makes hooked sockets
			static_cast<SockOpsTcpL4Protocol&>(*tcp).TellCallback(socket, call);
	}
};

} // namespace ns3
