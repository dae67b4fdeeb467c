// SPDX-License-Identifier: MIT
#include "program_table.hpp"

#include <fstream>

#include "errno_words.hpp"
#include "text_words.hpp"

namespace verdicts {

std::string expected_program::path() const { return VERDICT_OBJECTS "/verdict_" + name + ".bpf.o"; }

std::vector<expected_program> read_program_table() {
	std::ifstream from(VERDICT_TABLE);
	std::vector<expected_program> all;
	for (std::string line; std::getline(from, line);) {
		if (line.empty() || line[0] == '#')
			continue;
		const std::vector<std::string> words = words_of(line);
		if (words.size() == 2 && words[1] == "accept")
			all.push_back({words[0], 0, ""});
		else if (words.size() == 3)
			all.push_back({words[0], errno_of(words[1]), words[2] == "-" ? "" : words[2]});
		else
			fail(VERDICT_TABLE ": '" + line + "': NAME accept, or NAME ERRNO RULE");
	}
	if (all.empty())
		fail(VERDICT_TABLE " has no program");
	return all;
}

std::string other_compiler_than_of_table() {
	const std::string is = VERDICT_CLANG;
	return is == "14" ? "" : "the table is of clang 14, and these objects are of clang " + is;
}

} // namespace verdicts
