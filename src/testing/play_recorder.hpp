// SPDX-License-Identifier: MIT
// Writes down the calls of one side, interval by interval.
#pragma once

#include <sockops/testing/play.hpp>
#include <sockops/trace/trace.hpp>

#include "model/clock.hpp"

namespace sockops::testing::model {

class play_recorder final : public net_observer {
  public:
	play_recorder(side mine, const model::virtual_clock& clock, std::vector<played_interval>& into,
				  play_listener* listener)
		: mine_(mine), clock_(clock), into_(into), listener_(listener) {}

	/// Where RETRANS_CB's numbers begin.
	void count_from(const u32& isn) noexcept { isn_ = &isn; }

	void called(const trace_call& call) override;
	void withheld(const trace_call& call) override;
	void option_set(const set_option& what) override;
	bool printk(const char* text) override;
	bool fault(const bpf_fault& what) override;
	bool finding(const bpf_finding& what) override;

  private:
	u64 now() const noexcept;

	const side mine_;
	const model::virtual_clock& clock_;
	std::vector<played_interval>& into_;
	play_listener* const listener_; ///< nullptr: nobody
	const u32* isn_ = nullptr;
};

/// What an expectation and what was seen have not in common; "" if they agree.
std::string compare(const expectation& expected, const std::vector<seen_call>& seen);

} // namespace sockops::testing::model
