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

TEST_F(fill, texts_have_the_escapes_of_c_and_of_json) {
	const std::pair<const char*, std::string> written[] = {
		{R"("\u41\u0042")", ""},
		{R"("\u0041\u0007")", "A\a"},
		{R"("\u00fc\u2026")", "\u00fc\u2026"},
		{R"("\ud83d\ude00")", "\U0001f600"},
		{R"("\b\f\n\r\t\/\\")", "\b\f\n\r\t/\\"},
		{R"("\"\x7\xfFa")", "\"\x07\xff"
							"a"},
		{R"("ab\0")", "ab"},
		{R"("a\0c")", "a"},
	};
	for (const auto& [text, meant] : written) {
		const std::string value = std::string("{name = ") + text + "}", said = refusal("conf", "1", value);
		EXPECT_EQ(said.empty(), !meant.empty()) << text << ": " << said;
		if (said.empty()) {
			EXPECT_EQ(map("conf")[1]["name"].string(), meant) << text;
		}
	}
	map("conf").fill("1", R"({name = "a\0c"})");
	EXPECT_EQ(map("conf")[1]["name"][2], 'c') << "behind the NUL";
}

TEST_F(fill, a_text_that_was_written_is_read_again) {
	for (int byte = 1; byte != 128; ++byte) {
		map("conf").fill("0", "{name = {97, " + std::to_string(byte) + ", 49}}");
		map("conf").fill("1", map("conf")[0].json());
		EXPECT_EQ(map("conf")[1]["name"].string(), (std::string{'a', static_cast<char>(byte), '1'}));
		map("conf").fill("1", map("conf")[0].text());
		EXPECT_EQ(map("conf")[1]["name"].string(), (std::string{'a', static_cast<char>(byte), '1'}));
	}
}

TEST_F(fill, an_escape_that_there_is_not_is_refused_with_those_that_there_are) {
	const std::pair<const char*, const char*> wrong[] = {
		{R"("\q")", R"('\q' is no escape: \" \\ \/ \b \f \n \r \t \0 \xHH and \uHHHH are; a '\' is '\\')"},
		{R"("\ü")", R"('\ü' is no escape)"},
		{R"("\U0041")", R"('\U' is no escape)"},
		{R"("\101")", R"('\1' is no escape)"},
		{R"("\07")", R"('\07' is octal: a byte is '\x' and hex digits here)"},
		{R"("\xg")", R"('\x' is no byte: one or two hex digits come behind it, as in '\x1f')"},
		{R"("\x")", R"('\x' is no byte)"},
		{R"("\u41")", R"('\u41' is no character: four hex digits come behind '\u', as in '\u0041')"},
		{R"("\u)", R"('\u' is no character)"},
		{R"("\ud83d")", R"('\ud83d' is half a character: )"},
		{R"("\ud83d\u0041")", R"('\ud83d' is half a character: )"},
		{R"("\ude00")", R"('\ude00' is half a character: )"},
		{R"("\)", R"(a text that begins with '"' ends with one)"},
	};
	for (const auto& [text, expected] : wrong) {
		const std::string said = refusal("conf", "0", std::string("{name = ") + text);
		EXPECT_NE(said.find(expected), said.npos) << "said: " << said << "\nexpected: " << expected;
	}
}

TEST_F(fill, an_array_of_texts_is_no_text) {
	global("rows").set_text("{\"ab\", {99, 100}}");
	EXPECT_EQ(global("rows").text(), "{\"ab\", \"cd\"}");
	EXPECT_THROW(global("rows").set_text("ab"), object_error);
	EXPECT_THROW(global("rows").set_text("\"ab\""), object_error);
	global("title").set_text("ab");
	EXPECT_EQ(global("title").text(), "\"ab\"") << "of a type that has a name";
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
	EXPECT_EQ(object().global_names(),
			  (std::vector<std::string>{"limit", "asked", "unused", "rows", "title"}));
	EXPECT_THROW(global("limit").set_text("1"), object_error) << "it is constant after load()";
}

} // namespace
