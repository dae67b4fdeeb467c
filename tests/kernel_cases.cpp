// SPDX-License-Identifier: MIT
#include "kernel_cases.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sys/utsname.h>

#include <gtest/gtest.h>

#include "seed.hpp"

unsigned long cases_wanted(const std::string& comparison) {
	std::ifstream table(KERNEL_CASES);
	for (std::string line; std::getline(table, line);) {
		std::istringstream row(line);
		unsigned long usually = 0, of_all = 0;
		std::string name;
		if (row >> usually >> of_all && std::getline(row >> std::ws, name) && name == comparison)
			return all_of_it() ? of_all : usually;
	}
	ADD_FAILURE() << KERNEL_CASES << " has no row for '" << comparison << "'";
	return 0;
}

namespace {

/// Of this kernel: "6.18.44".
std::string release() {
	utsname name{};
	::uname(&name);
	return name.release;
}

bool is_release_of_table() { return release().starts_with("6.18."); }

} // namespace

std::string other_release_than_of_tables() {
	if (is_release_of_table() || std::getenv("SOCKOPS_FOLLOW"))
		return "";
	return "the tables are those of Linux 6.18, and this is " + release();
}

void report_cases(const std::string& comparison, unsigned long cases, unsigned long mismatches,
				  const std::string& more) {
	std::printf("kernel-diff %s: cases=%lu mismatches=%lu%s\n", comparison.c_str(), cases, mismatches,
				more.c_str());
	EXPECT_EQ(mismatches, 0u) << comparison;
	const unsigned long wanted = cases_wanted(comparison);
	EXPECT_GE(cases, is_release_of_table() ? wanted : wanted / 2)
		<< "kernel-diff " << comparison << " has fewer cases than " << KERNEL_CASES << " wants";
}
