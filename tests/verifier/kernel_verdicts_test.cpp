// SPDX-License-Identifier: MIT
// What the cases say of a kernel is what this one answers.
#include <cstdlib>

#include <gtest/gtest.h>

#include "../kernel/verifier.hpp"
#include "../kernel_cases.hpp"
#include "answer_kernel.hpp"

namespace verdicts {
namespace {

TEST(kernel_verdicts, are_answered_by_the_kernel_as_they_say) {
	if (const std::string why = kernel_diff::why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	unsigned long cases = 0, different = 0;
	for (const verifier_case& each : read_cases(VERIFIER_CASES)) {
		const std::optional<int> now = answer_of_kernel(each);
		if (!now)
			continue;
		++cases;
		if (*now == each.error)
			continue;
		++different;
		std::printf("%s: %s: errno %d, and now %d: %s\n", each.place.c_str(), each.name.c_str(), each.error,
					*now, log_of_kernel(each).c_str());
	}
	report_cases("verifier recorded", cases, different);
}

} // namespace
} // namespace verdicts
