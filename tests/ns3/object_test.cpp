// SPDX-License-Identifier: MIT
// Object files in a script: what is set before, read after and told meanwhile; what is refused.

#include "support.hpp"

#include <gtest/gtest.h>

#include <ns3/string.h>

#include <sockops/bpf/release.hpp>

using namespace sockops;
using test::packet;

namespace {

std::string program(const std::string& name) { return OBJECT_PROGRAMS "/object_" + name + ".bpf.o"; }

/// Both nodes in `path`, where the object is attached.
ns3::Ptr<ns3::SockOpsObject> attach(test::two_nodes& sim, const std::string& file,
									const ns3::SockOpsGlobals& globals = {},
									const object_options& with = {}) {
	sim.hook.Join(sim.nodes, "/all");
	return sim.hook.AttachObject("/all", file, globals, with);
}

/// A connection with 100 bytes, which is closed.
void transfer(test::two_nodes& sim) {
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) {
		test::send(socket, 100);
		socket->Close();
	});
	sim.run(400);
}

/// Those of one trace source.
struct records {
	explicit records(ns3::Ptr<ns3::SockOpsObject> of) {
		of->TraceConnectWithoutContext(
			"Record", ns3::Callback<void, const ns3::SockOpsRecord&>(
						  [this](const ns3::SockOpsRecord& record) { all.push_back(record); }));
	}
	std::vector<ns3::SockOpsRecord> all;
};

/// Of the client's two first SYNs, in microseconds.
int64_t syn_gap(const test::two_nodes& sim) {
	const auto syns = sim.those([](const packet& p) { return p.is(ns3::TcpHeader::SYN); });
	return syns.size() < 2 ? -1 : syns[1].time_us - syns[0].time_us;
}

} // namespace

TEST(object, globals_are_set_before_and_read_after) {
	test::two_nodes sim;
	const auto globals = attach(
		sim, program("globals"),
		{{"settings", "{.port = 80, .flags = 4, .greeting = \"hey\"}"}, {"balance", 5000}, {"lowest", -3}});
	EXPECT_EQ(globals->Global("balance"), 5000);
	transfer(sim);
	EXPECT_EQ(globals->Global("letters"), 3);
	EXPECT_EQ(globals->Global("mood").text(), "over");
	EXPECT_EQ(globals->Global("seen")["active"], 1);
	EXPECT_EQ(globals->Global("seen")["passive"], 1);
	EXPECT_LT(globals->Global("balance").as<u64>(), 5000u);
	EXPECT_LE(globals->Global("lowest").as<s16>(), -3);
}

TEST(object, two_at_two_levels_and_a_map_that_is_read_after) {
	test::two_nodes sim;
	sim.hook.Join(sim.nodes.Get(0), "/fleet/client");
	sim.hook.Join(sim.nodes.Get(1), "/fleet/server");
	const auto stats = sim.hook.AttachObject("/fleet", program("conn_stats"));
	const auto replies =
		sim.hook.AttachObject("/fleet/client", program("init_replies"), {{"syn_timeout", 25}});
	sim.lose_to_server({0});
	transfer(sim);
	EXPECT_EQ(syn_gap(sim), 100'000) << "25 jiffies";
	EXPECT_EQ(replies->Global("asked")["for_requests"], 0) << "it sees the client alone";
	const map_view closed = stats->GetMap("closed");
	EXPECT_EQ(closed[u32{test::port}]["closed"], 1);
	EXPECT_EQ(closed[u32{test::port}]["bytes_received"].as<u64>(), 101u) << "and the FIN";
	EXPECT_EQ(closed.size(), 2u) << "each end's port";
	EXPECT_EQ(stats->GetMap("conns").size(), 0u);
	EXPECT_EQ(stats->GetPath(), "/fleet");
	for (const auto& each : sim.hook.GetReport().GetTroubles())
		EXPECT_EQ(each.what, "changed argument") << "init_replies writes -1 in all ops: " << each.first;
}

TEST(object, records_come_once_each_at_the_time_of_their_call) {
	test::two_nodes sim;
	const auto changes = attach(sim, program("state_ringbuf"));
	changes->SetRecordType("changes", "struct change");
	records seen(changes);
	transfer(sim);
	ASSERT_EQ(seen.all.size(), changes->Global("reported").as<u32>());
	ASSERT_GE(seen.all.size(), 8u);
	for (std::size_t i = 0; i != seen.all.size(); ++i) {
		const ns3::SockOpsRecord& record = seen.all[i];
		EXPECT_EQ(record.map, "changes");
		EXPECT_EQ(record.value["number"], i) << "in their order";
		EXPECT_EQ(record.value["time_ns"].as<s64>(), record.time.GetNanoSeconds());
		const bool server = record.value["local_port"] == test::port;
		ASSERT_TRUE(record.socket);
		EXPECT_EQ(record.socket->GetNode(), sim.nodes.Get(server));
	}
	EXPECT_GT(seen.all.front().time, ns3::Seconds(1.02)) << "2 > 1, a round trip after the SYN";
	EXPECT_LT(seen.all.front().time, ns3::Seconds(1.0201));
	EXPECT_EQ(changes->GetLostRecords(), 0u);
}

TEST(object, whoever_hears_of_a_record_may_cause_the_next_one) {
	test::two_nodes sim;
	const auto changes = attach(sim, program("state_ringbuf"));
	changes->SetRecordType("changes", "struct change");
	std::vector<u32> numbers;
	changes->TraceConnectWithoutContext(
		"Record", ns3::Callback<void, const ns3::SockOpsRecord&>([&](const ns3::SockOpsRecord& record) {
			if (record.value["to"] == TCP_ESTABLISHED && record.value["local_port"] != test::port)
				sim.client->Close(); // a change of state inside of the one that is told
			numbers.push_back(record.value["number"].as<u32>());
		}));
	sim.serve(test::read_and_close);
	sim.connect();
	sim.run(400);
	ASSERT_EQ(numbers.size(), changes->Global("reported").as<u32>());
	for (std::size_t i = 0; i != numbers.size(); ++i)
		EXPECT_EQ(numbers[i], i);
}

TEST(object, records_of_a_perf_event_array_too) {
	test::two_nodes sim;
	const auto events = attach(sim, program("perf_events"));
	events->SetRecordType("events", "struct event");
	records seen(events);
	sim.lose_to_server({0});
	transfer(sim);
	ASSERT_EQ(seen.all.size(), events->Global("sent").as<u32>());
	EXPECT_EQ(events->Global("not_sent"), 0);
	ASSERT_EQ(seen.all.size(), 3u);
	EXPECT_EQ(seen.all[0].value["op"], BPF_SOCK_OPS_RETRANS_CB);
	EXPECT_EQ(seen.all[0].time, ns3::Seconds(4)) << "ns-3's 3 s after the SYN";
	EXPECT_EQ(seen.all[1].value["op"], BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
	EXPECT_EQ(seen.all[1].value["mss"], test::mss);
}

TEST(object, bytes_where_no_type_is_said_and_lines_without_their_end) {
	test::two_nodes sim;
	const auto chatty = attach(sim, NS3_CHATTY_OBJECT);
	records seen(chatty);
	std::vector<std::string> lines;
	chatty->TraceConnectWithoutContext(
		"Printk",
		ns3::Callback<void, const std::string&>([&](const std::string& line) { lines.push_back(line); }));
	transfer(sim);
	ASSERT_EQ(seen.all.size(), 1u);
	EXPECT_EQ(seen.all[0].value.bytes().size(), 1200u);
	EXPECT_EQ(lines, std::vector<std::string>{"to port 80"});
}

TEST(object, lines_that_nobody_hears_go_to_stderr) {
	test::two_nodes sim;
	const auto chatty = attach(sim, NS3_CHATTY_OBJECT);
	::testing::internal::CaptureStderr();
	transfer(sim);
	EXPECT_EQ(::testing::internal::GetCapturedStderr(), "bpf_trace_printk: to port 80\n");
}

TEST(object, records_without_room_are_counted_and_told) {
	test::two_nodes sim;
	const auto chatty = attach(sim, NS3_CHATTY_OBJECT, {{"records", 5}});
	records seen(chatty);
	transfer(sim);
	EXPECT_EQ(seen.all.size(), 3u);
	EXPECT_EQ(chatty->GetLostRecords(), 2u);
	ASSERT_EQ(sim.hook.GetReport().GetTroubles().size(), 1u);
	const auto& lost = sim.hook.GetReport().GetTroubles()[0];
	EXPECT_EQ(lost.what, "lost record");
	EXPECT_EQ(lost.times, 2u);
	EXPECT_NE(
		lost.first.find("1.000000 s, node 0, 10.0.0.1:49153 > 10.0.0.2:80: map 'ring' had no room for 2 "
						"records: make it larger"),
		std::string::npos)
		<< lost.first;
}

TEST(object, lives_as_long_as_its_sockets_and_until_it_is_detached) {
	test::two_nodes sim;
	auto own = std::make_unique<ns3::SockOpsHelper>();
	own->Join(sim.nodes, "/all");
	const auto replies = own->AttachObject("/all", program("init_replies"));
	own.reset();
	sim.serve(test::read_and_close);
	sim.connect();
	sim.at(2, [&] { replies->Detach(); });
	ns3::Ptr<ns3::Socket> second;
	sim.at(3, [&] {
		second =
			ns3::Socket::CreateSocket(sim.nodes.Get(0), ns3::TypeId::LookupByName("ns3::TcpSocketFactory"));
		second->Connect(ns3::InetSocketAddress("10.0.0.2", test::port));
	});
	sim.run(5);
	EXPECT_EQ(replies->Global("asked")["timeout"], 2) << "of the first connection, both ends";
}

TEST(object, one_program_by_its_name) {
	test::two_nodes sim;
	const auto one = attach(sim, program("neighbours"), {}, {.programs = {"second_of_three"}});
	EXPECT_EQ(one->GetBpfObject().prog_names(), std::vector<std::string>{"second_of_three"});
	transfer(sim);
	EXPECT_GT(one->GetMap("found").size(), 0u);
}

TEST(object, compiled_for_this_machine_it_does_the_same) {
	for (const program_form form : {program_form::interpreted, program_form::native}) {
		test::two_nodes sim;
		sim.hook.Join(sim.nodes, "/all");
		const auto replies =
			sim.hook.AttachObject("/all", program("init_replies"), {{"syn_timeout", 25}}, {.form = form});
		EXPECT_EQ(replies->GetBpfObject().is_native(), form == program_form::native);
		sim.lose_to_server({0});
		transfer(sim);
		EXPECT_EQ(syn_gap(sim), 100'000);
	}
}

TEST(object_death, a_refused_one_ends_the_script_with_the_whole_message) {
	const auto attach_alone = [](const std::string& file, const ns3::SockOpsGlobals& globals = {},
								 const object_options& with = {}) {
		ns3::SockOpsHelper().AttachObject("/fleet/web", file, globals, with);
	};
	EXPECT_DEATH(attach_alone(FILE_REFUSED_OBJECT),
				 "'.*refused.bpf.o' cannot be attached to /fleet/web: (.|\n)*refused_for_a_long_name(.|\n)*"
				 "refused.bpf.c:11");
	EXPECT_DEATH(attach_alone("nowhere.bpf.o"),
				 "'nowhere.bpf.o' cannot be attached to /fleet/web: .*No such file");
	EXPECT_DEATH(attach_alone(program("tune"), {{"no_such", 1}}), "cannot be attached.*no_such");
	EXPECT_DEATH(attach_alone(program("tune"), {}, {.programs = {"no_such"}}), "cannot be attached.*no_such");
	EXPECT_DEATH(ns3::SockOpsHelper().AttachObject("/a", program("tune"))->GetMap("no_such"),
				 "SockOpsObject: object_tune of /a: .*no_such");
}

TEST(object_death, what_the_helpers_release_has_not_is_refused) {
	EXPECT_DEATH(ns3::SockOpsHelper(profile_of(release(5, 4))).AttachObject("/all", program("state_ringbuf")),
				 "cannot be attached to /all: (.|\n)*5\\.8");
}
