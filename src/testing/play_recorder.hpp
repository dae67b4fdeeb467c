// SPDX-License-Identifier: MIT
// Writes down the calls of one side, interval by interval.
#pragma once

#include <sockops/testing/play.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops::testing {

class play_recorder final : public trace_sink {
  public:
	play_recorder(side mine, std::vector<played_interval>& into, play_listener* listener)
		: mine_(mine), into_(into), listener_(listener) {}

	/// Where RETRANS_CB's numbers begin.
	void count_from(const u32& isn) noexcept { isn_ = &isn; }

	/// Has the listener told of what the programs of a net set and print.
	void watch(net& in) noexcept;

	void called(const trace_call& call) override;
	void withheld(const trace_call& call) override;

  private:
	u64 now() const noexcept;
	static void option_set(void* self, const sock_common& sk, u32 op, int level, int optname,
						   const void* value, int length, int result) noexcept;
	static void printk(void* self, const char* text) noexcept;

	const side mine_;
	std::vector<played_interval>& into_;
	play_listener* const listener_; ///< nullptr: nobody
	net* in_ = nullptr;
	const u32* isn_ = nullptr;
};

/// What an expectation and what was seen have not in common; "" if they agree.
std::string compare(const expectation& expected, const std::vector<seen_call>& seen);

} // namespace sockops::testing
