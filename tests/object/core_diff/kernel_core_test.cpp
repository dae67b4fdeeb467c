// SPDX-License-Identifier: MIT
// CO-RE here and by libbpf against the types of this machine's kernel: the same questions, the same answers.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include <unistd.h>

#include "../../kernel/verifier.hpp"
#include "../../kernel_cases.hpp"
#include "../../seed.hpp"
#include "accesses.hpp"

namespace {

using namespace core_diff;

/// Why the machine's kernel cannot be asked; "" if it can.
std::string unusable() {
	if (const std::string why = kernel_diff::why_no_programs(); !why.empty())
		return why;
	if (::access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		return "this kernel has no /sys/kernel/btf/vmlinux";
	return other_release_than_of_tables();
}

std::string compile(const std::string& source, const std::string& name) {
	const std::string path = testing::TempDir() + name;
	std::ofstream(path + ".c") << source;
	const std::string command =
		std::string(BPF_CLANG) + " -target bpf -mcpu=v3 -O2 -g -c " + path + ".c -o " + path + ".o";
	return std::system(command.c_str()) == 0 ? path + ".o" : "";
}

std::string in_words(const answer& of) {
	if (!of.error.empty())
		return of.error;
	return of.is_there ? std::to_string(of.value) : "not there";
}

bool agree(const core_question& about, const answer& kernel, const answer& library) {
	if (!kernel.error.empty() || kernel.is_there != library.is_there)
		return false;
	return about.must == agreement::presence || !kernel.is_there || kernel.value == library.value;
}

TEST(kernel_core, relocations_are_answered_as_against_the_kernels_types) {
	if (const std::string why = unusable(); !why.empty())
		GTEST_SKIP() << why;
	const generated made = generate(seed_of_run());
	const std::string object = compile(made.source, "core_accesses");
	ASSERT_FALSE(object.empty());
	const std::vector<answer> kernel = ask_kernel(object, made), library = ask_library(object, made);
	std::map<unsigned, unsigned> kinds;
	std::set<std::string> types;
	unsigned mismatches = 0, absent = 0;
	for (std::size_t i = 0; i != made.accesses.size(); ++i) {
		const core_question& each = made.accesses[i];
		++kinds[each.kind];
		types.insert(each.type);
		absent += each.is_absent;
		if (agree(each, kernel[i], library[i]))
			continue;
		std::printf("%s (%s): kernel %s, here %s\n", each.what.c_str(), each.program.c_str(),
					in_words(kernel[i]).c_str(), in_words(library[i]).c_str());
		++mismatches;
	}
	report_cases("core", made.accesses.size(), mismatches,
				 " (" + std::to_string(types.size()) + " types, " + std::to_string(absent) + " absent)");
	EXPECT_GE(types.size(), 40u);
	EXPECT_GE(absent * 5, made.accesses.size());
	for (const auto& [kind, count] : kinds)
		EXPECT_GE(count, 50u) << "kind " << kind;
	EXPECT_EQ(kinds.size(), 12u);
}

} // namespace
