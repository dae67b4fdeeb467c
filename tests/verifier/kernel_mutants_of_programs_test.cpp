// SPDX-License-Identifier: MIT
// Programs of this tree with a small change each: none that the kernel takes is refused here as if it did
// not.
#include <gtest/gtest.h>

#include "../kernel/verifier.hpp"
#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "mutant_objects.hpp"
#include "mutant_run.hpp"

namespace verdicts {
namespace {

TEST(kernel_verdicts, of_mutants_are_those_of_the_kernel_or_milder) {
	if (const std::string why = kernel_diff::why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	mutant_bases bases;
	for (const char* const file : {MUTANT_OBJECTS})
		bases.add(file);
	const mutant_tally all = try_mutants(bases, cases_wanted("verifier mutants"), seed_of_run());
	const unsigned long refused = all.here_refuses + all.here_refuses_dead_code;
	report_cases("verifier mutants", all.mutants, refused,
				 " programs=" + std::to_string(bases.all().size()) + all.words());
	EXPECT_GT(all.both_take, all.mutants / 20) << "few are taken by both: they are no mutants of programs";
	EXPECT_GT(all.both_refuse, 0u);
}

} // namespace
} // namespace verdicts
