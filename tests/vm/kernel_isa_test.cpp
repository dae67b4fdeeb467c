// SPDX-License-Identifier: MIT
// The same instructions here and in the machine's kernel: the cases of the .isa files, and the forms with all
// their operands. What the kernel's verifier refuses and is checked at run time here is listed, and is no
// case.
#include <gtest/gtest.h>

#include <cstdio>

#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "isa/kernel_answers.hpp"
#include "isa/kernel_program.hpp"
#include "isa/random_program.hpp"

namespace isa {
namespace {

using namespace sockops;

struct tally {
	unsigned long cases = 0, mismatches = 0;
	std::map<std::string, unsigned> left_out; ///< by the kernel's reason, without its numbers

	void count(bool same, const std::string& words) {
		++cases;
		if (!same && ++mismatches <= 20)
			std::printf("differs: %s\n", words.c_str());
	}
};

/// "invalid access to map value, value_size=4 off=4 size=1" and its like count as one.
std::string without_numbers(const std::string& reason) {
	std::string text;
	for (const char c : reason)
		if (c < '0' || c > '9')
			text += c;
		else if (!text.ends_with('N'))
			text += 'N';
	return text;
}

std::string in_words(const raw_run_result& here, const kernel_answer& kernel) {
	const auto number = [](u64 value) {
		char text[32];
		std::snprintf(text, sizeof text, "%#llx", static_cast<unsigned long long>(value));
		return std::string(text);
	};
	return "here " + (here.ok ? number(here.r0) : "'" + here.message + "'") + ", the kernel " +
		   (kernel.kind == kernel_answer::refused ? "'" + kernel.reason + "'" : number(kernel.r0));
}

void compare_cases(tally& total) {
	for (const test_case& each : read_cases(ISA_FOLDER)) {
		const raw_run_result here = run_here(each);
		const kernel_answer kernel = ask_kernel(each);
		const comparison result = compare(each, here, kernel);
		if (result == comparison::left_out)
			++total.left_out[without_numbers(kernel.reason)];
		else
			total.count(result == comparison::same,
						each.place + ": " + each.name + ": " + in_words(here, kernel));
	}
}

void compare_operands(const batch& each, const operands& run, kernel_program& program, tally& total) {
	std::vector<std::byte> memory = each.memory_of(run), kernel_memory = memory;
	const raw_run_result here = bpf_raw_run(each.insns, memory);
	ASSERT_TRUE(here.ok) << here.message;
	program.run(kernel_memory);
	for (std::size_t i = 0; i != each.forms.size(); ++i) {
		const u64 own = batch::result(memory, i), kernel = batch::result(kernel_memory, i);
		total.count(own == kernel, own == kernel
									   ? ""
									   : each.form_name(i) + " with " + std::to_string(run.r1) + " and " +
											 std::to_string(run.r2) + ": here " + std::to_string(own) +
											 ", the kernel " + std::to_string(kernel));
	}
}

void compare_batches(tally& total) {
	for (const batch& each : all_batches()) {
		kernel_program program(each.insns, each.memory_size(), kernel_program::called);
		ASSERT_TRUE(program.loaded()) << program.refusal();
		for (const operands& run : each.runs)
			compare_operands(each, run, program, total);
	}
}

void compare_programs(unsigned first, unsigned count, tally& total) {
	for (unsigned number = first; number != first + count; ++number) {
		const random_program each = make_random_program(number);
		kernel_program program(each.insns, random_program::memory_size, kernel_program::called);
		ASSERT_TRUE(program.loaded()) << number << ": " << program.refusal();
		for (std::vector<std::byte> memory : each.runs) {
			std::vector<std::byte> kernel_memory = memory;
			const raw_run_result here = bpf_raw_run(each.insns, memory);
			program.run(kernel_memory);
			total.count(here.ok && memory == kernel_memory, "random program " + std::to_string(number));
		}
	}
}

TEST(kernel_isa, computes_what_the_kernel_does) {
	if (const std::string why = kernel_unusable(); !why.empty())
		GTEST_SKIP() << why;
	tally total;
	compare_cases(total);
	compare_batches(total);
	compare_programs(0, random_programs, total);
	if (all_of_it())
		compare_programs(static_cast<unsigned>(seed_of_run()), 4 * random_programs, total);
	for (const auto& [reason, count] : total.left_out)
		std::printf("left out, refused by the kernel's verifier: %u of '%s'\n", count, reason.c_str());
	report_cases("isa", total.cases, total.mismatches);
}

} // namespace
} // namespace isa
