// SPDX-License-Identifier: MIT
// The instruction set in the interpreter: cases with their results, forms of instructions with many operands,
// and what a kernel answered to both.
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "isa/answers.hpp"
#include "isa/assembler.hpp"
#include "isa/batch.hpp"
#include "isa/own_run.hpp"
#include "isa/random_program.hpp"

namespace isa {
namespace {

using namespace sockops;

const std::string folder = ISA_FOLDER;

TEST(isa, each_case_gives_what_its_file_says) {
	for (const test_case& each : read_cases(folder)) {
		const raw_run_result here = run_here(each);
		const bool runs = each.expected == test_case::value;
		EXPECT_EQ(here.ok, runs) << each.place << ": " << each.name << ": " << here.message;
		if (runs)
			EXPECT_EQ(here.r0, each.r0) << each.place << ": " << each.name;
		else
			EXPECT_NE(here.message.find(each.words), std::string::npos)
				<< each.place << ": " << each.name << ": no '" << each.words << "' in '" << here.message
				<< "'";
	}
}

TEST(isa, each_case_gives_what_the_kernel_answered) {
	case_answers recorded = read_answers(folder + "/recorded.txt");
	unsigned left_out = 0;
	for (const test_case& each : read_cases(folder)) {
		const auto found = recorded.find(each.name);
		ASSERT_NE(found, recorded.end()) << each.name << " is not recorded: run record_isa";
		const raw_run_result here = run_here(each);
		const comparison result = compare(each, here, found->second);
		EXPECT_NE(result, comparison::different)
			<< each.place << ": " << each.name << ": the kernel returned " << found->second.r0 << ", here "
			<< here.r0 << " " << here.message;
		EXPECT_TRUE(each.expected != test_case::refused || found->second.kind == kernel_answer::refused)
			<< each.name << " is refused here and not by the kernel";
		left_out += result == comparison::left_out;
		recorded.erase(found);
	}
	EXPECT_TRUE(recorded.empty()) << recorded.begin()->first << " is recorded and no case: run record_isa";
	EXPECT_LT(left_out, 30u);
}

TEST(isa, each_form_computes_what_is_written_down_in_cpp) {
	unsigned long cases = 0, wrong = 0;
	for (const batch& each : all_batches())
		for (const operands& run : each.runs) {
			std::vector<std::byte> memory = each.memory_of(run);
			const raw_run_result here = bpf_raw_run(each.insns, memory);
			ASSERT_TRUE(here.ok) << here.message;
			for (std::size_t i = 0; i != each.forms.size(); ++i, ++cases)
				if (const u64 expected = each.forms[i]->answer(run.r1, run.r2);
					batch::result(memory, i) != expected && ++wrong <= 10)
					ADD_FAILURE() << each.form_name(i) << std::hex << " with " << run.r1 << " and " << run.r2
								  << ": " << batch::result(memory, i) << " is not " << expected;
		}
	EXPECT_EQ(wrong, 0u);
	EXPECT_GT(cases, 200'000u);
}

TEST(isa, each_form_computes_what_the_kernel_did) {
	form_digests here;
	for (const batch& each : all_batches())
		for (const operands& run : each.runs) {
			std::vector<std::byte> memory = each.memory_of(run);
			ASSERT_TRUE(bpf_raw_run(each.insns, memory).ok);
			add_results(here, each, memory);
		}
	const form_digests recorded = read_digests(folder + "/recorded_operands.txt");
	EXPECT_EQ(here.size(), recorded.size());
	for (const auto& [name, results] : here) {
		const auto found = recorded.find(name);
		ASSERT_NE(found, recorded.end()) << name << " is not recorded: run record_isa";
		EXPECT_EQ(results, found->second) << name;
	}
}

TEST(isa, programs_by_chance_compute_what_the_kernel_did) {
	const form_digests recorded = read_digests(folder + "/recorded_programs.txt");
	EXPECT_EQ(recorded.size(), random_programs);
	form_digests here;
	for (unsigned number = 0; number != random_programs; ++number) {
		const random_program each = make_random_program(number);
		for (std::vector<std::byte> memory : each.runs) {
			const raw_run_result result = bpf_raw_run(each.insns, memory);
			ASSERT_TRUE(result.ok) << number << ": " << result.message;
			add_registers(here, number, memory);
		}
	}
	for (const auto& [name, results] : here)
		EXPECT_TRUE(recorded.contains(name) && recorded.at(name) == results) << name;
}

/// What tells an instruction from another of the same opcode: off of divisions and moves, imm of atomics and
/// swaps.
using kind_of_insn = std::tuple<u8, s16, s32>;

kind_of_insn kind_of(const bpf_insn& insn) {
	const u8 cls = insn.code & insn_class::mask, op = insn.code & alu_op::mask;
	const bool arithmetic = cls == insn_class::alu || cls == insn_class::alu64;
	if (arithmetic && op == alu_op::end)
		return {insn.code, s16{0}, insn.imm};
	if (arithmetic && (op == alu_op::div || op == alu_op::mod || op == alu_op::mov))
		return {insn.code, insn.off, 0};
	if (cls == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic)
		return {insn.code, s16{0}, insn.imm};
	return {insn.code, s16{0}, 0};
}

void add_arithmetic(std::set<kind_of_insn>& to) {
	for (const u8 cls : {insn_class::alu, insn_class::alu64}) {
		for (const u8 source : {insn_source::k, insn_source::x}) {
			for (unsigned op = alu_op::add; op <= alu_op::arsh; op += 0x10)
				if (op != alu_op::neg)
					to.insert({static_cast<u8>(cls | op | source), s16{0}, 0});
			for (const u8 op : {alu_op::div, alu_op::mod})
				to.insert({static_cast<u8>(cls | op | source), s16{1}, 0});
		}
		to.insert({static_cast<u8>(cls | alu_op::neg), s16{0}, 0});
		for (const s16 bits : {s16{8}, s16{16}, s16{32}})
			if (bits != 32 || cls == insn_class::alu64)
				to.insert({static_cast<u8>(cls | alu_op::mov | insn_source::x), bits, 0});
	}
	for (const s32 bits : {16, 32, 64})
		for (const u8 code : {insn_class::alu, u8{insn_class::alu | insn_source::x}, insn_class::alu64})
			to.insert({static_cast<u8>(code | alu_op::end), s16{0}, bits});
}

void add_jumps(std::set<kind_of_insn>& to) {
	for (const u8 cls : {insn_class::jmp, insn_class::jmp32}) {
		to.insert({cls, s16{0}, 0});
		for (unsigned op = jmp_op::jeq; op <= jmp_op::jsle; op += 0x10)
			if (op != jmp_op::call && op != jmp_op::exit)
				for (const u8 source : {insn_source::k, insn_source::x})
					to.insert({static_cast<u8>(cls | op | source), s16{0}, 0});
	}
	to.insert({insn_class::jmp | jmp_op::call, s16{0}, 0});
	to.insert({insn_class::jmp | jmp_op::exit, s16{0}, 0});
}

void add_memory(std::set<kind_of_insn>& to) {
	to.insert({ld_imm64::code, s16{0}, 0});
	for (const u8 size : {insn_size::b, insn_size::h, insn_size::w, insn_size::dw}) {
		for (const u8 cls : {insn_class::ldx, insn_class::st, insn_class::stx})
			to.insert({static_cast<u8>(cls | size | insn_mode::mem), s16{0}, 0});
		if (size != insn_size::dw)
			to.insert({static_cast<u8>(insn_class::ldx | size | insn_mode::memsx), s16{0}, 0});
		const auto atomic = static_cast<u8>(insn_class::stx | size | insn_mode::atomic);
		for (const s32 op : {atomic_op::load_acq, atomic_op::store_rel})
			to.insert({atomic, s16{0}, op});
		if (size == insn_size::b || size == insn_size::h)
			continue;
		for (const s32 op : {alu_op::add, alu_op::or_, alu_op::and_, alu_op::xor_})
			for (const s32 fetch : {0, atomic_op::fetch})
				to.insert({atomic, s16{0}, op | fetch});
		for (const s32 op : {atomic_op::xchg, atomic_op::cmpxchg})
			to.insert({atomic, s16{0}, op});
	}
}

TEST(isa, every_instruction_of_the_rfc_stands_in_a_case_that_runs) {
	std::set<kind_of_insn> missing;
	add_arithmetic(missing);
	add_jumps(missing);
	add_memory(missing);
	EXPECT_EQ(missing.size(), 164u);
	for (const test_case& each : read_cases(folder))
		if (each.expected == test_case::value)
			for (const bpf_insn& insn : each.insns)
				missing.erase(kind_of(insn));
	for (const auto& [code, off, imm] : missing)
		ADD_FAILURE() << std::hex << "opcode " << unsigned{code} << " off " << off << " imm " << imm;
}

std::vector<std::byte> encoded(std::string_view text) {
	const std::vector<bpf_insn> insns = assemble(text);
	const auto bytes = std::as_bytes(std::span(insns));
	return {bytes.begin(), bytes.end()};
}

// As llvm-mc encodes them, where it knows them: gotol, load_acquire and their like are newer than many.
TEST(isa_assembler, encodes_as_llvm_does) {
	for (const auto& [text, hex] : {
			 std::pair{"r3 = 5", "b7 03 00 00 05 00 00 00"},
			 std::pair{"w3 = w4", "bc 43 00 00 00 00 00 00"},
			 std::pair{"r1 = (s16)r2", "bf 21 10 00 00 00 00 00"},
			 std::pair{"w1 s/= w2", "3c 21 01 00 00 00 00 00"},
			 std::pair{"r0 = *(s8 *)(r1 + 3)", "91 10 03 00 00 00 00 00"},
			 std::pair{"*(u32 *)(r10 - 4) = r2", "63 2a fc ff 00 00 00 00"},
			 std::pair{"*(u8 *)(r10 - 4) = 7", "72 0a fc ff 07 00 00 00"},
			 std::pair{"lock *(u64 *)(r10 - 8) += r1", "db 1a f8 ff 00 00 00 00"},
			 std::pair{"r0 = atomic_fetch_add((u64 *)(r10 - 8), r0)", "db 0a f8 ff 01 00 00 00"},
			 std::pair{"w2 = xchg32_32(r1 + 4, w2)", "c3 21 04 00 e1 00 00 00"},
			 std::pair{"r0 = cmpxchg_64(r1 + 0, r0, r2)", "db 21 00 00 f1 00 00 00"},
			 std::pair{"r1 = load_acquire((u16 *)(r2 + 1))", "cb 21 01 00 00 01 00 00"},
			 std::pair{"store_release((u32 *)(r2 + 1), r1)", "c3 12 01 00 10 01 00 00"},
			 std::pair{"if r1 s> 7 goto +2", "65 01 02 00 07 00 00 00"},
			 std::pair{"if w1 & w2 goto -1", "4e 21 ff ff 00 00 00 00"},
			 std::pair{"gotol +1", "06 00 00 00 01 00 00 00"},
			 std::pair{"r1 = bswap16 r1", "d7 01 00 00 10 00 00 00"},
			 std::pair{"r1 = be32 r1", "dc 01 00 00 20 00 00 00"},
			 std::pair{"r2 = 0x123456789 ll", "18 02 00 00 89 67 45 23 00 00 00 00 01 00 00 00"},
			 std::pair{"call 6", "85 00 00 00 06 00 00 00"},
			 std::pair{"call f; f: exit", "85 10 00 00 00 00 00 00 95 00 00 00 00 00 00 00"},
			 std::pair{"w5 = -w5 # a comment", "84 05 00 00 00 00 00 00"},
		 })
		EXPECT_EQ(encoded(text), bytes_of_hex(hex)) << text;
}

TEST(isa_assembler, says_what_is_wrong) {
	for (const auto& [text, words] : {
			 std::pair{"r16 = 1", "expected a register"},
			 std::pair{"r1 <> 2", "expected an assignment"},
			 std::pair{"r1 = *(u9 *)(r2 + 0)", "expected u8"},
			 std::pair{"goto nowhere", "no label 'nowhere'"},
			 std::pair{"r1 = 0x123456789", "write 'll'"},
			 std::pair{"exit 1", "the statement is complete"},
			 std::pair{"raw 95 00", "an instruction is 8 bytes"},
			 std::pair{"raw zz", "no hex digit"},
			 std::pair{"r1 = be16 r2", "it must be the same"},
			 std::pair{"*(u8 *)(r1 + 40000) = 1", "more than 16 bits"},
		 })
		try {
			assemble(text);
			ADD_FAILURE() << text;
		} catch (const std::runtime_error& error) {
			EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
		}
}

} // namespace
} // namespace isa
