// SPDX-License-Identifier: MIT
// Asks the machine's kernel and writes its answers, to be run again when cases change:
//   record_isa <folder with the .isa files>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "kernel_answers.hpp"
#include "kernel_program.hpp"
#include "random_program.hpp"

namespace {

using namespace isa;

void record_cases(const std::string& folder, const std::string& comment) {
	case_answers answers;
	for (const test_case& each : read_cases(folder))
		answers[each.name] = ask_kernel(each);
	write_answers(folder + "/recorded.txt", comment, answers);
}

void record_operands(const std::string& folder, const std::string& comment) {
	form_digests digests;
	for (const batch& each : all_batches()) {
		kernel_program program(each.insns, each.memory_size(), kernel_program::called);
		if (!program.loaded())
			throw std::runtime_error("the kernel refuses a batch: " + program.refusal());
		for (const operands& run : each.runs) {
			std::vector<std::byte> memory = each.memory_of(run);
			program.run(memory);
			add_results(digests, each, memory);
		}
	}
	write_digests(folder + "/recorded_operands.txt", comment, digests);
}

void record_programs(const std::string& folder, const std::string& comment) {
	form_digests digests;
	for (unsigned number = 0; number != random_programs; ++number) {
		const random_program each = make_random_program(number);
		kernel_program program(each.insns, random_program::memory_size, kernel_program::called);
		if (!program.loaded())
			throw std::runtime_error("the kernel refuses program " + std::to_string(number) + ": " +
									 program.refusal());
		for (std::vector<std::byte> memory : each.runs) {
			program.run(memory);
			add_registers(digests, number, memory);
		}
	}
	write_digests(folder + "/recorded_programs.txt", comment, digests);
}

} // namespace

int main(int argc, char** argv) {
	if (argc != 2) {
		std::fprintf(stderr, "usage: record_isa <folder with the .isa files>\n");
		return 1;
	}
	if (const std::string why = kernel_unusable(); !why.empty()) {
		std::fprintf(stderr, "record_isa: %s\n", why.c_str());
		return 1;
	}
	try {
		const std::string comment = "Answers of " + kernel_name() + "; RECORDED.md says what a line is.";
		record_cases(argv[1], comment);
		record_operands(argv[1], comment);
		record_programs(argv[1], comment);
	} catch (const std::exception& error) {
		std::fprintf(stderr, "record_isa: %s\n", error.what());
		return 1;
	}
}
