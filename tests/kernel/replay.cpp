// SPDX-License-Identifier: MIT
#include "replay.hpp"

#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "recording.hpp"

namespace kernel_diff {

namespace {

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

} // namespace

replay_result replay_file(const char* file) {
	library_world library;
	replay_result result;
	for (const recorded_tree& tree : recorded(file))
		replay(library, tree, result);
	return result;
}

} // namespace kernel_diff
