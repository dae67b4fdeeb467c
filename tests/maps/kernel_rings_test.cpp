// SPDX-License-Identifier: MIT
// Ring buffers here and in the machine's kernel, as programs and a reader use them. SOCKOPS_SEED repeats a
// run.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

#include "../kernel/verifier.hpp"
#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "ring_lockstep.hpp"

namespace maps_diff {
namespace {

/// Why no program can be run on a ring here; empty: it can.
std::string why_no_rings() {
	if (std::string why = kernel_diff::why_no_programs(); !why.empty())
		return why;
	const kernel_map ring({.map_type = sockops::BPF_MAP_TYPE_RINGBUF, .max_entries = 4096});
	if (ring.error())
		return std::string("no RINGBUF can be made: ") + std::strerror(static_cast<int>(-ring.error()));
	const ring_answers answers;
	if (answers.error())
		return std::string("no ARRAY can be mapped: ") + std::strerror(static_cast<int>(-answers.error()));
	const ring_prog prog({{ring_op::query, 0, 0, 0, 0, 0}}, ring.fd(), answers.fd());
	const long error = prog.error() ? prog.error() : prog.run();
	return error
			   ? std::string("no program can be run on a RINGBUF: ") + std::strerror(static_cast<int>(-error))
			   : "";
}

TEST(kernel_rings, answer_hand_over_and_wake_alike) {
	if (const std::string why = why_no_rings(); !why.empty())
		GTEST_SKIP() << why;
	std::mt19937_64 random(seed_of_run());
	ring_answers answers;
	diff_result result;
	u64 rounds = 0;
	const int sequences = all_of_it() ? 300 : 200;
	for (int i = 0; i != sequences && result.mismatches < 20; ++i) {
		ring_lockstep rings(4096u << random() % 6, random(), answers, result);
		rings.run(25);
		rounds += rings.rounds();
	}
	for (const std::string& words : result.first)
		std::printf("%s\n", words.c_str());
	report_cases("rings", result.cases, result.mismatches);
	EXPECT_GE(rounds, 500u);
}

} // namespace
} // namespace maps_diff
