// SPDX-License-Identifier: MIT
// Operations by chance on trees of cgroups, here and in the kernel, and all that can be observed
// after each. SOCKOPS_SEED in the environment repeats a run; SOCKOPS_OPERATIONS makes it longer.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "faults.hpp"
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

/// The first seed from 1 on whose sequence differs; 0 if none did. Adds to `operations`.
std::uint64_t first_noticed(kernel_world& kernel, unsigned long& operations) {
	constexpr unsigned long enough = 100'000;
	library_world library;
	for (std::uint64_t seed = 1; operations < enough; ++seed) {
		std::vector<operation> done;
		const auto noticed = run_random(kernel, library, seed, done);
		operations += done.size();
		if (noticed)
			return seed;
	}
	return 0;
}

TEST(kernel_random, notices_each_wrong_rule) {
	kernel_world kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	for (const named_fault& each : faults) {
		unsigned long operations = 0;
		std::uint64_t seed = 0;
		{
			const fault_guard wrong(each.fault);
			seed = first_noticed(kernel, operations);
		}
		std::printf("%s: noticed after %lu operations\n", each.name, operations);
		EXPECT_NE(seed, 0u) << each.name;
		library_world right;
		std::vector<operation> done;
		EXPECT_FALSE(run_random(kernel, right, seed, done))
			<< each.name << " is not what made the difference";
	}
}

} // namespace
