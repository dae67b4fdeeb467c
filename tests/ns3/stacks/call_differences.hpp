// SPDX-License-Identifier: MIT
// Where the calls of two stacks part, and which of the differences are known.
#pragma once

#include "two_stacks.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace test {

/// One call that only one of them made, or that both made otherwise.
struct call_difference {
	std::string small, ns3; ///< the calls; "" where there is none
};

struct compared_calls {
	std::size_t equal = 0;
	std::vector<call_difference> differences;
};

/// Puts calls of one side in order beside each other, as many of the same op as possible.
compared_calls compare_calls(const std::vector<stack_call>& small, const std::vector<stack_call>& ns3);

/// A difference that is known, and what explains it.
struct known_difference {
	const char* row;      ///< of the table "not as in Linux": what stands in its first column
	const char* scenario; ///< its name; "": any
	const char* small;    ///< patterns for the calls: % is anything
	const char* ns3;
};
extern const std::vector<known_difference> known_differences;

/// Does it hold here?
bool explains(const known_difference& known, const std::string& scenario, const call_difference& what);

} // namespace test
