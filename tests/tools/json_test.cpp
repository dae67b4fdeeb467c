// SPDX-License-Identifier: MIT
// JSON as it is written.

#include <gtest/gtest.h>

#include "../../src/object/btf/json.hpp"

namespace {

using namespace sockops;
using namespace sockops::object;

TEST(json_string, escapes_what_json_does_not_take) {
	EXPECT_EQ(json_string("a\"b\\c\n\t\x01\x7f"), R"("a\"b\\c\n\t\u0001\u007f")");
	EXPECT_EQ(json_string(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(json_string, keeps_utf8_and_replaces_what_is_none) {
	EXPECT_EQ(json_string("…ü😀"), "\"…ü😀\"");
	EXPECT_EQ(json_string("\xff"
						  "a\xc3"),
			  R"("\ufffda\ufffd")");
	EXPECT_EQ(json_string("\xc0\x80"), R"("\ufffd\ufffd")") << "too long a form";
	EXPECT_EQ(json_string("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")") << "a surrogate";
	EXPECT_EQ(json_string("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")") << "beyond U+10FFFF";
}

TEST(json_object, has_commas_between) {
	EXPECT_EQ(json_object({}), "{}");
	EXPECT_EQ(json_object({{"a", "1"}, {"b", json_array({"2", "3"})}}), R"({"a":1,"b":[2,3]})");
	EXPECT_EQ(json_array({}), "[]");
}

} // namespace
