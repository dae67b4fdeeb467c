// SPDX-License-Identifier: MIT
// sockops-exec: one raw program, run, as plugins of conformance suites of the instruction set do it.
//
//   $ echo 'b7 00 00 00 2a 00 00 00 95 00 00 00 00 00 00 00' | sockops-exec
//   2a

#include <cctype>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sockops/vm/raw_run.hpp>

#include "command/parse.hpp"
#include "command/version_text.hpp"
#include "elf_code.hpp"

namespace {

using namespace sockops::tools;

struct options {
	bool help = false, version = false, elf = false;
	std::optional<std::string> program, memory;
	std::string generate; ///< "": nothing
};

const std::vector<parsed_option<options>>& option_table() {
	using text = const std::string&;
	static const std::vector<parsed_option<options>> table{
		{{"--program", "PROGRAM", "the program as an argument, in place of standard input"},
		 [](options& into, text value) { into.program = value; }},
		{{"--elf", "",
		  "the program is an ELF object; what is run is its first section with code, from its first "
		  "instruction. Only calls within that section are relocated"},
		 [](options& into, text) { into.elf = true; }},
		{{"--debug, --interpret, --jit, --unload, --reload", "",
		  "accepted, and without effect here, because there is one way to run"},
		 [](options&, text) {}},
		{{"--cpu_version, --cpu-version", "VERSION",
		  "accepted, and without effect here, because all instructions are known"},
		 [](options&, text) {}},
		{{"--generate",
		  "WHAT",
		  "print this as a page for man(1), 'man', or a script that completes options, 'bash'",
		  word_kind::text,
		  {"man", "bash"}},
		 [](options& into, text value) { into.generate = value; }},
		{{"--version", "", "the version, and the kernel that is modelled"},
		 [](options& into, text) { into.version = true; }},
		{{"--help, -h", "", "this text"}, [](options& into, text) { into.help = true; }},
	};
	return table;
}

const command& this_command() {
	static const command is{
		.name = "sockops-exec",
		.purpose = "one raw BPF program, run, as plugins of conformance suites do it",
		.synopsis = {"[MEMORY] [options] < PROGRAM"},
		.description =
			R"(Runs one BPF program without a context and prints r0 in hexadecimal.

PROGRAM is instructions as bytes in hexadecimal, parted by spaces, on standard input. MEMORY is
bytes in the same form; r1 is their address, r2 their number. Without any both are 0.)",
		.options = options_of(option_table()),
		.sections =
			{{"Exit status",
			  "",
			  {{"0", "it ran to its end"},
			   {"1",
				"with the reason on standard error: a wrong command line, no such program, it is refused, "
				"or it was stopped"}}}},
		.see_also = {"sockops-run"},
	};
	return is;
}

/// Suites hand over several options as one argument, and an empty one where there are none. The value behind
/// --program= has spaces of its own.
std::vector<std::string> split_options(int argc, char** argv) {
	std::vector<std::string> words;
	for (int i = 1; i < argc; ++i) {
		std::string left = argv[i];
		for (std::size_t at; left.starts_with("--") && !left.starts_with("--program=") &&
							 (at = left.find(' ')) != std::string::npos;) {
			words.push_back(left.substr(0, at));
			left.erase(0, left.find_first_not_of(' ', at));
		}
		words.push_back(left);
	}
	return words;
}

options read_options(int argc, char** argv) {
	options given;
	parse_words(option_table(), split_options(argc, argv), given, [](options& into, const std::string& word) {
		if (into.memory && !word.empty())
			throw usage_error("'" + word + "': the memory was given before; options begin with --");
		if (!into.memory)
			into.memory = word;
	});
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

/// What is printed in place of a run; "": nothing.
std::string asked_for(const options& given) {
	if (given.help)
		return help_text(this_command());
	if (given.version)
		return version_text(this_command().name, "dynamically linked\n");
	return given.generate.empty() ? std::string() : generated(this_command(), given.generate);
}

} // namespace

int main(int argc, char** argv) {
	try {
		const options given = read_options(argc, argv);
		const std::string said = asked_for(given);
		said.empty() ? run(given) : void(std::fputs(said.c_str(), stdout));
		if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
			throw std::runtime_error("the result could not be written to standard output: is its disk full?");
		return 0;
	} catch (const usage_error& error) {
		std::fprintf(stderr, "sockops-exec: %s; --help tells more\n", error.what());
		return 1;
	} catch (const std::exception& error) {
		std::fprintf(stderr, "sockops-exec: %s\n", error.what());
		return 1;
	}
}
