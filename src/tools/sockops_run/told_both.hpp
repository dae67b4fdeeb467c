// SPDX-License-Identifier: MIT
// Two listeners of one timeline.
#pragma once

#include <sockops/testing/play.hpp>

namespace sockops_run {

/// All is told to the first one first.
class told_both final : public sockops::testing::play_listener {
	using side = sockops::testing::side;
	using u64 = sockops::u64;

  public:
	told_both(play_listener& first, play_listener& second) : first_(first), second_(second) {}

	void event(u64 time_ns, const sockops::testing::timeline_event& what) override {
		first_.event(time_ns, what);
		second_.event(time_ns, what);
	}
	void called(side who, u64 time_ns, const sockops::trace_call& call) override {
		first_.called(who, time_ns, call);
		second_.called(who, time_ns, call);
	}
	void withheld(side who, u64 time_ns, const sockops::trace_call& call) override {
		first_.withheld(who, time_ns, call);
		second_.withheld(who, time_ns, call);
	}
	void fired(u64 time_ns, const sockops::testing::fired_op& what) override {
		first_.fired(time_ns, what);
		second_.fired(time_ns, what);
	}
	void ended(u64 time_ns) override {
		first_.ended(time_ns);
		second_.ended(time_ns);
	}
	void option_set(side who, u64 time_ns, const sockops::sock_common& sk,
					const sockops::testing::option_call& what) override {
		first_.option_set(who, time_ns, sk, what);
		second_.option_set(who, time_ns, sk, what);
	}
	void freed(side who, u64 time_ns, const sockops::sock_common& sk) override {
		first_.freed(who, time_ns, sk);
		second_.freed(who, time_ns, sk);
	}
	bool printk(side who, u64 time_ns, const char* text) override {
		const bool kept = first_.printk(who, time_ns, text);
		return second_.printk(who, time_ns, text) || kept;
	}
	bool fault(side who, u64 time_ns, const sockops::bpf_fault& what) override {
		const bool kept = first_.fault(who, time_ns, what);
		return second_.fault(who, time_ns, what) || kept;
	}
	bool found(side who, u64 time_ns, const sockops::bpf_finding& what) override {
		const bool kept = first_.found(who, time_ns, what);
		return second_.found(who, time_ns, what) || kept;
	}

  private:
	play_listener &first_, &second_;
};

} // namespace sockops_run
