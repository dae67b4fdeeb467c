// SPDX-License-Identifier: MIT
// What a live kernel's header option helpers answered (../recorded/header_options.json), held against the
// library: no privileges needed.
#include <gtest/gtest.h>

#include <cstdio>
#include <set>

#include "recorded_runs.hpp"

namespace {

using namespace hdr_opt;

std::vector<run> recorded() {
	std::string error;
	std::vector<run> runs = read_runs(RECORDED_ANSWERS "/header_options.json", error);
	EXPECT_EQ(error, "");
	return runs;
}

TEST(recorded_hdr_opt, the_same_calls_over_the_same_headers) {
	unsigned long cases = 0, mismatches = 0;
	std::string first;
	std::set<unsigned> ops;
	std::set<std::int64_t> errors;
	for (const run& each : recorded()) {
		ops.insert(each.in.op);
		for (const answer& got : each.got.answers)
			errors.insert(got.result < 0 ? got.result : 0);
		const std::string wrong = difference(each, answer_here(each.in, each.calls), cases);
		if (!wrong.empty() && ++mismatches == 1)
			first = wrong;
	}
	std::printf("recorded header_options.json: cases=%lu mismatches=%lu\n", cases, mismatches);
	EXPECT_EQ(mismatches, 0u) << first;
	EXPECT_GE(cases, 1000u);
	EXPECT_GE(ops.size(), 12u);
	EXPECT_EQ(errors.size(), 9u); // 0 and each errno that a kernel can be brought to
}

TEST(recorded_hdr_opt, an_answer_that_differs_is_noticed) {
	unsigned long cases = 0;
	for (const run& each : recorded()) {
		const outcome here = answer_here(each.in, each.calls);
		for (std::size_t at = 0; at != each.calls.size(); ++at) {
			outcome other = here;
			other.answers[at].result ^= 1;
			EXPECT_NE(difference(each, other, cases), "");
		}
		outcome other = here;
		if (each.got.options) {
			other.options->back() ^= 1;
			EXPECT_NE(difference(each, other, cases), "");
		}
		if (each.got.reserved) {
			*other.reserved += 4;
			EXPECT_NE(difference(each, other, cases), "");
		}
	}
}

} // namespace
