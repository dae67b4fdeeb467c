// SPDX-License-Identifier: MIT
// The text tests of this folder, each of which says what a selftest of the kernel asserts of sock_ops.
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>

#include <sockops/testing/matchers.hpp>
#include <sockops/testing/text_test.hpp>

#include "../lines.hpp"

namespace sockops::testing {
namespace {

std::vector<std::string> all_files() {
	std::vector<std::string> all;
	for (const auto& each : std::filesystem::directory_iterator(SELFTESTS))
		if (each.path().extension() == ".timeline")
			all.push_back(each.path().string());
	std::ranges::sort(all);
	return all;
}

std::string name_of(const ::testing::TestParamInfo<std::string>& file) {
	return std::filesystem::path(file.param).stem().string();
}

struct selftests : ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(text, selftests, ::testing::ValuesIn(all_files()), name_of);

TEST_P(selftests, assert_what_is_so_here) {
	const text_result result = run_text_test(GetParam(), {.folders = {SELFTEST_OBJECTS}});
	EXPECT_THAT(result, Passes());
	EXPECT_GE(result.expectations, 5u);
	EXPECT_THAT(result.findings, ::testing::IsEmpty());
}

TEST_P(selftests, happen_the_same_without_any_line_that_expects) {
	const text_test_options with{.folders = {SELFTEST_OBJECTS}};
	const std::vector<std::string> lines = text_tests::lines_of(GetParam());
	const std::string trace = run_text_test(GetParam(), with).trace;
	EXPECT_FALSE(trace.empty());
	for (const unsigned line : text_tests::expectations_of(text_tests::text_of(lines))) {
		std::vector<std::string> fewer = lines;
		fewer[line - 1].clear();
		EXPECT_EQ(text_test::parse(text_tests::text_of(fewer), GetParam()).run(with).trace, trace)
			<< lines[line - 1];
	}
}

} // namespace
} // namespace sockops::testing
