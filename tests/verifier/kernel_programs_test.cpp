// SPDX-License-Identifier: MIT
// What the table says of a kernel and the programs in C is what this one answers.
#include <gtest/gtest.h>

#include "../kernel/verifier.hpp"
#include "../kernel_cases.hpp"
#include "kernel_object.hpp"
#include "program_table.hpp"

namespace verdicts {
namespace {

TEST(kernel_verdicts, of_programs_in_c_are_those_of_the_table) {
	if (const std::string why = kernel_diff::why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_compiler_than_of_table(); !why.empty())
		GTEST_SKIP() << why;
	for (const expected_program& each : read_program_table()) {
		const kernel_object object(each.path());
		ASSERT_EQ(object.error(), "");
		ASSERT_EQ(object.progs().size(), 1u) << each.name;
		const kernel_prog& prog = object.progs().front();
		EXPECT_EQ(prog.load(prog.insns, "GPL"), each.error) << each.name;
	}
}

} // namespace
} // namespace verdicts
