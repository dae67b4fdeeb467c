// SPDX-License-Identifier: MIT
// Differences of values that are given as C text.

#include <gtest/gtest.h>

#include "../../src/tools/sockops_run/value_difference.hpp"

namespace {

using sockops_run::difference_text, sockops_run::without_zeroes;

TEST(difference_text, of_plain_values_is_both_of_them) {
	EXPECT_EQ(difference_text("3", "4"), "3 -> 4");
	EXPECT_EQ(difference_text("\"a, {\"", "\"b\""), "\"a, {\" -> \"b\"");
}

TEST(difference_text, of_structs_names_the_members_that_differ) {
	EXPECT_EQ(difference_text("{a = 1, b = {c = 2, d = {0, 5}}, e = \"x\"}",
							  "{a = 1, b = {c = 3, d = {0, 6}}, e = \"y\"}"),
			  "b.c 2 -> 3, b.d[1] 5 -> 6, e \"x\" -> \"y\"");
	EXPECT_EQ(difference_text("{1, 2, 3}", "{1, 0, 3}"), "[1] 2 -> 0");
}

TEST(difference_text, is_not_led_astray_by_text) {
	EXPECT_EQ(difference_text(R"({s = "a\", b = 1", n = 1})", R"({s = "a\", b = 1", n = 2})"), "n 1 -> 2");
	EXPECT_EQ(difference_text(R"({"x = 1", 2})", R"({"x = 1", 3})"), "[1] 2 -> 3");
}

TEST(difference_text, of_other_members_is_both_values) {
	EXPECT_EQ(difference_text("{a = 1}", "{b = 1}"), "{a = 1} -> {b = 1}");
	EXPECT_EQ(difference_text("{a = 1}", "00 ff"), "{a = 1} -> 00 ff");
}

TEST(without_zeroes, keeps_what_says_something) {
	EXPECT_EQ(without_zeroes("{a = 0, b = 80, c = {0, 0}, d = {e = 0, f = 7}, g = \"\"}"),
			  "{b = 80, d = {f = 7, …}, …}");
	EXPECT_EQ(without_zeroes("{a = 0, b = {0, 0}}"), "all 0");
	EXPECT_EQ(without_zeroes("{0, 5}"), "{0, 5}");
	EXPECT_EQ(without_zeroes("0"), "0");
	EXPECT_EQ(without_zeroes("{a = 100, b = \"0x\"}"), "{a = 100, b = \"0x\"}");
}

} // namespace
