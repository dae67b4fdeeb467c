// SPDX-License-Identifier: MIT
// sockops-reference: the pages of include/sockops/reference.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "page.hpp"

namespace {

using namespace sockops_reference;

constexpr const char* usage = R"(usage: sockops-reference PAGE.md            prints a page
       sockops-reference --write FOLDER     writes all of them
       sockops-reference --check FOLDER     fails for one that is not what it would write
)";

int write_all(const std::string& folder) {
	for (const page& each : all_pages) {
		const std::string path = folder + "/" + std::string(each.file);
		std::ofstream out(path, std::ios::binary);
		out << each.make();
		if (!out.flush()) {
			std::cerr << "sockops-reference: cannot write " << path << '\n';
			return 1;
		}
	}
	return 0;
}

/// The number of the first line in which they differ, from 1 on.
std::size_t first_difference(const std::string& left, const std::string& right) {
	std::istringstream a(left), b(right);
	std::string of_a, of_b;
	for (std::size_t at = 1;; ++at) {
		const bool more_a = static_cast<bool>(std::getline(a, of_a)),
				   more_b = static_cast<bool>(std::getline(b, of_b));
		if (more_a != more_b || (more_a && of_a != of_b) || !more_a)
			return at;
	}
}

int check_all(const std::string& folder) {
	int wrong = 0;
	for (const page& each : all_pages) {
		const std::string path = folder + "/" + std::string(each.file);
		std::ifstream in(path, std::ios::binary);
		std::ostringstream there;
		there << in.rdbuf();
		const std::string made = each.make();
		if (in && there.str() == made)
			continue;
		++wrong;
		std::cerr
			<< path << ':' << first_difference(there.str(), made)
			<< ": is not what the tables say; cmake --build build/release --target reference writes it\n";
	}
	return wrong == 0 ? 0 : 1;
}

int print(std::string_view name) {
	for (const page& each : all_pages)
		if (each.file == name) {
			std::cout << each.make();
			return std::cout.flush() ? 0 : 1;
		}
	std::cerr << "sockops-reference: no page '" << name << "'; there are";
	for (const page& each : all_pages)
		std::cerr << ' ' << each.file;
	std::cerr << '\n';
	return 2;
}

} // namespace

int main(int argc, char** argv) {
	const std::string_view first = argc > 1 ? argv[1] : "";
	if (argc == 3 && first == "--write")
		return write_all(argv[2]);
	if (argc == 3 && first == "--check")
		return check_all(argv[2]);
	if (argc == 2 && first != "--help" && first != "-h")
		return print(first);
	(argc == 2 ? std::cout : std::cerr) << usage;
	return argc == 2 ? 0 : 2;
}
