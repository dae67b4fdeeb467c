// SPDX-License-Identifier: MIT
// Mutants: what a change does, that each kind is found, and that a program that is printed as a case is read
// again as the same one.
#include <algorithm>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

#include <sockops/map/map_flags.hpp>

#include "case_code.hpp"
#include "case_file.hpp"
#include "case_text.hpp"
#include "mutation.hpp"
#include "never_sent.hpp"
#include "program_table.hpp"

namespace verdicts {
namespace {

using insn = sockops::bpf_insn;
using enum mutation::what;

std::vector<insn> code(const std::string& text) {
	return assemble(text, [](const std::string&) { return std::nullopt; }).insns;
}

std::string text_of(const std::vector<insn>& insns) {
	std::string text;
	for (const insn& each : insns)
		text += text_of_insn(each) + "\n";
	return text;
}

constexpr char program[] = "mov r6, r1\n"
						   "lddw r2, 77\n"
						   "ld32 r0, [r6+4]\n"
						   "jeq r0, 3, +1\n"
						   "st64 [r10-8], r2\n"
						   "call ktime_get_ns\n"
						   "exit";

/// What is made of the program; "": nothing was changed.
std::string changed(mutation::what is, u32 at, s32 value = 0) {
	std::vector<insn> insns = code(program);
	const std::string before = text_of(insns);
	const s32 maps[] = {10, 11};
	apply({is, at, value}, insns, maps);
	const std::string after = text_of(insns);
	return after == before ? "" : after;
}

/// The same with lines that are written anew.
std::string with(const std::string& text) { return text_of(code(text)); }

TEST(verifier_mutation, does_what_it_says) {
	const std::string tail = "call ktime_get_ns\nexit";
	const std::string head = "mov r6, r1\nlddw r2, 77\n";
	const std::string store = "st64 [r10-8], r2\n", load = "ld32 r0, [r6+4]\n", jump = "jeq r0, 3, +1\n";
	EXPECT_EQ(changed(dropped, 3), with(head + "ja +0\n" + jump + store + tail));
	EXPECT_EQ(changed(dropped, 1), with("mov r6, r1\nja +0\nja +0\n" + load + jump + store + tail));
	EXPECT_EQ(changed(swapped, 3), with(head + jump + load + store + tail));
	EXPECT_EQ(changed(copied, 5), with(head + load + jump + store + store + "exit"));
	EXPECT_EQ(changed(imm_moved, 4, -1), with(head + load + "jeq r0, 2, +1\n" + store + tail));
	EXPECT_EQ(changed(imm_set, 4, 255), with(head + load + "jeq r0, 255, +1\n" + store + tail));
	EXPECT_EQ(changed(off_moved, 5, 4), with(head + load + jump + "st64 [r10-4], r2\n" + tail));
	EXPECT_EQ(changed(dst_set, 3, 9), with(head + "ld32 r9, [r6+4]\n" + jump + store + tail));
	EXPECT_EQ(changed(src_set, 5, 3), with(head + load + jump + "st64 [r10-8], r3\n" + tail));
	EXPECT_EQ(changed(size_set, 5, sockops::insn_size::b),
			  with(head + load + jump + "st8 [r10-8], r2\n" + tail));
	EXPECT_EQ(changed(operation_set, 4, sockops::jmp_op::jsgt),
			  with(head + load + "jsgt r0, 3, +1\n" + store + tail));
	EXPECT_EQ(changed(width_changed, 4), with(head + load + "jeq32 r0, 3, +1\n" + store + tail));
	EXPECT_EQ(changed(operand_kind, 4, 7), with(head + load + "jeq r0, r7, +1\n" + store + tail));
	EXPECT_EQ(changed(helper_set, 6, 8),
			  with(head + load + jump + store + "call get_smp_processor_id\nexit"));
}

TEST(verifier_mutation, names_maps_by_the_numbers_of_each_form) {
	std::vector<insn> insns = code("ldmap r1, m\nexit");
	const s32 maps[] = {10, 11};
	apply({map_set, 0, 1}, insns, maps);
	EXPECT_EQ(insns[0].imm, 11);
}

TEST(verifier_mutation, of_each_kind_is_found_and_stays_out_of_second_halves) {
	std::vector<insn> insns = code(program);
	insns[1].src_reg = sockops::ld_imm64::map_idx;
	random_source random(1);
	std::set<mutation::what> kinds;
	for (int i = 0; i != 2000; ++i) {
		const std::optional<mutation> made = random_mutation(random, insns, 2);
		ASSERT_TRUE(made);
		ASSERT_LT(made->at, insns.size());
		EXPECT_NE(made->at, 2u) << in_words(*made);
		kinds.insert(made->is);
	}
	EXPECT_EQ(kinds.size(), static_cast<std::size_t>(map_set) + 1);
}

TEST(verifier_mutation, a_tail_call_beside_a_callback_is_never_sent) {
	EXPECT_TRUE(is_never_sent(code("ldfunc r2, +1\ncall tail_call\nexit")));
	EXPECT_FALSE(is_never_sent(code("ldfunc r2, +1\ncall loop\nexit")));
	EXPECT_FALSE(is_never_sent(code("lddw r2, 1\ncall tail_call\nexit")));
}

/// Maps by their index, as bpf_prog_load() takes them.
std::vector<insn> with_indexes(const verifier_case& of, case_code read) {
	for (const named_use& each : read.maps) {
		insn& load = read.insns[each.insn];
		const bool is_value = load.src_reg == sockops::ld_imm64::map_value;
		load.src_reg = is_value ? sockops::ld_imm64::map_idx_value : sockops::ld_imm64::map_idx;
		load.imm = static_cast<s32>(std::ranges::find(of.maps, each.name, &case_map::name) - of.maps.begin());
	}
	return read.insns;
}

TEST(verifier_mutation, a_program_that_is_printed_as_a_case_is_read_again) {
	for (const expected_program& each : read_program_table()) {
		SCOPED_TRACE(each.name);
		std::string error;
		const std::vector<recorded_load> loads = loads_of(each.path(), error, recording_of::unchecked);
		ASSERT_EQ(loads.size(), 1u) << error;
		const std::string text = text_of_case("c/" + each.name, "of C", loads[0], loads[0].insns, each.error);
		const std::vector<verifier_case> read = cases_of(text, "printed");
		ASSERT_EQ(read.size(), 1u);
		EXPECT_EQ(read[0].error, each.error);
		const case_code again = assemble(read[0].code, [](const std::string&) { return std::nullopt; });
		EXPECT_EQ(text_of(with_indexes(read[0], again)), text_of(loads[0].insns));
		ASSERT_EQ(read[0].maps.size(), loads[0].maps().size());
		for (std::size_t at = 0; at != read[0].maps.size(); ++at) {
			const sockops::bpf_map_attr& attr = loads[0].maps()[at].get()->attr;
			EXPECT_EQ(read[0].maps[at].type, attr.map_type);
			EXPECT_EQ(read[0].maps[at].value_size, attr.value_size);
			EXPECT_EQ(read[0].maps[at].freeze, loads[0].maps()[at].get()->frozen.load());
		}
	}
}

} // namespace
} // namespace verdicts
