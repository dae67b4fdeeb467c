// SPDX-License-Identifier: MIT
// Values and maps by their BTF.
#include <sockops/map/perf_event_array.hpp>

#include "support.hpp"

namespace {

using namespace sockops;

struct typed_values : testing::Test {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_CONNS_OBJECT);

	typed_values() {
		on.sk.skc_num = 9;
		on.fire(object.prog());
	}
	typed_value conn() const { return object.map("conns")[9]; }
};

TEST_F(typed_values, members_are_found_by_name_also_in_unnamed_ones) {
	EXPECT_EQ(conn().type_name(), "struct conn");
	EXPECT_EQ(conn()["packets"], 1);
	EXPECT_EQ(conn()["peer"]["port"], 80);
	EXPECT_EQ(conn()["word"], 80u);
	EXPECT_EQ(conn()["byte"][0], 80);
	EXPECT_EQ(conn()["byte"].type_name(), "__u8[4]");
	EXPECT_EQ(conn()["delta"].as<int>(), -3);
	EXPECT_EQ(conn()["name"].string(), "abc");
	EXPECT_TRUE(conn()["seen"].as<bool>());
}
TEST_F(typed_values, bit_fields_are_numbers) {
	EXPECT_EQ(conn()["peer"]["flags"].as<u8>(), 5u);
	EXPECT_EQ(conn()["peer"]["retries"].as<u64>(), 17u);
}
TEST_F(typed_values, enumerations_have_names) {
	EXPECT_EQ(conn()["phase"].text(), "PHASE_CONNECTING");
	EXPECT_EQ(conn()["phase"], 3);
}
TEST_F(typed_values, as_json_are_exact_and_have_their_members_names) {
	EXPECT_EQ(conn().json(),
			  R"({"packets":1,"peer":{"port":80,"flags":5,"retries":17},"word":80,"byte":[80,0,0,0],)"
			  R"("phase":"PHASE_CONNECTING","seen":true,"name":"abc","delta":-3})");
	object.global("calls").set(~u64{0});
	EXPECT_EQ(object.global("calls").json(), "18446744073709551615");
	object.global("offset").set(-7);
	EXPECT_EQ(object.global("offset").json(), "-7");
	EXPECT_EQ(object.map("events").records().at(0).json(), "[3,0,0,0,9,0,0,0]") << "of no known type";
}
TEST_F(typed_values, as_json_are_numbers_where_they_have_no_name_and_no_text) {
	struct raw {
		u8 bytes[40];
	} all_ones;
	std::fill(std::begin(all_ones.bytes), std::end(all_ones.bytes), u8{0xff});
	ASSERT_EQ(object.map("conns").update(1, all_ones), 0);
	EXPECT_EQ(object.map("conns")[1].json(),
			  R"({"packets":18446744073709551615,"peer":{"port":65535,"flags":7,"retries":31},)"
			  R"("word":4294967295,"byte":[255,255,255,255],"phase":4294967295,"seen":true,)"
			  R"("name":[255,255,255,255,255,255,255,255],"delta":-1})");
}
TEST_F(typed_values, an_integer_that_does_not_fit_is_an_error) {
	EXPECT_EQ(error_of([&] { (void)conn()["delta"].as<u32>(); }),
			  "-3 (a int) does not fit into an unsigned integer of 4 bytes");
	EXPECT_FALSE(conn()["delta"] == ~0ull);
	EXPECT_EQ(conn()["delta"], -3ll);
	object.global("calls").set(u64{1} << 40);
	EXPECT_EQ(error_of([&] { (void)object.global("calls").as<u32>(); }),
			  "1099511627776 (a __u64) does not fit into an unsigned integer of 4 bytes");
	EXPECT_FALSE(object.global("calls") == 0);
	EXPECT_EQ(error_of([&] { object.global("offset").set(u64{1} << 31); }),
			  "2147483648 does not fit into a __s32 of 32 bits");
	object.global("offset").set(-7);
	EXPECT_EQ(object.global("offset"), -7);
}
TEST_F(typed_values, what_is_not_there_is_told_with_what_is) {
	EXPECT_EQ(error_of([&] { (void)conn()["pakets"]; }),
			  "a struct conn has no member 'pakets'; its members are packets, peer, word, byte, phase, seen, "
			  "name, delta");
	EXPECT_EQ(error_of([&] { (void)conn()["byte"][4]; }), "element 4 of a __u8[4], which has 4");
	EXPECT_EQ(error_of([&] { (void)conn()["byte"][-1]; }),
			  "element 18446744073709551615 of a __u8[4], which has 4");
	EXPECT_EQ(error_of([&] { (void)conn()["packets"]["x"]; }), "a __u64 has no member 'x'");
	EXPECT_EQ(error_of([&] { (void)conn()["packets"][0]; }), "a __u64 is no array: it has no element 0");
	EXPECT_EQ(error_of([&] { (void)conn().as<int>(); }),
			  "a struct conn of 40 bytes is no number: take a member or an element of it");
	EXPECT_EQ(error_of([&] { conn()["packets"].set(1); }),
			  "a value that may not be written: a copy, or a variable of .rodata after load()");
}
TEST_F(typed_values, a_struct_is_read_and_set_whole) {
	struct pair {
		u32 op, port;
	};
	bpf_object other = bpf_object::open_file(FILE_CONNS_OBJECT);
	other.global("expected").set(pair{7, 8});
	EXPECT_EQ(other.global("expected").as<pair>().port, 8u);
	EXPECT_EQ(other.global("expected").text(), "{op = 7, port = 8}");
	EXPECT_EQ(error_of([&] { (void)conn().as<pair>(); }), "a struct conn of 40 bytes is read as 8 bytes");
}

TEST_F(typed_values, maps_take_keys_and_values_in_their_own_sizes) {
	const map_view conns = object.map("conns");
	EXPECT_TRUE(conns.contains(9u));
	EXPECT_TRUE(conns.contains(s64{9}));
	EXPECT_FALSE(conns.contains(10));
	EXPECT_EQ(error_of([&] { (void)conns[10]; }), "map 'conns' (HASH): no value for the key 10");
	EXPECT_EQ(error_of([&] { (void)conns[u64{1} << 32]; }),
			  "map 'conns' (HASH): the key 4294967296 is no integer of 4 bytes, which it has");
	struct wide {
		u64 word;
	};
	EXPECT_EQ(error_of([&] { (void)conns[wide{9}]; }), "map 'conns' (HASH): a key of 8 bytes; it has 4");
	EXPECT_EQ(conns.erase(9), 0);
	EXPECT_EQ(conns.erase(9), -ENOENT);
	EXPECT_EQ(conns.size(), 0u);
	struct raw {
		u8 bytes[40];
	} fresh{};
	fresh.bytes[0] = 3;
	EXPECT_EQ(conns.update(1, fresh), 0);
	EXPECT_EQ(conns.update(1, fresh, BPF_NOEXIST), -EEXIST);
	EXPECT_EQ(conns[1]["packets"], 3);
	EXPECT_EQ(conns.entries().at(0).first, 1);
}
TEST_F(typed_values, a_per_cpu_map_has_a_value_for_each_cpu) {
	const map_view per_cpu = object.map("calls_by_cpu");
	const u32 key = 0;
	const auto bytes = std::as_bytes(std::span(&key, 1));
	const std::vector<std::byte> key_bytes(bytes.begin(), bytes.end());
	EXPECT_EQ(per_cpu.of_cpu(key_bytes, smp_processor_id()), 1);
	EXPECT_NE(error_of([&] { (void)per_cpu.of_cpu(key_bytes, num_possible_cpus); }), "");
	EXPECT_EQ(per_cpu.update(1, 5), 0);
	const u32 other = 1;
	const auto other_bytes = std::as_bytes(std::span(&other, 1));
	for (u32 cpu : {0u, 1u, num_possible_cpus - 1})
		EXPECT_EQ(per_cpu.of_cpu({other_bytes.begin(), other_bytes.end()}, cpu), 5);
	EXPECT_EQ(per_cpu.size(), 2u);
}

TEST_F(typed_values, records_of_a_ring_buffer_come_once_and_in_order) {
	on.sk.skc_num = 10;
	on.fire(object.prog(), BPF_SOCK_OPS_TCP_LISTEN_CB);
	const std::vector<typed_value> records = object.map("events").records("struct event");
	ASSERT_EQ(records.size(), 2u);
	EXPECT_EQ(records[0].text(), "{op = 3, port = 9}");
	EXPECT_EQ(records[1]["op"], BPF_SOCK_OPS_TCP_LISTEN_CB);
	EXPECT_EQ(object.map("events").records("struct event").size(), 0u);
	on.fire(object.prog());
	const std::vector<typed_value> raw = object.map("events").records();
	ASSERT_EQ(raw.size(), 1u);
	EXPECT_EQ(raw[0].text(), "03 00 00 00 0a 00 00 00");
	EXPECT_EQ(raw[0].type_name(), "");
}
TEST_F(typed_values, records_need_a_type_that_is_there_and_a_map_that_has_some) {
	EXPECT_EQ(error_of([&] { (void)object.map("events").records("struct evnt"); }),
			  "the object has no type 'struct evnt'; one that no variable or parameter has is left out by "
			  "the compiler");
	EXPECT_EQ(error_of([&] { (void)object.map("conns").records(); }),
			  "map 'conns' (HASH) has no records: a RINGBUF or a PERF_EVENT_ARRAY has");
	EXPECT_EQ(error_of([&] { (void)object.map("events").records("struct conn"); }),
			  "map 'events': a record of 8 bytes is no struct conn, which has 40");
	EXPECT_EQ(error_of([&] { (void)object.map("conns").of_socket(on.sk); }),
			  "map 'conns' (HASH): only an SK_STORAGE map has values of sockets");
}
TEST(typed_records, a_perf_buffer_gives_those_of_open_cpus) {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_MIXED_OBJECT);
	auto& perf = static_cast<perf_event_array_map&>(object.map("perf").map());
	on.fire(object.prog("entry"));
	EXPECT_EQ(object.map("perf").records().size(), 0u) << "nothing was open";
	ASSERT_EQ(perf.open(smp_processor_id(), 4096), 0);
	on.fire(object.prog("entry"));
	const std::vector<typed_value> records = object.map("perf").records();
	ASSERT_EQ(records.size(), 1u);
	EXPECT_GE(records[0].bytes().size(), sizeof(u32));
	EXPECT_EQ(object.map("perf").records("__u64").size(), 0u) << "they are taken out";
}

} // namespace
