// SPDX-License-Identifier: MIT
// sockops-exec: one raw program, run, as plugins of conformance suites of the instruction set do it.
//
//   $ echo 'b7 00 00 00 2a 00 00 00 95 00 00 00 00 00 00 00' | sockops-exec
//   2a

#include <cctype>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sockops/vm/raw_run.hpp>

#include "elf_code.hpp"

namespace {

constexpr const char usage[] =
	R"(usage: sockops-exec [<memory>] [options] < program

Runs one BPF program without a context and prints r0 in hexadecimal.

  <memory>             bytes in hexadecimal, parted by spaces; r1 is their address, r2 their number.
                       Without any both are 0.
  program              instructions as bytes in hexadecimal, parted by spaces, on standard input
  --program <program>  the same as an argument
  --elf                the program is an ELF object; what is run is its first section with code, from its
                       first instruction. Only calls within that section are relocated.
  --help               this text

Accepted, and without effect here, because there is one way to run and all instructions are known:
  --debug --interpret --jit --unload --reload --cpu_version <version> --cpu-version <version>

Exit status: 0, or 1 with the reason on standard error: no such program, it is refused, or it was stopped.
)";

struct options {
	bool help = false, elf = false;
	std::optional<std::string> program, memory;
};

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
	for (const char* const each : words)
		if (word == each)
			return true;
	return false;
}

/// Suites hand over several options as one argument, and an empty one where there are none.
std::vector<std::string> split_options(int argc, char** argv) {
	std::vector<std::string> words;
	for (int i = 1; i < argc; ++i) {
		std::string left = argv[i];
		for (std::size_t at; left.starts_with("--") && (at = left.find(' ')) != std::string::npos;) {
			words.push_back(left.substr(0, at));
			left.erase(0, left.find_first_not_of(' ', at));
		}
		words.push_back(left);
	}
	return words;
}

options read_options(const std::vector<std::string>& words) {
	options given;
	for (std::size_t i = 0; i != words.size(); ++i) {
		const std::string& word = words[i];
		if (!word.starts_with("--")) {
			if (given.memory && !word.empty())
				throw std::runtime_error("'" + word +
										 "': the memory was given before; options begin with --");
			if (!given.memory)
				given.memory = word;
			continue;
		}
		const bool has_value = is_one_of(word, {"--program", "--cpu_version", "--cpu-version"});
		if (has_value && ++i == words.size())
			throw std::runtime_error(word + " is followed by a value; see --help");
		if (word == "--program")
			given.program = words[i];
		else if (word == "--help")
			given.help = true;
		else if (word == "--elf")
			given.elf = true;
		else if (!has_value && !word.starts_with("--cpu_version=") && !word.starts_with("--cpu-version=") &&
				 !is_one_of(word, {"--debug", "--interpret", "--jit", "--unload", "--reload"}))
			throw std::runtime_error("unknown option '" + word + "'; see --help");
	}
	return given;
}

int digit(char c) {
	if (c >= '0' && c <= '9')
		return c - '0';
	const int lower = std::tolower(static_cast<unsigned char>(c));
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::byte byte_of(const std::string& word, const char* what, std::size_t index) {
	int value = word.size() <= 2 ? 0 : -1;
	for (const char c : word)
		value = value < 0 || digit(c) < 0 ? -1 : value * 16 + digit(c);
	if (value < 0)
		throw std::runtime_error("'" + word + "', byte " + std::to_string(index) + " of the " + what +
								 ": a byte is one or two hex digits, and spaces part bytes");
	return static_cast<std::byte>(value);
}

std::vector<std::byte> bytes_of(const std::string& text, const char* what) {
	std::vector<std::byte> bytes;
	std::string word;
	for (const char c : text + " ") {
		if (!std::isspace(static_cast<unsigned char>(c)))
			word += c;
		else if (!word.empty())
			bytes.push_back(byte_of(std::exchange(word, {}), what, bytes.size()));
	}
	return bytes;
}

std::vector<sockops::bpf_insn> instructions(std::span<const std::byte> bytes) {
	if (bytes.empty() || bytes.size() % sizeof(sockops::bpf_insn) != 0)
		throw std::runtime_error("the program has " + std::to_string(bytes.size()) +
								 " bytes; it is one or more instructions of 8");
	std::vector<sockops::bpf_insn> insns(bytes.size() / sizeof(sockops::bpf_insn));
	std::memcpy(insns.data(), bytes.data(), bytes.size());
	return insns;
}

std::string standard_input() {
	return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

void run(const options& given) {
	const auto program = bytes_of(given.program ? *given.program : standard_input(), "program");
	auto memory = bytes_of(given.memory.value_or(""), "memory");
	const auto insns = given.elf ? sockops::tools::code_of_elf(program) : instructions(program);
	const sockops::raw_run_result result = sockops::bpf_raw_run(insns, memory);
	if (!result.ok)
		throw std::runtime_error(result.message);
	std::printf("%llx\n", static_cast<unsigned long long>(result.r0));
}

} // namespace

int main(int argc, char** argv) {
	try {
		const options given = read_options(split_options(argc, argv));
		given.help ? void(std::fputs(usage, stdout)) : run(given);
		return 0;
	} catch (const std::exception& error) {
		std::fprintf(stderr, "sockops-exec: %s\n", error.what());
		return 1;
	}
}
