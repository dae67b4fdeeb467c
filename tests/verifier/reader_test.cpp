// SPDX-License-Identifier: MIT
// What is read from a .case file: bytes that were assembled by hand, and what is refused.
#include <cerrno>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sockops/map/map_flags.hpp>

#include "case_code.hpp"
#include "case_file.hpp"
#include "known_list.hpp"

namespace verdicts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::optional<u32> two_symbols(const std::string& symbol) {
	if (symbol == "tcp_sock.snd_cwnd")
		return 0x1234;
	return symbol == "id.sock" ? std::optional<u32>(77) : std::nullopt;
}

/// An instruction a line: opcode, registers, offset and number, as they stand in memory.
std::string bytes_of(const std::string& text) {
	std::string hex;
	for (const sockops::bpf_insn& each : assemble(text, two_symbols).insns) {
		unsigned char bytes[sizeof each];
		std::memcpy(bytes, &each, sizeof each);
		char line[64];
		std::snprintf(line, sizeof line, "%02x %02x %02x%02x %02x%02x%02x%02x\n", bytes[0], bytes[1],
					  bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
		hex += line;
	}
	return hex;
}

template <class Call>
std::string why(Call call) {
	try {
		call();
	} catch (const std::runtime_error& wrong) {
		return wrong.what();
	}
	return "nothing was thrown";
}

TEST(verifier_reader, arithmetic_and_moves) {
	EXPECT_EQ(bytes_of("mov r0, 1"), "b7 00 0000 01000000\n");
	EXPECT_EQ(bytes_of("mov r6, r1"), "bf 16 0000 00000000\n");
	EXPECT_EQ(bytes_of("add r2, -8"), "07 02 0000 f8ffffff\n");
	EXPECT_EQ(bytes_of("and32 r3, r4"), "5c 43 0000 00000000\n");
	EXPECT_EQ(bytes_of("sdiv r1, r2"), "3f 21 0100 00000000\n");
	EXPECT_EQ(bytes_of("smod32 r1, 7"), "94 01 0100 07000000\n");
	EXPECT_EQ(bytes_of("neg r1"), "87 01 0000 00000000\n");
	EXPECT_EQ(bytes_of("movs16 r1, r2"), "bf 21 1000 00000000\n");
	EXPECT_EQ(bytes_of("movs8w r1, r2"), "bc 21 0800 00000000\n");
	EXPECT_EQ(bytes_of("le16 r1\nbe32 r1\nbswap64 r1"), "d4 01 0000 10000000\n"
														"dc 01 0000 20000000\n"
														"d7 01 0000 40000000\n");
	EXPECT_EQ(bytes_of("lddw r1, 0x1122334455667788"), "18 01 0000 88776655\n"
													   "00 00 0000 44332211\n");
	EXPECT_EQ(bytes_of("raw 0x07 2 3 -1 0x10"), "07 32 ffff 10000000\n");
}

TEST(verifier_reader, memory) {
	EXPECT_EQ(bytes_of("ld8 r1, [r10-8]"), "71 a1 f8ff 00000000\n");
	EXPECT_EQ(bytes_of("lds32 r1, [r2]"), "81 21 0000 00000000\n");
	EXPECT_EQ(bytes_of("st64 [r10 - 16], r3"), "7b 3a f0ff 00000000\n");
	EXPECT_EQ(bytes_of("st16 [r2+6], 0x7fff"), "6a 02 0600 ff7f0000\n");
	EXPECT_EQ(bytes_of("ld32 r0, [r0+@tcp_sock.snd_cwnd]"), "61 00 3412 00000000\n");
	EXPECT_EQ(bytes_of("mov r2, @id.sock"), "b7 02 0000 4d000000\n");
	EXPECT_EQ(bytes_of("aadd64 [r1], r2\nafxor32 [r1+4], r2"), "db 21 0000 00000000\n"
															   "c3 21 0400 a1000000\n");
	EXPECT_EQ(bytes_of("axchg64 [r1], r2\nacmpxchg32 [r1], r2"), "db 21 0000 e1000000\n"
																 "c3 21 0000 f1000000\n");
	EXPECT_EQ(bytes_of("ldacq32 r3, [r1]\nstrel64 [r1], r2"), "c3 13 0000 00010000\n"
															  "db 21 0000 10010000\n");
}

TEST(verifier_reader, jumps_and_calls) {
	EXPECT_EQ(bytes_of("jeq r0, 0, out\nja +0\nout:\nexit"), "15 00 0100 00000000\n"
															 "05 00 0000 00000000\n"
															 "95 00 0000 00000000\n");
	EXPECT_EQ(bytes_of("back:\njslt32 r1, r2, back"), "ce 21 ffff 00000000\n");
	EXPECT_EQ(bytes_of("gotol -1\nmay_goto +2"), "06 00 0000 ffffffff\n"
												 "e5 00 0200 00000000\n");
	EXPECT_EQ(bytes_of("call map_lookup_elem\ncall #181"), "85 00 0000 01000000\n"
														   "85 00 0000 b5000000\n");
	EXPECT_EQ(bytes_of("callf sub\nexit\nsub:\nexit"), "85 10 0000 01000000\n"
													   "95 00 0000 00000000\n"
													   "95 00 0000 00000000\n");
	EXPECT_EQ(bytes_of("ldfunc r2, cb\nexit\ncb: ; what follows is no part\nexit"), "18 42 0000 02000000\n"
																					"00 00 0000 00000000\n"
																					"95 00 0000 00000000\n"
																					"95 00 0000 00000000\n");
	EXPECT_EQ(bytes_of("rep 2: mov r0, 1"), "b7 00 0000 01000000\n"
											"b7 00 0000 01000000\n");
}

TEST(verifier_reader, what_has_a_name_is_told_beside_the_instructions) {
	const case_code read =
		assemble(".func main static int ctx\nldmap r1, m\nldval r2, n+12\nkcall bpf_rcu_read_lock\n"
				 "exit\n.func sub global void* mem8:nonnull int\nexit\n",
				 two_symbols);
	ASSERT_EQ(read.maps.size(), 2u);
	EXPECT_EQ(read.maps[0].insn, 0u);
	EXPECT_EQ(read.maps[0].name, "m");
	EXPECT_EQ(read.insns[0].src_reg, sockops::ld_imm64::map_fd);
	EXPECT_EQ(read.maps[1].insn, 2u);
	EXPECT_EQ(read.maps[1].name, "n");
	EXPECT_EQ(read.insns[2].src_reg, sockops::ld_imm64::map_value);
	EXPECT_EQ(read.insns[3].imm, 12);
	ASSERT_EQ(read.kfuncs.size(), 1u);
	EXPECT_EQ(read.kfuncs[0].insn, 4u);
	EXPECT_EQ(read.kfuncs[0].name, "bpf_rcu_read_lock");
	EXPECT_EQ(read.insns[4].src_reg, sockops::call_kind::kfunc);
	ASSERT_EQ(read.functions.size(), 2u);
	EXPECT_EQ(read.functions[1].insn, 6u);
	EXPECT_EQ(read.functions[1].name, "sub");
	EXPECT_TRUE(read.functions[1].is_global);
	EXPECT_FALSE(read.functions[0].is_global);
	EXPECT_EQ(read.functions[1].result, "void*");
	EXPECT_THAT(read.functions[1].arguments, ElementsAre("mem8:nonnull", "int"));
}

TEST(verifier_reader, what_is_no_code_is_refused_in_words) {
	const auto refused = [](const std::string& text) {
		return why([&] { (void)assemble(text, two_symbols); });
	};
	EXPECT_EQ(refused("mvo r0, 1"), "no instruction 'mvo'");
	EXPECT_EQ(refused("mov r0"), "'mov r0' has 1 operands");
	EXPECT_EQ(refused("mov r0, 1x"), "'1x' is no number");
	EXPECT_EQ(refused("mov 0, 1"), "'0' is no register");
	EXPECT_EQ(refused("ja out"), "no label 'out'");
	EXPECT_EQ(refused("call map_lookup"), "no helper 'map_lookup'");
	EXPECT_EQ(refused("ld8 r0, r1"), "'r1' is no place");
	EXPECT_EQ(refused("ld8 r0, [r1+@tcp_sock.nothing]"), "@tcp_sock.nothing is not there");
	EXPECT_EQ(refused("lddw r0, 0x10000000000000000"), "'0x10000000000000000' does not fit into 64 bits");
}

TEST(verifier_reader, a_case_with_all_that_it_can_have) {
	const std::vector<verifier_case> read =
		cases_of("# not read\n"
				 "\n"
				 "case group/first\n"
				 "about a map, its licence\n"
				 "map m array value=16 entries=4 init=61ff freeze=1 lock=8\n"
				 "map r ringbuf\n"
				 "license Proprietary\n"
				 "flags 1\n"
				 "expect refuse 524 at 3\n"
				 "code\n"
				 "\texit\n"
				 "end\n"
				 "case group/second\n"
				 "expect accept\n"
				 "code\n"
				 "end\n",
				 "some.case");
	ASSERT_EQ(read.size(), 2u);
	const verifier_case& first = read[0];
	EXPECT_EQ(first.name, "group/first");
	EXPECT_EQ(first.about, "a map, its licence");
	EXPECT_EQ(first.place, "some.case:3");
	EXPECT_EQ(first.license, "Proprietary");
	EXPECT_EQ(first.flags, 1u);
	EXPECT_EQ(first.error, 524);
	EXPECT_EQ(first.code, "\texit\n");
	ASSERT_EQ(first.maps.size(), 2u);
	const case_map& array = first.maps[0];
	EXPECT_EQ(array.name, "m");
	EXPECT_EQ(array.type, sockops::BPF_MAP_TYPE_ARRAY);
	EXPECT_EQ(array.key_size, 4u);
	EXPECT_EQ(array.value_size, 16u);
	EXPECT_EQ(array.max_entries, 4u);
	EXPECT_THAT(array.init, ElementsAre(std::byte{0x61}, std::byte{0xff}));
	EXPECT_TRUE(array.freeze);
	EXPECT_EQ(array.lock, 8);
	EXPECT_EQ(array.timer, -1);
	EXPECT_EQ(first.maps[1].key_size, 0u);
	EXPECT_EQ(first.maps[1].max_entries, 4096u);
	EXPECT_EQ(read[1].error, 0);
	EXPECT_EQ(read[1].license, "GPL");
	EXPECT_THAT(read[1].maps, IsEmpty());
}

TEST(verifier_reader, what_is_no_case_is_refused_with_its_line) {
	const auto refused = [](const std::string& text) { return why([&] { (void)cases_of(text, "x"); }); };
	EXPECT_EQ(refused("exit\n"), "x:1: 'exit' where 'case' begins");
	EXPECT_EQ(refused("case a\ncase b\n"), "x:2: 'case b' where the case before has no 'end'");
	EXPECT_EQ(refused("case a\ncode\nend\n"), "x:3: a has no 'expect'");
	EXPECT_EQ(refused("case a\nexpect accept\ncode\n"), "x:3: the last case has no 'end'");
	EXPECT_THAT(refused("case a\nexpect refuse\n"), HasSubstr("'refuse ERRNO [at INSN]'"));
	EXPECT_EQ(refused("case a\nexpect refuse ENOSUCH\n"), "x:2: 'ENOSUCH' is no number");
	EXPECT_EQ(refused("case a\nmap m heap\n"), "x:2: map m: no type 'heap'");
	EXPECT_EQ(refused("case a\nmap m hash size=4\n"), "x:2: map m: no option 'size'");
	const std::string whole = "case a\nexpect accept\ncode\nend\n";
	EXPECT_EQ(refused(whole + whole), "x:5: a case named 'a' stands before");
}

TEST(verifier_reader, a_list_of_known_cases_keeps_its_kinds) {
	const std::string file = ::testing::TempDir() + "known_of_reader_test.txt";
	write_known(file, "About it.", {"a/one", "b/longer"}, {{"a/one", "of two words"}, {"c/gone", "gone"}});
	EXPECT_EQ(why([&] { (void)read_known(file); }), file + ": 'b/longer  ?': write why behind the name");
	write_known(file, "About it.", {"a/one", "b/longer"}, {{"a/one", "of two words"}, {"b/longer", "known"}});
	EXPECT_EQ(read_known(file), (known_list{{"a/one", "of two words"}, {"b/longer", "known"}}));
}

} // namespace
} // namespace verdicts
