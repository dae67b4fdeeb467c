// SPDX-License-Identifier: MIT
// What ends a simulation in ns-3 alone, and not with our TCP, hooked or not: each of its causes, made on
// purpose. (A packet of no bytes: handshake_test.cpp.)
#include <gtest/gtest.h>

#include <ns3/config.h>
#include <ns3/tcp-congestion-ops.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/uinteger.h>

#include "support.hpp"

using namespace ns3;
using namespace sockops;
using test::packet;

namespace {

/// A congestion control that paces and knows no rate.
class Rateless : public TcpNewReno {
  public:
	static TypeId GetTypeId() {
		static const TypeId tid = TypeId("test::Rateless").SetParent<TcpNewReno>().AddConstructor<Rateless>();
		return tid;
	}
	bool HasCongControl() const override { return true; }
	void CongControl(Ptr<TcpSocketState>, const TcpRateOps::TcpRateConnection&,
					 const TcpRateOps::TcpRateSample&) override {}
	void CongestionStateSet(Ptr<TcpSocketState> tcb, const TcpSocketState::TcpCongState_t) override {
		tcb->m_pacing = true;
		tcb->m_pacingRate = DataRate(0);
	}
	Ptr<TcpCongestionOps> Fork() override { return CopyObject<Rateless>(this); }
};

uint32_t bytes_to_server(const test::two_nodes& sim) {
	uint32_t next = 1;
	for (const packet& p : sim.those([](const packet& p) { return p.from_client; }))
		next = std::max(next, p.seq + p.data);
	return next - 1;
}

void hook_if(bool hooked, test::two_nodes& sim) {
	if (hooked)
		sim.attach([](bpf_sock_ops&) { return 1; });
}

} // namespace

/// All is sent and acknowledged, and the window is closed: at 7 s, when it is to be probed, there is no byte
/// to do it with. What is written later is sent once the reader has made room.
TEST(guarded, a_closed_window_is_probed_as_soon_as_there_is_a_byte_to_do_it_with) {
	constexpr uint32_t buffer = 4 * test::mss, later = 2000;
	for (const bool hooked : {false, true}) {
		Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(buffer));
		test::two_nodes sim;
		hook_if(hooked, sim);
		Ptr<Socket> reader;
		sim.serve([&](auto socket) { reader = socket; });
		sim.connect([](auto socket) { test::send(socket, buffer); });
		uint32_t before = 0;
		sim.at(30, [&] {
			before = bytes_to_server(sim);
			test::read_and_close(reader);
			EXPECT_EQ(reader->Recv()->GetSize(), buffer);
			test::send(sim.client, later);
		});
		sim.run(200);
		EXPECT_EQ(before, buffer);
		EXPECT_EQ(bytes_to_server(sim), buffer + later) << (hooked ? "hooked" : "not hooked");
	}
}

TEST(guarded, a_pacing_rate_of_0_is_not_divided_by) {
	for (const bool hooked : {false, true}) {
		test::two_nodes sim;
		for (const uint32_t node : {0u, 1u})
			sim.nodes.Get(node)->GetObject<TcpL4Protocol>()->SetAttribute("SocketType",
																		  TypeIdValue(Rateless::GetTypeId()));
		hook_if(hooked, sim);
		sim.serve(test::read_and_close);
		sim.connect([](auto socket) { test::send(socket, 20'000); });
		sim.run(30);
		EXPECT_EQ(bytes_to_server(sim), 20'000u) << (hooked ? "hooked" : "not hooked");
	}
}
