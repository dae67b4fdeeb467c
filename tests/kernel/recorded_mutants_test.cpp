// SPDX-License-Identifier: MIT
// What a live kernel answered tells a library that is wrong in one rule of attaching.
#include <gtest/gtest.h>

#include "../mutants/attach.hpp"
#include "replay.hpp"

namespace {

using namespace kernel_diff;
using namespace mutants;

TEST(recorded_answers, notice_each_wrong_rule) {
	const unsigned long without = replay_file("enumeration.json").mismatches;
	for (const named_attach_mutant& each : attach_mutants) {
		const with_attach_mutant wrong(each.which);
		EXPECT_GT(replay_file("enumeration.json").mismatches, without) << each.name;
	}
}

} // namespace
