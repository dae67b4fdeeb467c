// SPDX-License-Identifier: MIT
// The example's own tests as text: they pass, as those in C++ do; each line fails when it says something
// else; and none of them changes what happens.

#include <algorithm>
#include <cctype>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sockops/testing/text_test.hpp>

#include "lines.hpp"

namespace {

using namespace sockops::testing;
using text_tests::lines_of;
using text_tests::text_of;

constexpr const char* examples[] = {"within_the_data_centre", "the_rest_of_the_world", "a_lost_syn"};

std::string path(const char* example) {
	return std::string(EXAMPLES "/").append(example).append(".timeline");
}
text_result run(const char* example, const std::vector<std::string>& lines) {
	return text_test::parse(text_of(lines), path(example)).run();
}

/// The line with one thing in it that is another: each number one more, and each of these words.
std::vector<std::string> changed(const std::string& line) {
	constexpr std::pair<std::string_view, std::string_view> others[] = {
		{"nothing", "TCP_BPF_IW = _"},    {"allowed", "denied"},       {"RETRANS_CB_FLAG", "RTT_CB_FLAG"},
		{"STATE_CB_FLAG", "RTO_CB_FLAG"}, {"no entries", "3 entries"}, {"NEEDS_ECN", "BASE_RTT"},
	};
	std::vector<std::string> all;
	for (const auto& [word, other] : others)
		if (const std::size_t at = line.find(word); at != line.npos)
			all.push_back(std::string(line).replace(at, word.size(), other));
	for (std::size_t at = 0; at < line.size(); ++at) {
		const bool begins = std::isdigit(static_cast<unsigned char>(line[at])) &&
							!std::isalnum(static_cast<unsigned char>(line[at - 1]));
		if (!begins)
			continue;
		const std::size_t end = std::min(line.find_first_not_of("0123456789", at), line.size());
		const std::string more = std::to_string(std::stoull(line.substr(at, end - at)) + 1);
		all.push_back(std::string(line).replace(at, end - at, more));
		at = end;
	}
	return all;
}

TEST(example_as_text, passes) {
	for (const char* const each : examples)
		EXPECT_THAT(run_text_test(path(each)), Passes());
}

void expect_that_each_line_matters(const char* example) {
	const std::vector<std::string> lines = lines_of(path(example));
	const std::vector<unsigned> expectations = text_tests::expectations_of(text_of(lines));
	ASSERT_FALSE(expectations.empty());
	for (const unsigned line : expectations) {
		const std::vector<std::string> others = changed(lines[line - 1]);
		EXPECT_FALSE(others.empty()) << lines[line - 1];
		for (const std::string& other : others) {
			std::vector<std::string> wrong = lines;
			wrong[line - 1] = other;
			const text_result result = run(example, wrong);
			ASSERT_EQ(result.failures.size(), 1u) << other << result.report();
			EXPECT_EQ(result.failures[0].line, line) << result.report();
			EXPECT_EQ(result.failures[0].why, text_failure::cause::expectation);
		}
	}
}

TEST(example_as_text, fails_where_a_line_says_something_else) {
	for (const char* const each : examples)
		expect_that_each_line_matters(each);
}

TEST(example_as_text, happens_the_same_without_any_line_that_expects) {
	for (const char* const each : examples) {
		const std::vector<std::string> lines = lines_of(path(each));
		const std::string trace = run(each, lines).trace;
		EXPECT_FALSE(trace.empty());
		for (const unsigned line : text_tests::expectations_of(text_of(lines))) {
			std::vector<std::string> fewer = lines;
			fewer[line - 1].clear();
			const text_result without = run(each, fewer);
			EXPECT_THAT(without, Passes());
			EXPECT_EQ(without.trace, trace) << lines[line - 1];
		}
	}
}

} // namespace
