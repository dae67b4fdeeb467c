// SPDX-License-Identifier: MIT
// What is read in what a kernel's verifier has written.
#include <gtest/gtest.h>

#include <object/libbpf/verifier_log.hpp>

namespace sockops::object {
namespace {

TEST(verifier_log, ends_with_why_a_program_is_refused) {
	const verifier_log read = read_verifier_log("0: R1=ctx() R10=fp0\n"
												"; int op = skops->op; @ tune.bpf.c:7\n"
												"0: (61) r1 = *(u32 *)(r1 +0)          ; R1=scalar()\n"
												"from 0 to 9: R1=scalar() R10=fp0\n"
												"; ++*count; @ tune.bpf.c:9\n"
												"12: (79) r2 = *(u64 *)(r0 +0)\n"
												"R0 invalid mem access 'map_value_or_null'\n"
												"verification time 61 usec\n"
												"stack depth 8+0\n"
												"processed 31 insns (limit 1000000) max_states_per_insn 0 "
												"total_states 2 peak_states 2 mark_read 1\n");
	EXPECT_EQ(read.words, "R0 invalid mem access 'map_value_or_null'");
	EXPECT_EQ(read.insn, 12u);
	EXPECT_EQ(read.processed, 31u);
}

TEST(verifier_log, has_all_lines_of_the_reason_in_one) {
	EXPECT_EQ(read_verifier_log("7: (71) r1 = *(u8 *)(r1 +14)\n"
								"invalid access to packet, off=14 size=2\n"
								"R1 offset is outside of the packet\n")
				  .words,
			  "invalid access to packet, off=14 size=2; R1 offset is outside of the packet");
	EXPECT_EQ(read_verifier_log("5: (05) goto pc-2\n"
								"infinite loop detected at insn 4\n"
								"cur state: R0=1 R10=fp0\n"
								"old state: R0=1 R10=fp0\n")
				  .words,
			  "infinite loop detected at insn 4");
}

TEST(verifier_log, may_come_to_no_instruction) {
	const verifier_log read = read_verifier_log("unreachable insn 3\nprocessed 0 insns (limit 1000000)\n");
	EXPECT_EQ(read.words, "unreachable insn 3");
	EXPECT_EQ(read.insn, std::nullopt);
	EXPECT_EQ(read.processed, 0u);
	EXPECT_EQ(read_verifier_log("").words, "");
}

TEST(verifier_log, of_a_program_that_is_taken_has_numbers_alone) {
	const verifier_log read =
		read_verifier_log("verification time 12 usec\nstack depth 0\nprocessed 9 insns\n");
	EXPECT_EQ(read.words, "");
	EXPECT_EQ(read.processed, 9u);
}

} // namespace
} // namespace sockops::object
