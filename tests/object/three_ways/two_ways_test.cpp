// SPDX-License-Identifier: MIT
// Each program interpreted and native, over each timeline, with the same outcome. No kernel is asked.
#include <gtest/gtest.h>

#include <cstdio>

#include "model_way.hpp"

namespace {

using namespace three_ways;

std::string where(const program_case& of, const std::string& timeline, bool ipv6) {
	return of.name + of.form + ", " + timeline + (ipv6 ? ", IPv6" : ", IPv4");
}

/// Of a form that is not the first, it is compared with what the first one does, too.
compared compare_forms(const program_case& each, const std::string& name, bool ipv6,
					   const outcome& interpreted) {
	program_case first = each;
	first.form = {};
	if (each.form.empty())
		return {};
	return compare(each, where(each, name, ipv6), "with the UAPI's headers",
				   play_interpreted(first, bare_timeline(name, ipv6)).left, "with vmlinux.h", interpreted);
}

compared play_all(const std::vector<program_case>& cases, const std::vector<std::string>& names) {
	compared all;
	for (const program_case& each : cases)
		for (const std::string& name : timelines_of(each, names))
			for (const bool ipv6 : {false, true}) {
				if (!each.native && each.form.empty())
					continue;
				const timeline what = bare_timeline(name, ipv6);
				const model_run interpreted = play_interpreted(each, what);
				all += compare_forms(each, name, ipv6, interpreted.left);
				if (!each.native)
					continue;
				const model_run native = play_native(each, what);
				const std::string at = where(each, name, ipv6);
				all += compare(each, at, "interpreted", interpreted.left, "native", native.left);
				all += compare(each, at, "interpreted", interpreted.printed, "native", native.printed);
			}
	return all;
}

TEST(two_ways, interpreted_and_native_programs_leave_the_same_behind) {
	const compared all = play_all(program_cases(), timelines());
	std::printf("objects interpreted and native: cases=%u mismatches=%u\n", all.cases, all.mismatches);
	EXPECT_GT(all.cases, 1000u);
	EXPECT_EQ(all.mismatches, 0u);
}
TEST(two_ways, so_do_programs_that_are_compiled_with_vmlinux_h) {
	const compared all = play_all(vmlinux_cases(), few_timelines());
	std::printf("objects with vmlinux.h: cases=%u mismatches=%u\n", all.cases, all.mismatches);
	EXPECT_GT(all.cases, 1000u);
	EXPECT_EQ(all.mismatches, 0u);
}

} // namespace
