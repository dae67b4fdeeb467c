// SPDX-License-Identifier: MIT
// What the table says of a kernel and the programs in C is what this one answers.
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include "../kernel/verifier.hpp"
#include "../kernel_cases.hpp"
#include "program_table.hpp"

namespace verdicts {
namespace {

/// 0, or errno.
int load(const std::string& path) {
	::bpf_object* const object = ::bpf_object__open(path.c_str());
	const int result = object ? -::bpf_object__load(object) : errno;
	::bpf_object__close(object);
	return result;
}

TEST(kernel_verdicts, of_programs_in_c_are_those_of_the_table) {
	if (const std::string why = kernel_diff::why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_compiler_than_of_table(); !why.empty())
		GTEST_SKIP() << why;
	::libbpf_set_print(nullptr);
	for (const expected_program& each : read_program_table())
		EXPECT_EQ(load(each.path()), each.error) << each.name;
}

} // namespace
} // namespace verdicts
