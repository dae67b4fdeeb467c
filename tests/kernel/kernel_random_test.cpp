// SPDX-License-Identifier: MIT
// Operations by chance on trees of cgroups, here and in the kernel, and all that can be observed
// after each. SOCKOPS_SEED in the environment repeats a run; SOCKOPS_OPERATIONS makes it longer.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "kernel_world.hpp"
#include "library_world.hpp"
#include "random_sequence.hpp"

namespace {

using namespace kernel_diff;

unsigned long long from_environment(const char* name, unsigned long long otherwise) {
	const char* const text = std::getenv(name);
	return text ? std::strtoull(text, nullptr, 0) : otherwise;
}

/// Prints the shortest sequence that still differs.
void explain(kernel_world& kernel, library_world& library, std::uint64_t seed,
			 const std::vector<operation>& failed, const mismatch& first) {
	std::printf("SOCKOPS_SEED=%llu, operation %zu:\n%s", static_cast<unsigned long long>(seed), first.step,
				first.words.c_str());
	const std::vector<operation> shortest = shrink(kernel, library, failed);
	std::printf("the shortest sequence that differs:\n");
	for (const operation& op : shortest)
		std::printf("  %s\n", in_words(op).c_str());
	if (const auto again = run_both(kernel, library, shortest))
		std::printf("%s", again->words.c_str());
}

TEST(kernel_random, sequences_on_trees) {
	constexpr unsigned long words_printed = 3;
	kernel_world kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	library_world library;
	const std::uint64_t first_seed = seed_of_run();
	const unsigned long long wanted = from_environment("SOCKOPS_OPERATIONS", cases_wanted("random"));
	unsigned long cases = 0, mismatches = 0;
	for (std::uint64_t seed = first_seed; cases < wanted; ++seed) {
		std::vector<operation> done;
		const auto wrong = run_random(kernel, library, seed, done);
		cases += done.size();
		if (wrong && ++mismatches <= words_printed)
			explain(kernel, library, seed, done, *wrong);
	}
	report_cases("random", cases, mismatches);
	EXPECT_GE(cases, wanted);
}

} // namespace
