// SPDX-License-Identifier: MIT
// What a live kernel answered (recorded/), held against the library: no privileges needed.
#include <gtest/gtest.h>

#include <cstdio>
#include <set>

#include "faults.hpp"
#include "library_world.hpp"
#include "recording.hpp"

namespace {

using namespace kernel_diff;
using sockops::attach_rule;

struct replay_result {
	unsigned long cases = 0, mismatches = 0;
	std::set<attach_rule> rules;
	std::string first; ///< mismatch in words
};

const std::vector<recorded_tree>& recorded(const char* file) {
	static std::map<std::string, std::vector<recorded_tree>> files;
	if (const auto known = files.find(file); known != files.end())
		return known->second;
	std::string error;
	auto trees = read_recording(std::string(RECORDED_ANSWERS "/") + file, error);
	EXPECT_EQ(error, "");
	return files.emplace(file, std::move(trees)).first->second;
}

/// Does it, compares; true if nothing differs.
bool replay(library_world& library, const recorded_step& step, const std::string& tree,
			replay_result& result) {
	++result.cases;
	const answer got = library.apply(step.op);
	result.rules.insert(library.last_rule());
	const world_state now = library.state();
	if (got == step.got && now == step.now)
		return true;
	if (++result.mismatches == 1)
		result.first = print("\"%s\"\n  recorded: %s\n%s  got:      %s\n%s", tree.c_str(),
							 in_words(step.op, step.got).c_str(), difference_in_words(step.now, now).c_str(),
							 in_words(step.op, got).c_str(), difference_in_words(now, step.now).c_str());
	return false;
}

/// Applies the steps again without looking.
void rebuild(library_world& library, const recorded_tree& tree) {
	library.reset();
	for (const recorded_step& step : tree.steps)
		library.apply(step.op);
}

void replay(library_world& library, const recorded_tree& tree, replay_result& result) {
	library.reset();
	for (const recorded_step& step : tree.steps)
		if (!replay(library, step, tree.name, result))
			return;
	const world_state start = tree.start();
	for (const recorded_step& each : tree.cases)
		if (!replay(library, each, tree.name, result) || !(each.now == start))
			rebuild(library, tree);
}

replay_result replay_file(const char* file) {
	library_world library;
	replay_result result;
	for (const recorded_tree& tree : recorded(file))
		replay(library, tree, result);
	return result;
}

void expect_same(const char* file, unsigned long at_least) {
	const replay_result result = replay_file(file);
	std::printf("recorded %s: cases=%lu mismatches=%lu\n", file, result.cases, result.mismatches);
	EXPECT_GE(result.cases, at_least);
	EXPECT_EQ(result.mismatches, 0u) << result.first;
}

TEST(recorded_answers, enumeration) { expect_same("enumeration.json", 2000); }
TEST(recorded_answers, random_sequences) { expect_same("random.json", 500); }
TEST(recorded_answers, scenarios) { expect_same("scenarios.json", 400); }

TEST(recorded_answers, hold_every_rule) {
	replay_result all = replay_file("enumeration.json");
	all.rules.merge(replay_file("random.json").rules);
	all.rules.merge(replay_file("scenarios.json").rules);
	for (int each = 0; each <= static_cast<int>(attach_rule::old_differs); ++each) {
		const auto rule = static_cast<attach_rule>(each);
		// What only the caller of a C++ function can get wrong, and a lack of memory.
		if (rule == attach_rule::no_program || rule == attach_rule::bad_type ||
			rule == attach_rule::replace_names_nothing || rule == attach_rule::no_memory)
			continue;
		EXPECT_TRUE(all.rules.count(rule)) << "rule " << each;
	}
}

TEST(recorded_answers, notice_each_wrong_rule) {
	const unsigned long without = replay_file("enumeration.json").mismatches;
	for (const named_fault& each : faults) {
		const fault_guard wrong(each.fault);
		EXPECT_GT(replay_file("enumeration.json").mismatches, without) << each.name;
	}
}

} // namespace
