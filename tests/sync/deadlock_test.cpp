// SPDX-License-Identifier: MIT
// Why 4.19 left the run of an array without a scheduling point, played on one CPU.
//
// A task of low priority holds the socket's lock and dispatches; a program wakes a task of high
// priority that wants the same lock. If the end of the dispatch lets the high task in, and the lock
// is one that is spun for, the low task never runs again to free it.

#include <gtest/gtest.h>

#include <sockops/testing/uniprocessor.hpp>

#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;
using sockops::testing::sleeping_lock;
using sockops::testing::spinning_lock;
using sockops::testing::uniprocessor;

struct outcome {
	std::string failure;
	std::vector<std::string> events;
};

template <class Release, class Lock>
outcome play() {
	outcome result;
	uniprocessor cpu;
	Lock socket_lock(cpu);
	one_socket on;
	uniprocessor::task_id high = 0;

	const auto event = [&](const char* what) {
		result.events.push_back(cpu.name(cpu.current()) + " " + what);
	};
	EXPECT_EQ(on.attach(make_bpf_prog("wakes high",
									  [&](bpf_sock_ops&) {
										  event("in program");
										  cpu.wake(high);
										  return 1;
									  })),
			  0);
	const auto dispatch_with_lock = [&] {
		event("wants lock");
		socket_lock.lock();
		event("has lock");
		on.call<Release>();
		event("has dispatched");
		socket_lock.unlock();
		cpu.cond_resched();
		event("ends");
	};
	high = cpu.spawn("high", 2, false, dispatch_with_lock);
	cpu.spawn("low", 1, true, dispatch_with_lock);
	result.failure = cpu.run();
	return result;
}

using events = std::vector<std::string>;

TEST(deadlock, plain_enable_and_a_spinning_lock_deadlock) {
	const outcome seen = play<release_5_2, spinning_lock>();
	EXPECT_EQ(seen.failure, "high spins on a lock that low holds, which cannot run meanwhile: deadlock");
	EXPECT_EQ(seen.events, (events{"low wants lock", "low has lock", "low in program", //
								   "high wants lock", // where it spins for ever; unwound
								   "low has dispatched", "low ends"}));
}

TEST(deadlock, no_resched_and_a_spinning_lock_finish_and_high_runs_when_the_lock_is_free) {
	const outcome seen = play<release_text, spinning_lock>();
	EXPECT_EQ(seen.failure, "");
	EXPECT_EQ(seen.events,
			  (events{"low wants lock", "low has lock", "low in program", "low has dispatched", //
					  "high wants lock", "high has lock", "high in program", "high has dispatched",
					  "high ends", "low ends"}));
}

TEST(deadlock, plain_enable_and_a_sleeping_lock_finish) {
	const outcome seen = play<release_5_2, sleeping_lock>();
	EXPECT_EQ(seen.failure, "");
	EXPECT_EQ(seen.events,
			  (events{"low wants lock", "low has lock", "low in program", //
					  "high wants lock",    // let in by the end of the dispatch; sleeps
					  "low has dispatched", //
					  "high has lock", "high in program", "high has dispatched", "high ends", "low ends"}));
}

TEST(deadlock, no_resched_and_a_sleeping_lock_finish) {
	const outcome seen = play<release_text, sleeping_lock>();
	EXPECT_EQ(seen.failure, "");
	EXPECT_EQ(seen.events,
			  (events{"low wants lock", "low has lock", "low in program", "low has dispatched", //
					  "high wants lock", "high has lock", "high in program", "high has dispatched",
					  "high ends", "low ends"}));
}

// 6.x pins the task and leaves preemption on. The model switches at scheduling points only, so it
// shows the kindest of the runs that a 6.x kernel can have.
TEST(deadlock, migrate_disable_is_no_scheduling_point_here) {
	const outcome seen = play<release_6_18, spinning_lock>();
	EXPECT_EQ(seen.failure, "");
}

// The greater evil for which Linux went back to preempt_enable(): the lost preemption.
TEST(deadlock, with_no_resched_a_wake_up_waits_for_as_long_as_low_goes_on) {
	uniprocessor cpu;
	one_socket on;
	uniprocessor::task_id high = 0;
	bool high_ran = false;
	ASSERT_EQ(on.attach(make_bpf_prog("wakes high",
									  [&](bpf_sock_ops&) {
										  cpu.wake(high);
										  return 1;
									  })),
			  0);
	high = cpu.spawn("high", 2, false, [&] { high_ran = true; });
	cpu.spawn("low", 1, true, [&] {
		for (int i = 0; i != 100; ++i)
			on.call<release_text>();
		EXPECT_FALSE(high_ran);
		on.call<release_5_2>();
		EXPECT_TRUE(high_ran);
	});
	EXPECT_EQ(cpu.run(), "");
}

TEST(uniprocessor, a_task_that_nobody_wakes_is_named) {
	uniprocessor cpu;
	cpu.spawn("lonely", 1, false, [] {});
	EXPECT_EQ(cpu.run(), "lonely sleeps and nobody is left to wake it");
}

} // namespace
