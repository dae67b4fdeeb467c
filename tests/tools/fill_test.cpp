// SPDX-License-Identifier: MIT
// Maps that a test fills with what C or JSON would write.
#include <cerrno>

#include <gtest/gtest.h>

#include <sockops/testing/object_test.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

struct fill : ::testing::Test, object_test {
	fill() : object_test(FILLED_OBJECT) { attach(); }

	std::string refusal(const char* of, std::string_view key, std::string_view value) {
		try {
			map(of).fill(key, value);
		} catch (const object_error& wrong) {
			EXPECT_GT(wrong.error, 0) << wrong.what();
			return wrong.what();
		}
		return "";
	}
	void expect_conf(std::string_view written, const char* text) {
		EXPECT_EQ(refusal("conf", "1", written), "");
		EXPECT_EQ(map("conf")[1].text(), text) << written;
	}
};

TEST_F(fill, programs_read_what_a_test_wrote) {
	map("conf").fill("0", "{idle, 30}");
	map("by_name").fill("eth0", "-10");
	EXPECT_EQ(fire(BPF_SOCK_OPS_TIMEOUT_INIT, socket({.state = TCP_SYN_SENT})).reply, 40);
}

TEST_F(fill, values_are_those_of_c_and_of_json) {
	const char* const all =
		"{mode = tune, window = -2, first = 513, bytes = {1, 2, 0, 0}, name = \"a\\\"b\", "
		"flag = 1, rest = 7}";
	expect_conf(all, all);
	expect_conf("{\"mode\": \"tune\", \"window\": -0x2, \"bytes\": [1, 2], \"name\": \"a\\\"b\", "
				"\"flag\": true, \"rest\": 7}",
				all);
	expect_conf(" { .rest=7, .flag=1,.first=513,.mode=3 ,.window=-2,.name=\"a\\x22b\", } ", all);
	expect_conf(map("conf")[1].json(), all);
}

TEST_F(fill, what_is_not_named_is_0_and_members_go_on_behind_one_that_is) {
	expect_conf("{name = \"x\", 1}", "{mode = idle, window = 0, first = 0, bytes = {0, 0, 0, 0}, "
									 "name = \"x\", flag = 1, rest = 0}");
	expect_conf(
		"{}", "{mode = idle, window = 0, first = 0, bytes = {0, 0, 0, 0}, name = \"\", flag = 0, rest = 0}");
}

TEST_F(fill, bytes_are_taken_where_no_type_is_known_and_where_one_is) {
	map("untyped").fill("0a 00 00 01", "[0, 1, 2, 0xff, 4, 5]");
	map("untyped").fill("7", "00 00 00 00 00 09");
	EXPECT_EQ(map("untyped")[u32{0x0100000a}].text(), "00 01 02 ff 04 05");
	EXPECT_EQ(map("untyped")[7].text(), "00 00 00 00 00 09");
	EXPECT_EQ(refusal("by_place", "01 00 00 00 02 00 00 00", "{1}"), "");
	EXPECT_TRUE(map("by_place").entries().front().first["net"] == 2);
}

TEST_F(fill, each_cpu_gets_the_value) {
	map("zeroes").fill("2", "{9}");
	for (u32 cpu = 0; cpu != num_possible_cpus; ++cpu)
		EXPECT_EQ(map("zeroes").of_cpu({std::byte{2}, {}, {}, {}}, cpu)[0], 9);
}

TEST_F(fill, what_is_wrong_is_named_with_the_map_and_the_remedy) {
	const std::pair<std::string, const char*> wrong[] = {
		{refusal("conf", "2", "{}"),
		 "map 'conf' (ARRAY): the key '2' is not taken: E2BIG, its max_entries is 2"},
		{refusal("conf", "x", "{}"), "map 'conf' (ARRAY): the key 'x': 'x' is no value for "},
		{refusal("conf", "0", "{window = 1"), "a ',' or '}' is missing before its end"},
		{refusal("conf", "0", "{windows = 1}"), "has no member 'windows'; its members are mode, window, "},
		{refusal("conf", "0", "{idle} 2"), "nothing comes after the value, and there is '2'"},
		{refusal("conf", "0", "3"), "'3' is no value for struct settings: one is {1, 2} or {\"member\": 1}"},
		{refusal("conf", "0", "{fast}"), "'fast' is no value for enum mode: "},
		{refusal("conf", "0", "{window = 2147483648}"), "2147483648 does not fit into "},
		{refusal("conf", "0", "{flag = 2}"), "2 does not fit into "},
		{refusal("conf", "0", "{1, 2, 3, {4}, \"5\", 1, 7, 8}"), "has 7 members, and no place for '8}'"},
		{refusal("conf", "0", "{bytes = {1, 2, 3, 4, 5}}"), "element 4 of "},
		{refusal("conf", "0", "{name = \"12345678\"}"), "room for 7 and the NUL"},
		{refusal("conf", "0", "{name = \"1234}"), "a text that begins with '\"' ends with one"},
		{refusal("untyped", "0a 00", "1"), "'0a 00' are 2 bytes, and it has 4"},
		{refusal("untyped", "1", "[256]"), "'256' is no byte: a number from 0 to 255 is"},
		{refusal("untyped", "1", "[1]"), "map 'untyped' (PERCPU_HASH): the value '[1]': "},
		{refusal("closed", "1", "1"), "EPERM, user space cannot write it (BPF_F_RDONLY, or frozen)"},
		{refusal("sockets", "1", "1"),
		 "map 'sockets' (SOCKHASH): it cannot be filled by a key and a value: HASH, "},
	};
	for (const auto& [said, expected] : wrong)
		EXPECT_NE(said.find(expected), said.npos) << "said: " << said << "\nexpected: " << expected;
	map("by_place").fill("{1}", "{}");
	map("by_place").fill("{2}", "{}");
	EXPECT_NE(refusal("by_place", "{3}", "{}").find("E2BIG, its max_entries is 2"), std::string::npos);
	EXPECT_EQ(map("conf")[0].text().find("mode = idle, window = 0"), 1u) << "nothing was written";
}

TEST_F(fill, variables_take_the_same_text) {
	global("asked").set_text("0x10");
	EXPECT_EQ(global("asked"), 16);
	EXPECT_EQ(object().global_names(), (std::vector<std::string>{"limit", "asked", "unused"}));
	EXPECT_THROW(global("limit").set_text("1"), object_error) << "it is constant after load()";
}

} // namespace
