// SPDX-License-Identifier: MIT
// Mutants of the programs of other object files, loaded by the machine's kernel and here:
//   verifier_mutants OBJECT… [--seed N] [--count N]
// Exit status: 0 none is refused here alone, 1 one is, 2 wrong use.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "mutant_run.hpp"
#include "text_words.hpp"

namespace {

int use() {
	std::fprintf(stderr, "verifier_mutants OBJECT... [--seed N] [--count N]\n");
	return 2;
}

int run(int count, char** words) {
	auto seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
	unsigned long mutants = 2000;
	verdicts::mutant_bases bases;
	for (int at = 1; at != count; ++at) {
		const std::string word = words[at];
		if (!word.starts_with("--"))
			bases.add(word);
		else if (at + 1 == count || (word != "--seed" && word != "--count"))
			return use();
		else
			(word == "--seed" ? seed : mutants) = verdicts::number_of(words[++at]);
	}
	if (bases.all().empty())
		return use();
	std::printf("seed %llu, programs %zu\n", static_cast<unsigned long long>(seed), bases.all().size());
	const verdicts::mutant_tally all = verdicts::try_mutants(bases, mutants, seed);
	std::printf("mutants=%lu%s\n", all.mutants, all.words().c_str());
	return all.here_refuses != 0;
}

} // namespace

int main(int count, char** words) {
	try {
		return run(count, words);
	} catch (const std::exception& wrong) {
		std::fprintf(stderr, "verifier_mutants: %s\n", wrong.what());
		return 2;
	}
}
