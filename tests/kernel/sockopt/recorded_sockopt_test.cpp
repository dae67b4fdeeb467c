// SPDX-License-Identifier: MIT
// What a live kernel answered (recorded/sockopt.json), held against the library: no privileges needed.
#include <gtest/gtest.h>

#include <cstdio>
#include <set>

#include <sockops/hook/sockopt.hpp>

#include "library_side.hpp"
#include "recording.hpp"

namespace {

using namespace sockopt_diff;

const recording& recorded() {
	static std::string error;
	static const recording read = read_recording(RECORDED_SOCKOPT, error);
	EXPECT_EQ(error, "");
	return read;
}

TEST(recorded_sockopt, every_answer_is_the_kernels) {
	unsigned long cases = 0, mismatches = 0;
	for (const scene& each : recorded().scenes) {
		for (const act& one : each.acts)
			cases += one.done ? one.steps.size() : 0;
		for (const std::string& words : differences(each, play_in_library(recorded().where, each)))
			if (++mismatches < 20)
				std::printf("  %s\n", words.c_str());
	}
	std::printf("recorded sockopt: cases=%lu mismatches=%lu\n", cases, mismatches);
	EXPECT_GE(cases, 20'000u);
	EXPECT_EQ(mismatches, 0u);
}

TEST(recorded_sockopt, every_option_of_the_table_was_taken_by_the_kernel_and_no_other) {
	std::set<std::pair<int, int>> taken, in_table;
	for (const scene& each : recorded().scenes)
		for (const act& one : each.acts)
			for (const step& what : one.steps)
				if (one.done && what.result >= 0)
					taken.insert({what.level, what.optname});
	for (const sockops::sockopt_info& row : sockops::sockopts())
		in_table.insert({row.level, row.optname});
	EXPECT_EQ(taken, in_table);
}

TEST(recorded_sockopt, a_file_that_is_not_one_is_told_in_words) {
	std::string error;
	(void)read_recording("/nonexistent/sockopt.json", error);
	EXPECT_NE(error.find("/nonexistent/sockopt.json"), std::string::npos) << error;
}

} // namespace
