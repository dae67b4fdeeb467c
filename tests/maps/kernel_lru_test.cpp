// SPDX-License-Identifier: MIT
// What is said for certain of an LRU_HASH does hold of the kernel's (lru_invariants_test: of the library's).
// SOCKOPS_SEED repeats a run.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

#include "../kernel/verifier.hpp"
#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "kernel_lru_map.hpp"

namespace maps_diff {
namespace {

/// Why no program can look up keys of a map here; empty: it can.
std::string why_no_lru_maps() {
	if (std::string why = kernel_diff::why_no_programs(); !why.empty())
		return why;
	const long error = kernel_lru_map(1, 0).error();
	return error ? std::string("no LRU_HASH with a program can be made: ") +
					   std::strerror(static_cast<int>(-error))
				 : "";
}

TEST(kernel_lru, keeps_to_what_is_said_for_certain) {
	if (const std::string why = why_no_lru_maps(); !why.empty())
		GTEST_SKIP() << why;
	const std::uint64_t seed = seed_of_run();
	diff_result result;
	unsigned long evicted_for_itself = 0;
	const unsigned operations = all_of_it() ? 5500 : 2500;
	for (const u32 flags : {0u, u32{sockops::BPF_F_NO_COMMON_LRU}})
		for (const u32 entries : {1u, 2u, 3u, 8u, 40u, 300u}) {
			kernel_lru_map map(entries, flags);
			ASSERT_EQ(map.error(), 0);
			lru_invariants held(map, seed + entries, result);
			held.run(operations);
			evicted_for_itself += held.evicted_for_itself();
		}
	for (const u32 entries : {8u, 64u, 300u, 2000u}) {
		kernel_lru_map map(entries, 0);
		ASSERT_EQ(map.error(), 0);
		lru_invariants(map, seed, result).looked_up_keys_stay(entries / 4, 4 * entries);
	}
	for (const std::string& words : result.first)
		std::printf("%s\n", words.c_str());
	report_cases("lru", result.cases, result.mismatches,
				 " evicted-for-itself=" + std::to_string(evicted_for_itself));
}

} // namespace
} // namespace maps_diff
