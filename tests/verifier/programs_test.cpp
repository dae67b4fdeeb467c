// SPDX-License-Identifier: MIT
// Programs in C as people write them: what a kernel takes is loaded, and what it refuses is refused by the
// rule that the table has, with what to write instead.
#include <gtest/gtest.h>

#include "program_table.hpp"
#include "recorded_loads.hpp"

namespace verdicts {
namespace {

using sockops::bpf_load_error;

/// Of a program that is refused.
void expect_refusal(const expected_program& of, const recorded_load& here) {
	EXPECT_EQ(here.why.refused_by, bpf_load_error::by::kernel) << here.why.message;
	EXPECT_NE(of.error, 0) << "a kernel takes it; here: " << here.why.message;
	if (of.rule == no_name) {
		EXPECT_EQ(here.why.rule, "") << here.why.message;
		return;
	}
	EXPECT_EQ(here.why.rule, of.rule) << here.why.message;
	EXPECT_NE(here.why.remedy, "") << here.why.message;
}

TEST(verdict_programs, are_refused_by_the_rules_of_the_table_and_with_a_remedy) {
	if (const std::string why = other_compiler_than_of_table(); !why.empty())
		GTEST_SKIP() << why;
	unsigned taken = 0, refused = 0, should_be = 0;
	for (const expected_program& each : read_program_table()) {
		SCOPED_TRACE(each.name);
		std::string error;
		const std::vector<recorded_load> loads = loads_of(each.path(), error);
		ASSERT_EQ(loads.size(), 1u) << error;
		const recorded_load& here = loads.front();
		taken += here.taken && each.error == 0;
		refused += !here.taken && each.error != 0;
		should_be += each.error != 0;
		if (!here.taken)
			expect_refusal(each, here);
		else
			EXPECT_EQ(each.rule, "") << "it is loaded";
	}
	std::printf("programs in C: a kernel takes and loaded here %u; refuses %u, of which refused here %u\n",
				taken, should_be, refused);
	EXPECT_EQ(taken, 27u);
	EXPECT_EQ(should_be, 21u);
}

} // namespace
} // namespace verdicts
