// SPDX-License-Identifier: MIT
// Writes down the calls of one side, interval by interval.
#pragma once

#include <sockops/testing/play.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops::testing {

class play_recorder final : public trace_sink {
  public:
	play_recorder(side mine, std::vector<played_interval>& into) : mine_(mine), into_(into) {}

	/// Where RETRANS_CB's numbers begin.
	void count_from(const u32& isn) noexcept { isn_ = &isn; }

	void called(const trace_call& call) override;

  private:
	const side mine_;
	std::vector<played_interval>& into_;
	const u32* isn_ = nullptr;
};

/// What an expectation and what was seen have not in common; "" if they agree.
std::string compare(const expectation& expected, const std::vector<seen_call>& seen);

} // namespace sockops::testing
