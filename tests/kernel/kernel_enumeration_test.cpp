// SPDX-License-Identifier: MIT
// Every attach, link_create and detach from sixteen starting states, here and in the kernel.
#include <gtest/gtest.h>

#include <cstdio>

#include "../kernel_cases.hpp"
#include "enumeration.hpp"
#include "kernel_world.hpp"
#include "library_world.hpp"
#include "scenarios.hpp"

namespace {

using namespace kernel_diff;

TEST(kernel_enumeration, every_flag_set_anchor_and_replace_handle_from_every_starting_state) {
	kernel_world kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	library_world library;
	enumeration_result result;
	for (const starting_state& state : starting_states())
		enumerate(kernel, library, state, result);
	report_cases("enumeration", result.cases, result.mismatches);
	for (const std::string& words : result.first)
		std::printf("%s", words.c_str());
}

TEST(kernel_enumeration, scenarios) {
	kernel_world kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	library_world library;
	unsigned long cases = 0, mismatches = 0;
	for (const scenario& each : scenarios()) {
		cases += each.steps.size();
		const auto wrong = run_both(kernel, library, each.steps);
		mismatches += wrong.has_value();
		EXPECT_FALSE(wrong) << each.name << ", step " << wrong->step << "\n" << wrong->words;
	}
	report_cases("scenarios", cases, mismatches);
}

} // namespace
