// SPDX-License-Identifier: MIT
// On real sockets of this machine's kernel: what is found of a program depends on what another has left on
// the stack before it, and is the same for the twin that writes it.
#include <array>
#include <thread>

#include <gtest/gtest.h>

#include "../kernel/traces/kernel_runner.hpp"
#include "../kernel_cases.hpp"
#include "../object/three_ways/kernel_program.hpp"

namespace {

using three_ways::kernel_program;
using three_ways::kernel_state;

struct run {
	kernel_state left;
	std::string error;
};

struct stale_case {
	std::string form, before, program;
};

run play(traces::kernel_runner& runner, const stale_case& of) {
	run result;
	kernel_program object(FINDINGS_OBJECTS "/" + of.form + "_stale_O2.bpf.o");
	if (result.error = object.error(); !result.error.empty())
		return result;
	const traces::companion with = {
		.begin =
			[&](int cgroup) {
				return object.attach({of.before, of.program, "keep_the_reply"}, cgroup);
			},
		.end = [&] { return object.read(result.left); }};
	result.error =
		runner.play(sockops::testing::timeline::parse("\t+0 server listen\n\t+0 client connect\n"), with)
			.error;
	return result;
}

bool is_same(const kernel_state& a, const kernel_state& b) {
	return a.entries == b.entries && a.variables == b.variables && a.records == b.records;
}

/// Those of one program and form stand beside each other.
std::vector<stale_case> all_cases() {
	std::vector<stale_case> all;
	for (const char* const program :
		 {"stale_key", "stale_value", "stale_record", "stale_branch", "stale_reply"})
		for (const char* const form : {"planted", "written"})
			for (const char* const before : {"leave_zeroes", "leave_ones"})
				all.push_back({form, before, program});
	return all;
}

TEST(stale, bytes_decide_what_a_kernel_does_where_something_is_found) {
	const std::vector<stale_case> all = all_cases();
	std::vector<traces::kernel_runner> runners(all.size());
	if (!runners[0].unusable().empty())
		GTEST_SKIP() << runners[0].unusable();
	std::vector<run> runs(all.size());
	std::vector<std::thread> players;
	for (std::size_t at = 0; at != all.size(); ++at)
		players.emplace_back([&, at] { runs[at] = play(runners[at], all[at]); });
	for (std::thread& player : players)
		player.join();
	unsigned cases = 0, wrong = 0;
	for (std::size_t at = 0; at != all.size(); at += 2, ++cases) {
		EXPECT_EQ(runs[at].error + runs[at + 1].error, "") << all[at].program;
		const bool differs = !is_same(runs[at].left, runs[at + 1].left);
		EXPECT_EQ(differs, all[at].form == "planted") << all[at].form << ' ' << all[at].program;
		wrong += differs != (all[at].form == "planted");
	}
	report_cases("stale", cases, wrong);
}

} // namespace
