// SPDX-License-Identifier: MIT
#include "compiled.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace three_ways {

namespace {

bool clang(const std::string& arguments) {
	return std::system((BPF_CLANG " -target bpf -mcpu=v3 -O2 -g " + arguments).c_str()) == 0;
}

} // namespace

std::vector<program_case> compiled_with(const std::string& vmlinux_h, const std::string& tag) {
	const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("sockops_" + tag);
	std::filesystem::create_directories(folder);
	const std::string at = folder.string() + "/";
	std::ofstream(at + "vmlinux.h") << vmlinux_h;
	// A kernel's has 130,000 lines: they are read once.
	if (!clang("-x c-header " + at + "vmlinux.h -o " + at + "vmlinux.pch"))
		return {};
	std::vector<program_case> cases = program_cases();
	for (program_case& each : cases) {
		each.form = ", " + tag;
		each.file = at + each.name + ".o";
		each.native = false;
		if (!clang("-DVMLINUX_H -I" + at + " -include-pch " + at +
				   "vmlinux.pch -c " OBJECT_PROGRAM_SOURCES "/" + each.name + ".bpf.c -o " + each.file))
			return {};
	}
	return cases;
}

} // namespace three_ways
