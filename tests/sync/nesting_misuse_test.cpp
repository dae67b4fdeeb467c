// SPDX-License-Identifier: MIT
// Unlocks without locks, locks without unlocks, and nesting too deep: each is reported by name,
// and the depths are what they were.

#include <gtest/gtest.h>

#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

u64 depths() { return current_thread.word.load() & 0x3fff'ffff; }

TEST(nesting_misuse, each_unlock_without_its_lock_is_named_and_changes_nothing) {
	{ rcu_read_guard registers; }
	recorded_reports reports;
	preempt_enable();
	EXPECT_EQ(reports.calls(), "preempt_enable");
	preempt_enable_no_resched();
	EXPECT_EQ(reports.calls(), "preempt_enable_no_resched");
	rcu_read_unlock();
	EXPECT_EQ(reports.calls(), "rcu_read_unlock");
	migrate_enable();
	EXPECT_EQ(reports.calls(), "migrate_enable");
	EXPECT_EQ(depths(), 0u);
}

TEST(nesting_misuse, an_unlock_does_not_take_another_locks_level) {
	recorded_reports reports;
	preempt_disable();
	migrate_disable();
	const u64 before = current_thread.word;
	rcu_read_unlock();
	EXPECT_EQ(reports.calls(), "rcu_read_unlock");
	EXPECT_EQ(current_thread.word, before);
	migrate_enable();
	preempt_enable();
	EXPECT_EQ(reports.calls(), "");
	EXPECT_EQ(depths(), 0u);
}

TEST(nesting_misuse, a_threads_first_call_may_be_the_wrong_one) {
	recorded_reports reports;
	std::thread([] { rcu_read_unlock(); }).join();
	EXPECT_EQ(reports.calls(), "rcu_read_unlock");
}

void nest_too_deep(void (*enter)(), void (*leave)(), u64 one) {
	recorded_reports reports;
	for (int i = 0; i != 511; ++i)
		enter();
	EXPECT_EQ(reports.calls(), "");
	EXPECT_EQ(depths(), 511 * one);
	enter();
	EXPECT_EQ(reports.calls(), "preempt_disable, rcu_read_lock or migrate_disable");
	EXPECT_EQ(depths(), 511 * one);
	for (int i = 0; i != 511; ++i)
		leave();
	EXPECT_EQ(reports.calls(), "");
	EXPECT_EQ(depths(), 0u);
	leave();
	EXPECT_NE(reports.calls(), "");
	EXPECT_EQ(depths(), 0u);
}

TEST(nesting_misuse, the_512th_level_is_reported_and_not_counted) {
	nest_too_deep([] { preempt_disable(); }, [] { preempt_enable(); }, thread_word::one_preempt);
	nest_too_deep([] { rcu_read_lock(); }, [] { rcu_read_unlock(); }, thread_word::one_rcu);
	nest_too_deep([] { migrate_disable(); }, [] { migrate_enable(); }, thread_word::one_migrate);
}

// One field is full: the others of the section still count, so that the array is never walked
// outside a reader section.
TEST(nesting_misuse, a_dispatch_that_nests_too_deep_is_still_protected) {
	one_socket on;
	bool reader = false;
	u64 inside = 0;
	ASSERT_EQ(on.attach(make_bpf_prog("looks",
									  [&](bpf_sock_ops&) {
										  reader = rcu_read_lock_held();
										  inside = depths();
										  return 1;
									  })),
			  0);
	recorded_reports reports;
	for (int i = 0; i != 511; ++i)
		migrate_disable();
	EXPECT_EQ(on.call<release_6_18>(), 0);
	EXPECT_EQ(reports.calls(), "preempt_disable, rcu_read_lock or migrate_disable");
	EXPECT_TRUE(reader);
	EXPECT_EQ(inside, 511 * thread_word::one_migrate + thread_word::one_rcu);
	EXPECT_EQ(depths(), 511 * thread_word::one_migrate);
	for (int i = 0; i != 511; ++i)
		migrate_enable();
	EXPECT_EQ(reports.calls(), "");
	EXPECT_EQ(depths(), 0u);
}

template <class Release>
void program_that_leaves_a_lock(void (*misuse)(), const char* depths_in_message) {
	one_socket on;
	ASSERT_EQ(on.attach(make_bpf_prog("leaves a lock",
									  [&](bpf_sock_ops&) {
										  misuse();
										  return 1;
									  })),
			  0);
	recorded_reports reports;
	EXPECT_EQ(on.call<Release>(), 0);
	const auto seen = reports.take();
	ASSERT_EQ(seen.size(), 1u);
	EXPECT_EQ(seen[0].call, "bpf_prog_run_array");
	EXPECT_NE(seen[0].message.find(depths_in_message), std::string::npos) << seen[0].message;
	EXPECT_EQ(depths(), 0u);

	rcu_read_lock(); // the same inside a section: put right to what the caller holds
	EXPECT_EQ(on.call<Release>(), 0);
	EXPECT_EQ(reports.take().size(), 1u);
	EXPECT_EQ(depths(), thread_word::one_rcu);
	rcu_read_unlock();
	EXPECT_EQ(reports.calls(), "");
	synchronize_rcu(); // and nobody is left inside
}

TEST(nesting_misuse, a_program_that_leaves_a_lock_held_is_reported_and_put_right) {
	program_that_leaves_a_lock<release_text>([] { preempt_disable(); }, "preempt depth 2 (was 1)");
	program_that_leaves_a_lock<release_5_2>([] { rcu_read_lock(); }, "rcu depth 2 (was 1)");
	program_that_leaves_a_lock<release_6_18>([] { migrate_disable(); }, "migrate depth 2 (was 1)");
}

TEST(nesting_misuse, a_program_that_unlocks_what_the_run_holds_is_reported_and_put_right) {
	program_that_leaves_a_lock<release_text>([] { preempt_enable(); }, "preempt depth 0 (was 1)");
	program_that_leaves_a_lock<release_text>([] { rcu_read_unlock(); }, "rcu depth 0 (was 1)");
	program_that_leaves_a_lock<release_6_18>([] { migrate_enable(); }, "migrate depth 0 (was 1)");
}

TEST(nesting_misuse, a_thread_that_ends_inside_a_section_is_reported_and_waited_for_no_more) {
	recorded_reports reports;
	counted_head head;
	std::latch inside(1), queued(1);
	std::thread leaver([&] {
		preempt_disable();
		rcu_read_lock();
		inside.count_down();
		queued.wait();
	});
	inside.wait();
	head.queue();
	EXPECT_EQ(rcu_poll(), 0u);
	queued.count_down();
	leaver.join();
	const auto seen = reports.take();
	ASSERT_EQ(seen.size(), 1u);
	EXPECT_EQ(seen[0].call, "thread exit");
	EXPECT_NE(seen[0].message.find("preempt depth 1, rcu depth 1, migrate depth 0"), std::string::npos);
	rcu_barrier();
	EXPECT_EQ(head.count(), 1);
}

} // namespace
