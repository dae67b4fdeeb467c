// SPDX-License-Identifier: MIT
// What --test has to tell, and whom it tells: text for people, or JSON.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <sockops/testing/text_test.hpp>

namespace sockops_run {

/// Before the first one.
struct tests_start {
	std::size_t tests;
	sockops::u64 seed;
	std::vector<std::string> passed_over; ///< timelines that name no object
};

/// One test, and what became of it.
struct test_outcome {
	std::string file; ///< as it was named, or found
	sockops::testing::text_result result;
	sockops::u64 time_ns = 0;           ///< that was played
	double seconds = 0;                 ///< that it took
	std::vector<std::string> objects{}; ///< files, as they were found
};

/// When all is over.
struct tests_end {
	std::size_t passed = 0;
	std::vector<std::string> failed{}; ///< files
	bool unchecked = false;            ///< programs that a kernel refuses were run, too
	int exit_status = 0;
};

struct test_output {
	virtual ~test_output() = default;
	virtual void start(const tests_start& what) = 0;
	virtual void test(const test_outcome& what) = 0;
	virtual void end(const tests_end& what) = 0;
};

[[nodiscard]] std::unique_ptr<test_output> make_text_test_output(std::ostream& out, bool in_colour);
[[nodiscard]] std::unique_ptr<test_output> make_json_test_output(std::ostream& out);

} // namespace sockops_run
