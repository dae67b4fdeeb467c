// SPDX-License-Identifier: MIT
// What was seen from an event on, until the next one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sockops/testing/text_test.hpp>

namespace sockops::testing::text {

/// A call of programs, or one that was due; of a side, or fired.
struct judged_call {
	std::optional<side> who; ///< nullopt: fired
	testing::fired what;
	std::vector<text_record> records{};

	const trace_call& call() const noexcept { return what.call; }
};

/// A program that was stopped, or what one did with bytes that nobody wrote.
struct seen_trouble {
	bool is_finding;
	std::string message, source_file;
	u32 source_line = 0;
	bool is_expected = false;
};

struct seen_interval {
	const timeline_event* event = nullptr;
	std::vector<judged_call> calls;
	std::vector<judged_call> withheld; ///< due, and not called
	std::vector<seen_trouble> trouble;
};

} // namespace sockops::testing::text
