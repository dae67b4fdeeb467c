// SPDX-License-Identifier: MIT
// Counts of the lines of covered.bpf.c, by hand.
#include <gmock/gmock.h>

#include <sockops/object/coverage.hpp>
#include <sockops/testing/object_test.hpp>

namespace {

using namespace sockops;
using ::testing::Pair;

using lines = std::map<u32, u64>;
using outcomes = std::vector<std::optional<u64>>;

/// The file of the programs, by whatever folder.
const coverage::file& only_file(const coverage& of) {
	static const coverage::file none;
	EXPECT_EQ(of.files().size(), 1u);
	return of.files().empty() ? none : of.files().begin()->second;
}

/// Of a line, of its conditions from left to right.
outcomes outcomes_of(const coverage::file& file, u32 line) {
	outcomes all;
	for (const auto& [branch, count] : file.branches)
		if (branch.line == line)
			all.push_back(count);
	return all;
}

struct covered_programs : ::testing::TestWithParam<const char*>, sockops::testing::object_test {
	covered_programs() : object_test(GetParam(), {}, {.programs = {"covered"}}) { attach(); }

	coverage seen() {
		coverage made;
		made.add(object());
		return made;
	}
	void fire(bpf_sock_ops_op op, int times) {
		tcp_sock& sk = socket();
		for (int i = 0; i != times; ++i)
			(void)object_test::fire(op, sk, {.anyway = true});
	}
	/// 4 times odd and 2 times even; the lookup finds 3 times something, in_turns() turns 10 times.
	void fire_some() {
		fire(BPF_SOCK_OPS_TIMEOUT_INIT, 2); // 1
		fire(BPF_SOCK_OPS_RWND_INIT, 1);    // 2
		fire(BPF_SOCK_OPS_BASE_RTT, 2);     // 7
		fire(BPF_SOCK_OPS_NEEDS_ECN, 1);    // 6
	}
};

TEST_P(covered_programs, are_counted_line_by_line) {
	fire_some();
	const coverage all = seen();
	const lines& found = only_file(all).lines;
	const lines by_hand{{16, 6},  {17, 6},  {18, 4}, {20, 2}, // count()
						{24, 14}, {25, 11}, {26, 3},          // in_turns()
						{31, 6},  {32, 6},  {33, 4}, {35, 2}, {36, 6}, {37, 0},
						{38, 6},  {40, 2},  {43, 1}, {46, 2}, {49, 6}};
	for (const auto& [line, count] : by_hand)
		if (const auto at = found.find(line); at != found.end())
			EXPECT_EQ(at->second, count) << "line " << line;
		else
			ADD_FAILURE() << "no instruction of line " << line;
	EXPECT_FALSE(found.contains(45)) << "'break' is no instruction";
	EXPECT_FALSE(found.contains(60)) << "of a program that is not loaded";
}

TEST_P(covered_programs, have_their_conditions_counted_by_what_they_lead_to) {
	fire_some();
	const coverage all = seen();
	const coverage::file& file = only_file(all);
	EXPECT_EQ(outcomes_of(file, 17), (outcomes{4, 2}));
	EXPECT_EQ(outcomes_of(file, 32), (outcomes{4, 2}));
	EXPECT_EQ(outcomes_of(file, 36), (outcomes{std::nullopt, std::nullopt, 0, 6}))
		<< "the right side of && is not come to; to clang it is the column of 'if', before that of '&&'";
	EXPECT_EQ(outcomes_of(file, 38), (outcomes{2, 1, 2, 1})) << "a switch: its cases, and none";
	EXPECT_EQ(outcomes_of(file, 24), (outcomes{11, 3})) << "a loop: a turn, or no more";
}

TEST_P(covered_programs, have_functions_where_they_are_called) {
	fire_some();
	const coverage all = seen();
	const coverage::file& file = only_file(all);
	EXPECT_EQ(file.functions,
			  (std::map<std::string, coverage::function>{{"covered", {30, 6}}, {"in_turns", {23, 3}}}));
}

TEST_P(covered_programs, that_nothing_was_fired_for_are_there_with_nothing) {
	const coverage all = seen();
	for (const auto& [line, count] : only_file(all).lines)
		EXPECT_EQ(count, 0u) << "line " << line;
	for (const auto& [branch, count] : only_file(all).branches)
		EXPECT_FALSE(count) << "line " << branch.line;
	EXPECT_FALSE(only_file(all).lines.empty());
}

TEST_P(covered_programs, add_up_over_runs_and_objects_of_one_source) {
	fire_some();
	const coverage once = seen();
	coverage twice = seen();
	twice.add_tracefile(once.tracefile(), "once");
	for (const auto& [line, count] : only_file(once).lines)
		EXPECT_EQ(only_file(twice).lines.at(line), 2 * count) << "line " << line;
	for (const auto& [branch, count] : only_file(once).branches)
		EXPECT_EQ(only_file(twice).branches.at(branch), count ? std::optional(2 * *count) : count);
	EXPECT_EQ(only_file(twice).functions.at("covered").count, 12u);

	// Both programs have their copies of count() and in_turns().
	sockops::testing::object_test both(GetParam());
	both.attach();
	(void)both.fire(BPF_SOCK_OPS_TIMEOUT_INIT, both.socket(), {.anyway = true});
	coverage of_both;
	of_both.add(both.object());
	const coverage::file& file = only_file(of_both);
	EXPECT_EQ(file.lines.at(17), 2u);
	EXPECT_EQ(file.lines.at(25), 4u) << "3 turns and 1";
	EXPECT_EQ(outcomes_of(file, 17), (outcomes{2, 0}));
	EXPECT_EQ(file.functions.at("in_turns").count, 2u);
	EXPECT_EQ(file.functions.at("second").count, 1u);
}

INSTANTIATE_TEST_SUITE_P(all, covered_programs, ::testing::Values(COVERED_OBJECT, COVERED_O1_OBJECT),
						 [](const auto& file) {
							 return std::string(file.param) == COVERED_OBJECT ? "o2" : "o1";
						 });

TEST(what_is_covered, is_nothing_of_programs_that_are_not_watched) {
	const bpf_object object = bpf_object::load_file(COVERED_OBJECT);
	coverage seen;
	seen.add(object);
	EXPECT_TRUE(seen.files().empty());
	EXPECT_EQ(seen.tracefile(), "");
}

TEST(what_is_covered, is_named_as_is_wanted_and_left_out_where_it_is_not) {
	EXPECT_EQ(coverage::system_headers_left_out("/home/me/./bpf/../tune.bpf.c"), "/home/me/tune.bpf.c");
	EXPECT_EQ(coverage::system_headers_left_out("./tune.bpf.c"), "tune.bpf.c");
	EXPECT_EQ(coverage::system_headers_left_out("/usr/include/bpf/bpf_tracing.h"), "");
	EXPECT_EQ(coverage::system_headers_left_out("/usr/src/app/tune.bpf.c"), "/usr/src/app/tune.bpf.c");

	const bpf_object object = bpf_object::load_file(COVERED_OBJECT, {.watch = bpf_watch_options()});
	coverage renamed([](const std::string&) { return "here.c"; });
	renamed.add(object);
	EXPECT_THAT(renamed.files(), ::testing::ElementsAre(Pair(Pair("", "here.c"), ::testing::_)));
	coverage none([](const std::string&) { return ""; });
	none.add(object);
	EXPECT_TRUE(none.files().empty());
}

} // namespace
