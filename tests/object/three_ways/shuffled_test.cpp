// SPDX-License-Identifier: MIT
// Headers in which the kernel's types have another layout, the UAPI's among them: a program whose accesses
// are relocated does what it does with its true one.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include <sockops/object/vmlinux_h.hpp>

#include "../../seed.hpp"
#include "compiled.hpp"
#include "model_way.hpp"

namespace {

using namespace three_ways;

compared compare_with_true_layout(const program_case& shuffled) {
	program_case straight = shuffled;
	straight.form = straight.file = {};
	compared all;
	for (const bool ipv6 : {false, true}) {
		const timeline what = bare_timeline("data_lost_twice", ipv6);
		all +=
			compare(shuffled, shuffled.name + shuffled.form, "true layout",
					play_interpreted(straight, what).left, "shuffled", play_interpreted(shuffled, what).left);
	}
	return all;
}

TEST(shuffled_vmlinux_h, programs_do_the_same_in_any_layout) {
	const std::uint64_t first = seed_of_run();
	const unsigned count = all_of_it() ? 20 : 2;
	compared all;
	for (std::uint64_t seed = first; seed != first + count; ++seed) {
		const std::string tag = "shuffled_" + std::to_string(seed);
		const std::vector<program_case> cases = compiled_with(sockops::vmlinux_h(seed), tag);
		ASSERT_FALSE(cases.empty()) << tag;
		for (const program_case& each : cases)
			all += compare_with_true_layout(each);
	}
	std::printf("objects with shuffled types: seeds=%u cases=%u mismatches=%u\n", count, all.cases,
				all.mismatches);
	EXPECT_GT(all.cases, 1000u);
	EXPECT_EQ(all.mismatches, 0u);
}

TEST(shuffled_vmlinux_h, one_number_is_one_layout) {
	EXPECT_EQ(sockops::vmlinux_h(7), sockops::vmlinux_h(7));
	EXPECT_NE(sockops::vmlinux_h(7), sockops::vmlinux_h(8));
	EXPECT_NE(sockops::vmlinux_h(7), sockops::vmlinux_h());
}

} // namespace
