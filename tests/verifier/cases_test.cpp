// SPDX-License-Identifier: MIT
// The cases here, against what the kernel answered when they were written: nothing that it takes is refused
// as if it did not, and what it refuses is refused here, stopped, or known to play. With SOCKOPS_KNOWN=FOLDER
// the lists are written there as they are now, kinds kept.
#include <cstdlib>

#include <gtest/gtest.h>

#include "../kernel_cases.hpp"
#include "answer_here.hpp"
#include "known_list.hpp"

namespace verdicts {
namespace {

/// Cases whose outcome is not the kernel's: by name, in known/.
struct named_cases {
	const char *file, *about;
	std::vector<std::string> now{};

	/// Each that is in one list and not in the other.
	void compare() const {
		known_list left = read_known(std::string(VERIFIER_KNOWN "/") + file);
		for (const std::string& name : now)
			if (left.erase(name) == 0)
				ADD_FAILURE() << name << " is not in " << file << ": " << about;
		for (const auto& [name, kind] : left)
			ADD_FAILURE() << name << " (" << kind << ") is in " << file << ", and is no such case any more";
	}
	void write(const std::string& folder) const {
		write_known(folder + "/" + file, about, now, read_known(std::string(VERIFIER_KNOWN "/") + file));
	}
};

struct tally {
	unsigned long cases = 0, refused = 0, stopped = 0, taken_and_stopped = 0;
	named_cases silent{"silent.txt", "The kernel refuses it, and it plays here to the end."};
	named_cases not_here{"not_here.txt", "The library has not what it asks for."};
	named_cases refused_here{"refused_here_only.txt",
							 "The kernel takes it, and it is refused here as if not."};

	void count(const verifier_case& of, const answer& here) {
		++cases;
		const bool taken = of.error == 0;
		if (here.is == outcome::not_here)
			not_here.now.push_back(of.name);
		else if (taken && here.is == outcome::refused)
			refused_here.now.push_back(of.name);
		else if (!taken && here.is == outcome::plays)
			silent.now.push_back(of.name);
		refused += !taken && here.is == outcome::refused;
		stopped += !taken && here.is == outcome::stopped;
		taken_and_stopped += taken && here.is == outcome::stopped;
	}
	std::string words() const {
		return " silent=" + std::to_string(silent.now.size()) +
			   " refused-here-only=" + std::to_string(refused_here.now.size()) +
			   " not-here=" + std::to_string(not_here.now.size()) + " refused=" + std::to_string(refused) +
			   " stopped=" + std::to_string(stopped) +
			   " taken-and-stopped=" + std::to_string(taken_and_stopped);
	}
};

TEST(verifier_cases, are_refused_where_the_kernel_refuses_and_nowhere_else) {
	tally all;
	for (const verifier_case& each : read_cases(VERIFIER_CASES)) {
		const answer here = answer_here(each);
		all.count(each, here);
		if (std::getenv("SOCKOPS_WORDS"))
			std::printf("%s: %s %s\n", each.name.c_str(), name_of(here.is), here.words.c_str());
	}
	for (const named_cases* const each : {&all.silent, &all.not_here, &all.refused_here}) {
		if (const char* const folder = std::getenv("SOCKOPS_KNOWN"))
			each->write(folder);
		each->compare();
	}
	report_cases("verifier", all.cases, 0, all.words());
}

} // namespace
} // namespace verdicts
