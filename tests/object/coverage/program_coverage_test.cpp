// SPDX-License-Identifier: MIT
// Programs put together by hand, of which no compiler chooses the order.
#include <gtest/gtest.h>

#include "object/coverage/program_coverage.hpp"

namespace {

using namespace sockops;
using namespace sockops::object;

constexpr bpf_insn exits{insn_class::jmp | jmp_op::exit, 0, 0, 0, 0};
constexpr bpf_insn jumps_over_one{insn_class::jmp | jmp_op::jeq | insn_source::k, 1, 0, 1, 0};
constexpr bpf_insn sets_r0{insn_class::alu64 | alu_op::mov | insn_source::k, 0, 0, 0, 1};

TEST(a_condition, leads_to_nothing_of_the_function_behind_it) {
	const std::vector<bpf_insn> insns{jumps_over_one, exits, exits, sets_r0, exits};
	const std::vector<bpf_insn_count> counts{{5, 2, true}, {3}, {2}, {9}, {9}};
	std::vector<bpf_source_line> lines(2);
	lines[0] = {0, "a.c", "", 4, 6};
	lines[1] = {3, "a.c", "", 9, 2};
	const std::vector<bpf_function> functions{{0, "decides"}, {3, "other"}};
	const auto files = cover({insns, counts, lines, functions}, [](const std::string& file) { return file; });
	ASSERT_EQ(files.size(), 1u);
	std::vector<u64> outcomes;
	for (const auto& [branch, count] : files.at("a.c").branches)
		outcomes.push_back(count.value_or(0));
	EXPECT_EQ(outcomes, (std::vector<u64>{3, 2})) << "two outcomes, and not one that is both";
}

} // namespace
