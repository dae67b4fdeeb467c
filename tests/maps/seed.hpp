// SPDX-License-Identifier: MIT
// The number that makes a random run what it is: SOCKOPS_SEED, or one from the clock; printed, to repeat the
// run.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace maps_diff {

inline std::uint64_t seed_of_run() {
	const char* const given = std::getenv("SOCKOPS_SEED");
	const auto seed =
		given ? std::strtoull(given, nullptr, 0)
			  : static_cast<unsigned long long>(std::chrono::system_clock::now().time_since_epoch().count());
	std::printf("SOCKOPS_SEED=%llu\n", seed);
	return seed;
}

} // namespace maps_diff
