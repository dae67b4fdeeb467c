// SPDX-License-Identifier: MIT
// Each program interpreted and native, over each timeline, with the same outcome. No kernel is asked.
#include <gtest/gtest.h>

#include <cstdio>

#include "model_way.hpp"

namespace {

using namespace three_ways;

std::string where(const program_case& of, const std::string& timeline, bool ipv6) {
	return of.name + ", " + timeline + (ipv6 ? ", IPv6" : ", IPv4");
}

TEST(two_ways, interpreted_and_native_programs_leave_the_same_behind) {
	compared all;
	for (const program_case& each : program_cases())
		for (const std::string& name : timelines())
			for (const bool ipv6 : {false, true}) {
				if (!each.native)
					continue;
				const timeline what = bare_timeline(name, ipv6);
				const model_run interpreted = play_interpreted(each, what), native = play_native(each, what);
				const std::string at = where(each, name, ipv6);
				all += compare(each, at, "interpreted", interpreted.left, "native", native.left);
				all += compare(each, at, "interpreted", interpreted.printed, "native", native.printed);
			}
	std::printf("objects interpreted and native: cases=%u mismatches=%u\n", all.cases, all.mismatches);
	EXPECT_GT(all.cases, 1000u);
	EXPECT_EQ(all.mismatches, 0u);
}

} // namespace
