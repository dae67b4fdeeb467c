// SPDX-License-Identifier: MIT
// Lines of sockops-run: 100 columns, and where they end.

#include <gtest/gtest.h>

#include "../../src/tools/command/layout.hpp"

namespace {

using namespace sockops::tools;

std::string word(char of, std::size_t length) { return std::string(length, of); }

TEST(paragraph, has_a_hundred_columns_and_goes_on_further_in) {
	EXPECT_EQ(paragraph("short", 4, 2), "    short\n");
	EXPECT_EQ(paragraph(word('a', 50) + " " + word('b', 49), 0, 2),
			  word('a', 50) + " " + word('b', 49) + "\n");
	EXPECT_EQ(paragraph(word('a', 50) + " " + word('b', 50), 0, 2),
			  word('a', 50) + "\n  " + word('b', 50) + "\n");
}

TEST(paragraph, ends_a_line_behind_its_last_comma_if_that_is_not_far_back) {
	EXPECT_EQ(paragraph(word('a', 60) + ", " + word('b', 20) + " " + word('c', 30), 0, 2),
			  word('a', 60) + ",\n  " + word('b', 20) + " " + word('c', 30) + "\n");
	EXPECT_EQ(paragraph(word('a', 20) + ", " + word('b', 60) + " " + word('c', 30), 0, 2),
			  word('a', 20) + ", " + word('b', 60) + "\n  " + word('c', 30) + "\n");
}

TEST(paragraph, keeps_whole_what_has_no_space) {
	EXPECT_EQ(paragraph(word('a', 120), 20, 2), std::string(20, ' ') + word('a', 120) + "\n");
}

TEST(columns, are_characters) { EXPECT_EQ(columns("a…ü"), 3u); }

TEST(with_pieces, stay_in_their_column_until_one_is_too_wide) {
	const std::string begin(65, '.'), column(65, ' ');
	EXPECT_EQ(with_pieces(begin, {}, 20), begin + "\n");
	EXPECT_EQ(with_pieces(begin, {{"one", "two"}, {"three"}}, 20), begin + "one, two\n" + column + "three\n");
	EXPECT_EQ(with_pieces(begin, {{word('a', 20), word('b', 20)}}, 20),
			  begin + word('a', 20) + ",\n" + column + word('b', 20) + "\n");
	EXPECT_EQ(with_pieces(begin, {{"one"}, {word('a', 40), "two"}, {"three"}}, 20),
			  begin + "one\n" + std::string(20, ' ') + word('a', 40) + ", two\n" + std::string(20, ' ') +
				  "three\n");
}

} // namespace
