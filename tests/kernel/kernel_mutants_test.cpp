// SPDX-License-Identifier: MIT
// The enumeration and the random operations tell a library that is wrong in one rule of attaching.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>

#include "../mutants/attach.hpp"
#include "enumeration.hpp"
#include "kernel_world.hpp"
#include "library_world.hpp"
#include "random_sequence.hpp"

namespace {

using namespace kernel_diff;
using namespace mutants;

TEST(kernel_enumeration, notices_each_wrong_rule) {
	constexpr unsigned long stride = 7;
	kernel_world kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	for (const named_attach_mutant& each : attach_mutants) {
		const with_attach_mutant wrong(each.which);
		library_world library;
		enumeration_result result;
		for (const starting_state& state : starting_states())
			enumerate(kernel, library, state, result, stride, 1);
		std::printf("%s: noticed after %lu cases\n", each.name, result.cases);
		EXPECT_GT(result.mismatches, 0u) << each.name;
	}
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
	for (const named_attach_mutant& each : attach_mutants) {
		unsigned long operations = 0;
		std::uint64_t seed = 0;
		{
			const with_attach_mutant wrong(each.which);
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
