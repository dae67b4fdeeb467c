// SPDX-License-Identifier: MIT
// Calls of a stack as text that can be compared: without what depends on where counting begins.
#pragma once

#include "two_stacks.hpp"

#include <map>
#include <string>

#include <sockops/testing/option_call.hpp>
#include <sockops/trace/trace.hpp>

namespace test {

class stack_log {
  public:
	void called(sockops::testing::side who, const sockops::trace_call& call);
	/// Of the call that is going on.
	void option_set(const sockops::testing::option_call& what) { options_ += " " + what.text(); }

	stack_calls take() { return std::move(calls_); }

  private:
	std::string options_;
	stack_calls calls_;
};

} // namespace test
