// SPDX-License-Identifier: MIT
// TCP_CONGESTION: any algorithm that ns-3 or the script has, by each of its names, in each op where a program
// may set it.

#include "support.hpp"

#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <ns3/config.h>
#include <ns3/pointer.h>
#include <ns3/string.h>
#include <ns3/tcp-congestion-ops.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;
using test::packet;

namespace {

/// A script's own algorithms.
class TcpMine : public ns3::TcpNewReno {
  public:
	static ns3::TypeId GetTypeId() {
		static ns3::TypeId tid =
			ns3::TypeId("ns3::TcpMine").SetParent<TcpNewReno>().AddConstructor<TcpMine>();
		return tid;
	}
};
class TcpOfAVeryLongName : public ns3::TcpNewReno {
  public:
	static ns3::TypeId GetTypeId() {
		static ns3::TypeId tid = ns3::TypeId("lab::TcpOfAVeryLongName")
									 .SetParent<TcpNewReno>()
									 .AddConstructor<TcpOfAVeryLongName>();
		return tid;
	}
};

/// One that waits, for each ACK, for an event of its own.
class TcpWaiting : public ns3::TcpNewReno {
  public:
	static ns3::TypeId GetTypeId() {
		static ns3::TypeId tid =
			ns3::TypeId("ns3::TcpWaiting").SetParent<TcpNewReno>().AddConstructor<TcpWaiting>();
		return tid;
	}
	TcpWaiting() { alive().insert(this); }
	TcpWaiting(const TcpWaiting& from) : TcpNewReno(from) { alive().insert(this); }
	~TcpWaiting() override { alive().erase(this); }
	void PktsAcked(ns3::Ptr<ns3::TcpSocketState>, uint32_t, const ns3::Time&) override {
		ns3::Simulator::Schedule(ns3::Seconds(1), [this] { ++(alive().contains(this) ? came : too_late); });
	}

	static inline int came = 0, too_late = 0;

  private:
	static std::set<const TcpWaiting*>& alive() {
		static std::set<const TcpWaiting*> all;
		return all;
	}
};
const bool registered =
	(TcpMine::GetTypeId(), TcpOfAVeryLongName::GetTypeId(), TcpWaiting::GetTypeId(), true);

int set(bpf_sock_ops& skops, const std::string& name) {
	return bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, name.data(),
						  static_cast<int>(name.size()));
}
std::string get(bpf_sock_ops& skops) {
	char name[16];
	EXPECT_EQ(bpf_getsockopt(skops, sol::tcp, tcp_option::congestion, name, sizeof name), 0);
	return name;
}
std::string type_of(ns3::Ptr<ns3::Socket> socket) {
	ns3::PointerValue algorithm;
	socket->GetAttribute("CongestionOps", algorithm);
	return algorithm.Get<ns3::TcpCongestionOps>()->GetInstanceTypeId().GetName();
}

/// Runs a transfer with losses both ways, in which `program` is called. Bytes that the server got.
template <class Program>
uint64_t transfer(Program program) {
	uint64_t got = 0;
	test::two_nodes sim;
	sim.attach(program);
	sim.lose_to_server({0, 12, 13, 40});
	sim.lose_to_client({1, 9});
	sim.serve([&](auto socket) {
		const ns3::Callback<void, ns3::Ptr<ns3::Socket>> read([&](ns3::Ptr<ns3::Socket> from) {
			while (const auto data = from->Recv()) {
				if (data->GetSize() == 0)
					break;
				got += data->GetSize();
			}
		});
		const ns3::Callback<void, ns3::Ptr<ns3::Socket>> close(
			[](ns3::Ptr<ns3::Socket> from) { from->Close(); });
		socket->SetRecvCallback(read);
		socket->SetCloseCallbacks(close, close);
	});
	sim.connect([](auto socket) {
		test::send(socket, 60'000);
		socket->Close();
	});
	sim.run(400);
	return got;
}

} // namespace

TEST(congestion, an_algorithm_of_the_scripts_own_by_each_of_its_names) {
	ASSERT_TRUE(registered);
	const std::map<std::string, std::string> types = {
		{"ns3::TcpMine", "ns3::TcpMine"},   {"TcpMine", "ns3::TcpMine"},
		{"mine", "ns3::TcpMine"},           {"Mine", "ns3::TcpMine"},
		{"ledbat", "ns3::TcpLedbat"},       {"newreno", "ns3::TcpNewReno"},
		{"TcpNewReno", "ns3::TcpNewReno"},  {"reno", "ns3::TcpLinuxReno"},
		{"ns3::TcpVegas", "ns3::TcpVegas"}, {"lab::TcpOfAVery", "lab::TcpOfAVeryLongName"}};
	for (const auto& [name, type] : types) {
		std::string back;
		test::two_nodes sim;
		sim.attach([&, called = name](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
				EXPECT_EQ(set(skops, called), 0) << called;
				back = get(skops);
			}
			return 1;
		});
		sim.serve(test::read_and_close);
		sim.connect([](auto socket) { test::send(socket, 20'000); });
		sim.run(5);
		EXPECT_EQ(back, name) << "reads back what it set";
		EXPECT_EQ(type_of(sim.client), type);
	}
}

TEST(congestion, names_of_what_is_none_are_refused) {
	int ran = 0;
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
			++ran;
			// Types, but of other things, or that cannot be made; parts of names; another case.
			for (const char* none : {"SocketBase", "TcpSocketBase", "ns3::Node", "CongestionOps", "min",
									 "tcpmine", "ns3::TcpM", "TcpLinux", "::TcpMine"})
				EXPECT_EQ(set(skops, none), -ENOENT) << none;
			EXPECT_EQ(get(skops), "cubic");
		}
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(ran, 1);
}

TEST(congestion, what_the_script_has_chosen_is_read_by_a_name_that_can_be_set) {
	const std::map<std::string, std::string> names = {{"ns3::TcpMine", "ns3::TcpMine"},
													  {"lab::TcpOfAVeryLongName", "OfAVeryLongName"},
													  {"ns3::TcpNewReno", "reno"},
													  {"ns3::TcpLedbat", "ns3::TcpLedbat"}};
	for (const auto& [type, name] : names) {
		ns3::Config::SetDefault("ns3::TcpL4Protocol::SocketType", ns3::StringValue(type));
		std::string read;
		test::two_nodes sim;
		sim.attach([&](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
				read = get(skops);
				EXPECT_EQ(set(skops, read), 0) << read;
			}
			return 1;
		});
		sim.serve();
		sim.connect();
		sim.run(5);
		EXPECT_EQ(read, name);
	}
}

TEST(congestion, a_child_has_the_name_that_was_set_on_its_listener) {
	std::string child;
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB) {
			EXPECT_EQ(set(skops, "mine"), 0);
		}
		if (skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
			child = get(skops);
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(child, "mine");
	EXPECT_EQ(type_of(sim.accepted_socket), "ns3::TcpMine");
}

TEST(congestion, may_be_set_in_each_op_and_each_change_of_state) {
	for (const char* name : {"bbr", "cubic", "dctcp", "vegas", "illinois", "mine"}) {
		std::map<std::string, int> results; // by op, and what the state becomes
		const uint64_t got = transfer([&](bpf_sock_ops& skops) {
			std::string where = op_name(skops.op);
			if (skops.op == BPF_SOCK_OPS_STATE_CB)
				where += " -> " + std::to_string(skops.args[1]);
			bpf_sock_ops_cb_flags_set(skops, 0xf);
			const int result = set(skops, name);
			results.emplace(where, result);
			EXPECT_EQ(result, skops.is_fullsock ? 0 : -EINVAL) << name << " in " << where;
			if (skops.is_fullsock) {
				EXPECT_EQ(get(skops), name);
			}
			return 1;
		});
		EXPECT_EQ(got, 60'000u) << name;
		for (const char* op :
			 {"TCP_CONNECT_CB", "TCP_LISTEN_CB", "ACTIVE_ESTABLISHED_CB", "PASSIVE_ESTABLISHED_CB", "RTO_CB",
			  "RETRANS_CB", "RTT_CB", "STATE_CB -> 1", "STATE_CB -> 4", "STATE_CB -> 7"})
			EXPECT_TRUE(results.contains(op)) << op << " did not happen";
	}
}

TEST(congestion, set_while_the_connection_is_being_established_is_told_that_it_is_open) {
	// ns-3 divides by the rate that bbr begins with, which bbr knows once it is told.
	for (const u32 op :
		 {BPF_SOCK_OPS_STATE_CB, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB}) {
		int times = 0;
		const uint64_t got = transfer([&](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
				bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
			if (skops.op == op && (op != BPF_SOCK_OPS_STATE_CB || skops.args[1] == TCP_ESTABLISHED)) {
				++times;
				EXPECT_EQ(set(skops, "bbr"), 0);
			}
			return 1;
		});
		EXPECT_EQ(got, 60'000u) << op_name(op);
		EXPECT_EQ(times, op == BPF_SOCK_OPS_STATE_CB ? 2 : 1);
	}
}

TEST(congestion, one_that_was_replaced_is_there_for_the_events_that_it_waits_for) {
	TcpWaiting::came = TcpWaiting::too_late = 0;
	int samples = 0;
	const uint64_t got = transfer([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
			bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG);
			EXPECT_EQ(set(skops, "waiting"), 0);
		}
		if (skops.op == BPF_SOCK_OPS_RTT_CB && ++samples == 5) {
			EXPECT_EQ(set(skops, "cubic"), 0);
		}
		return 1;
	});
	EXPECT_EQ(got, 60'000u);
	EXPECT_GT(TcpWaiting::came, 0);
	EXPECT_EQ(TcpWaiting::too_late, 0);
}
