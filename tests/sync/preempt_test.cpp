// SPDX-License-Identifier: MIT
// The preempt and migrate depths, the scheduling points, and what a program may not do to them.

#include <gtest/gtest.h>

#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

struct counting_scheduler final : scheduler {
	int entered = 0;
	unsigned depth_seen = 99;
	bool pending_seen = true;
	bool reader_seen = true;

	void schedule() noexcept override {
		++entered;
		depth_seen = preempt_count();
		pending_seen = need_resched();
		reader_seen = rcu_read_lock_held();
	}
};

struct preempt : ::testing::Test {
	counting_scheduler sched;
	recorded_reports reports;

	preempt() { set_scheduler(&sched); }
	~preempt() override {
		set_scheduler(nullptr);
		EXPECT_EQ(reports.calls(), "");
	}
};

TEST_F(preempt, nests_and_makes_the_thread_a_reader) {
	EXPECT_EQ(preempt_count(), 0u);
	EXPECT_FALSE(rcu_read_lock_held());
	preempt_disable();
	preempt_disable();
	EXPECT_EQ(preempt_count(), 2u);
	EXPECT_TRUE(rcu_read_lock_held());
	preempt_enable();
	EXPECT_EQ(preempt_count(), 1u);
	EXPECT_TRUE(rcu_read_lock_held());
	preempt_enable_no_resched();
	EXPECT_EQ(preempt_count(), 0u);
	EXPECT_FALSE(rcu_read_lock_held());
}

TEST_F(preempt, enable_enters_the_scheduler_at_depth_0_only) {
	preempt_disable();
	preempt_disable();
	set_need_resched();
	preempt_enable();
	EXPECT_EQ(sched.entered, 0);
	EXPECT_TRUE(need_resched());
	preempt_enable();
	EXPECT_EQ(sched.entered, 1);
	EXPECT_EQ(sched.depth_seen, 0u);
	EXPECT_FALSE(sched.pending_seen);
	EXPECT_FALSE(sched.reader_seen);
}

TEST_F(preempt, enable_without_a_wake_up_is_no_scheduling_point) {
	preempt_disable();
	preempt_enable();
	EXPECT_EQ(sched.entered, 0);
}

TEST_F(preempt, no_resched_leaves_the_wake_up_pending_for_the_next_enable) {
	preempt_disable();
	set_need_resched();
	preempt_enable_no_resched();
	EXPECT_EQ(sched.entered, 0);
	EXPECT_TRUE(need_resched());
	preempt_disable();
	preempt_enable();
	EXPECT_EQ(sched.entered, 1);
	EXPECT_FALSE(need_resched());
}

TEST_F(preempt, check_resched_waits_for_depth_0) {
	set_need_resched();
	preempt_disable();
	preempt_check_resched();
	EXPECT_EQ(sched.entered, 0);
	preempt_enable_no_resched();
	preempt_check_resched();
	EXPECT_EQ(sched.entered, 1);
}

TEST_F(preempt, a_wake_up_comes_from_any_thread) {
	preempt_disable();
	std::thread([&self = current_thread] { set_need_resched(self); }).join();
	preempt_enable();
	EXPECT_EQ(sched.entered, 1);
}

TEST_F(preempt, without_a_scheduler_the_wake_up_is_taken_and_nothing_happens) {
	EXPECT_EQ(set_scheduler(nullptr), &sched);
	preempt_disable();
	set_need_resched();
	preempt_enable();
	EXPECT_FALSE(need_resched());
}

TEST_F(preempt, migrate_is_counted_apart_and_makes_no_reader) {
	migrate_disable();
	EXPECT_EQ(preempt_count(), 0u);
	EXPECT_FALSE(rcu_read_lock_held());
	EXPECT_EQ(thread_word::depth(current_thread.word, thread_word::one_migrate), 1u);
	migrate_enable();
	EXPECT_EQ(thread_word::depth(current_thread.word, thread_word::one_migrate), 0u);
}

// What each release holds while the programs run, and which leave is a scheduling point.
template <class Release>
struct expected;
template <>
struct expected<release_text> {
	static constexpr unsigned preempt = 1, migrate = 0;
	static constexpr int scheduled = 0;
};
template <>
struct expected<release_5_2> : expected<release_text> {
	static constexpr int scheduled = 1;
};
template <>
struct expected<release_6_18> {
	static constexpr unsigned preempt = 0, migrate = 1;
	static constexpr int scheduled = 0;
};

template <class Release>
void wake_up_during_a_run(counting_scheduler& sched) {
	one_socket on;
	u64 seen = 0;
	ASSERT_EQ(on.attach(make_bpf_prog("wakes",
									  [&](bpf_sock_ops&) {
										  seen = current_thread.word;
										  set_need_resched();
										  return 1;
									  })),
			  0);
	on.call<Release>();
	EXPECT_EQ(thread_word::depth(seen, thread_word::one_preempt), expected<Release>::preempt);
	EXPECT_EQ(thread_word::depth(seen, thread_word::one_rcu), 1u);
	EXPECT_EQ(thread_word::depth(seen, thread_word::one_migrate), expected<Release>::migrate);
	EXPECT_EQ(sched.entered, expected<Release>::scheduled);
	EXPECT_EQ(need_resched(), expected<Release>::scheduled == 0);

	sched.entered = 0; // nested in a preempt-disabled region no leave is a scheduling point
	preempt_disable();
	on.call<Release>();
	EXPECT_EQ(sched.entered, 0);
	EXPECT_EQ(preempt_count(), 1u);
	preempt_enable();
	EXPECT_EQ(sched.entered, 1);
}

TEST_F(preempt, policy_4_19_holds_preempt_and_rcu_and_leaves_without_resched) {
	wake_up_during_a_run<release_text>(sched);
}
TEST_F(preempt, policy_5_2_holds_the_same_and_leaves_with_resched) {
	wake_up_during_a_run<release_5_2>(sched);
}
TEST_F(preempt, policy_6_1_holds_migrate_and_rcu) { wake_up_during_a_run<release_6_18>(sched); }

} // namespace
