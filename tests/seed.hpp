// SPDX-License-Identifier: MIT
// The number that makes a random run what it is: the same in each run of the suite, another in each of
// `tests/run.sh --all` (SOCKOPS_ALL), or that of SOCKOPS_SEED. Printed, to repeat the run.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// More than a suite has time for?
inline bool all_of_it() { return std::getenv("SOCKOPS_ALL") != nullptr; }

inline std::uint64_t seed_of_run() {
	constexpr std::uint64_t of_the_suite = 20'261;
	const char* const given = std::getenv("SOCKOPS_SEED");
	const auto now = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
	const std::uint64_t seed = given ? std::strtoull(given, nullptr, 0) : all_of_it() ? now : of_the_suite;
	std::printf("SOCKOPS_SEED=%llu\n", static_cast<unsigned long long>(seed));
	return seed;
}
