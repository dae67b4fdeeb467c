// SPDX-License-Identifier: MIT
// The header option helpers here and in the machine's kernel: the same calls over the same headers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "../../kernel_cases.hpp"
#include "../../seed.hpp"
#include "play.hpp"

namespace {

using namespace hdr_opt;

TEST(kernel_hdr_opt, the_same_calls_over_the_same_headers) {
	constexpr unsigned long words_printed = 5;
	kernel_sockets kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	unsigned long cases = 0, mismatches = 0;
	std::set<unsigned> ops;
	std::map<std::int64_t, unsigned long> results;
	const auto compare = [&](const run& asked) {
		ops.insert(asked.in.op);
		for (const answer& each : asked.got.answers)
			++results[std::min<std::int64_t>(each.result, 1)];
		const std::string wrong = difference(asked, answer_here(asked.in, asked.calls), cases);
		if (!wrong.empty() && ++mismatches <= words_printed)
			std::printf("%s", wrong.c_str());
	};
	const played done = play_all(kernel, compare);
	if (all_of_it()) {
		EXPECT_EQ(play_all(kernel, compare, static_cast<unsigned>(seed_of_run())).error, "");
	}
	std::printf("%lu handshakes, %lu data segments, %lu crafted segments, %zu ops; answers:", done.handshakes,
				done.segments, done.crafted, ops.size());
	for (const auto& [result, count] : results)
		std::printf(" %lld: %lu", static_cast<long long>(result), count);
	std::printf("\n");
	report_cases("hdropt", cases, mismatches);
	EXPECT_EQ(done.error, "");
	EXPECT_GE(ops.size(), 12u);
	EXPECT_GE(results.size(), 9u); // found, 0, and seven errors
}

} // namespace
