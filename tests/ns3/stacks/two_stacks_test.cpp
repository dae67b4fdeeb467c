// SPDX-License-Identifier: MIT
// The same programs, real objects among them, in the library's small TCP and in ns-3, over links of the same
// delay: each call that is not the same is known, and a row of the adapter's page says why.

#include "call_differences.hpp"
#include "two_stacks_scenarios.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include <sockops/testing/timeline.hpp>

namespace {

struct totals {
	std::size_t scenarios = 0, calls = 0, equal = 0, explained = 0, unexplained = 0;
};

void compare_side(const test::scenario& what, const std::string& of, const test::compared_calls& found,
				  std::set<const test::known_difference*>& happened, totals& sum) {
	sum.equal += found.equal;
	sum.calls += found.equal + found.differences.size();
	for (const test::call_difference& each : found.differences) {
		bool known = false;
		for (const test::known_difference& one : test::known_differences)
			if (explains(one, what.name, each)) {
				happened.insert(&one);
				known = true;
			}
		++(known ? sum.explained : sum.unexplained);
		EXPECT_TRUE(known) << what.name << ", " << of << "\n  small TCP: " << each.small
						   << "\n  ns-3:      " << each.ns3;
	}
}

} // namespace

TEST(two_stacks, each_known_difference_has_a_row_on_the_page) {
	std::ifstream file(ADAPTER_PAGE);
	const std::string page((std::istreambuf_iterator<char>(file)), {});
	const std::size_t table = page.find("\n| subject | in ns-3");
	ASSERT_NE(table, page.npos);
	for (const test::known_difference& one : test::known_differences)
		EXPECT_NE(page.find("\n| " + std::string(one.row) + " | ", table), page.npos) << one.row;
}

TEST(two_stacks, every_call_is_the_same_or_its_difference_is_known) {
	std::set<const test::known_difference*> happened;
	totals sum;
	for (const test::scenario& what : test::all_scenarios()) {
		++sum.scenarios;
		for (const auto& make : test::all_programs()) {
			const test::stack_calls small = run_in_small_tcp(what, make()), ns3 = run_in_ns3(what, make());
			for (const std::size_t who : {0u, 1u}) {
				const auto side = static_cast<sockops::testing::side>(who);
				compare_side(what, make().name + " on the " + sockops::testing::side_name(side),
							 test::compare_calls(small[who], ns3[who]), happened, sum);
			}
		}
	}
	for (const test::known_difference& one : test::known_differences)
		EXPECT_TRUE(happened.contains(&one))
			<< "happens no more: " << one.row << ": '" << one.small << "' and '" << one.ns3 << "'";
	std::printf("ns3 two-stacks: scenarios=%zu calls=%zu equal=%zu explained=%zu unexplained=%zu\n",
				sum.scenarios, sum.calls, sum.equal, sum.explained, sum.unexplained);
}
