// SPDX-License-Identifier: MIT
// Grace periods: whom they wait for, whom they do not, and where waiting is an illegal use.
//
// call_rcu() and rcu_poll() never wait, so most of this is decided on one thread, without timing.

#include <gtest/gtest.h>

#include <memory>

#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

/// Queued while `reader` is inside: held back until it leaves, however often somebody polls.
template <class Parked>
void holds_a_grace_period_back() {
	Parked reader;
	counted_head head;
	head.queue();
	for (int i = 0; i != 1000; ++i)
		EXPECT_EQ(rcu_poll(), 0u);
	EXPECT_EQ(head.count(), 0);
	EXPECT_EQ(rcu_pending(), 1u);
	reader.let_go();
	EXPECT_EQ(rcu_poll(), 1u);
	EXPECT_EQ(head.count(), 1);
	EXPECT_EQ(rcu_pending(), 0u);
}

TEST(rcu, a_reader_inside_holds_a_grace_period_back) { holds_a_grace_period_back<parked_reader>(); }

TEST(rcu, a_preempt_disabled_region_does_too) {
	holds_a_grace_period_back<parked_in_section<thread_word::one_preempt>>();
}

TEST(rcu, so_does_each_policys_section) {
	holds_a_grace_period_back<parked_in_section<thread_word::one_preempt + thread_word::one_rcu>>();
	holds_a_grace_period_back<parked_in_section<thread_word::one_migrate + thread_word::one_rcu>>();
}

TEST(rcu, a_migrate_disabled_region_does_not) {
	parked_in_section<thread_word::one_migrate> pinned;
	counted_head head;
	head.queue();
	EXPECT_EQ(rcu_poll(), 1u);
}

TEST(rcu, a_section_that_began_after_the_grace_period_does_not_hold_it_back) {
	auto early = std::make_unique<parked_reader>();
	counted_head head;
	head.queue();
	EXPECT_EQ(rcu_poll(), 0u);
	const parked_reader late; // a new thread, and one that is inside already when the early one leaves
	early->let_go();
	EXPECT_EQ(rcu_poll(), 1u);
}

// The reader is inside at each look, but never in the section that it was in at the look before.
TEST(rcu, a_reader_that_comes_and_goes_does_not_hold_it_back) {
	std::atomic<int> section{0};
	std::atomic<int> wanted{1};
	std::thread reader([&] {
		for (int i = 1; i <= 50; ++i) {
			rcu_read_lock();
			section.store(i);
			section.notify_one();
			for (int seen = wanted.load(); seen <= i; seen = wanted.load())
				wanted.wait(seen);
			rcu_read_unlock();
		}
	});
	const auto let_reader_reach = [&](int i) {
		wanted.store(i);
		wanted.notify_one();
		for (int seen = section.load(); seen < i; seen = section.load())
			section.wait(seen);
	};
	for (int i = 1; i != 50; ++i) {
		let_reader_reach(i);
		counted_head head;
		head.queue();
		EXPECT_EQ(rcu_poll(), 0u);
		let_reader_reach(i + 1);
		EXPECT_EQ(rcu_poll(), 1u);
	}
	wanted.store(51);
	wanted.notify_one();
	reader.join();
}

TEST(rcu, a_reader_that_re_enters_at_once_and_for_ever_does_not_hold_it_back) {
	std::atomic<bool> stop{false};
	std::latch running(1);
	std::thread reader([&] {
		{
			rcu_read_guard first;
			running.count_down();
		}
		while (!stop.load(std::memory_order_relaxed)) {
			rcu_read_guard section;
			for (int i = 0; i != 100; ++i)
				std::atomic_signal_fence(std::memory_order_seq_cst);
		}
	});
	running.wait();
	for (int i = 0; i != 200; ++i)
		synchronize_rcu();
	stop.store(true);
	reader.join();
}

TEST(rcu, leaving_an_inner_section_does_not_end_the_outer_one) {
	std::latch inside(1), inner_left(1), leave_inner(1), leave_outer(1);
	std::thread reader([&] {
		preempt_disable();
		rcu_read_lock();
		inside.count_down();
		leave_inner.wait();
		rcu_read_unlock();
		rcu_read_lock(); // and again: the outer region is still the same one
		rcu_read_unlock();
		inner_left.count_down();
		leave_outer.wait();
		preempt_enable();
	});
	inside.wait();
	counted_head head;
	head.queue();
	EXPECT_EQ(rcu_poll(), 0u);
	leave_inner.count_down();
	inner_left.wait();
	EXPECT_EQ(rcu_poll(), 0u);
	leave_outer.count_down();
	reader.join();
	EXPECT_EQ(rcu_poll(), 1u);
}

// A call that returns too early is caught by the reader's mark, unless it needs longer for that
// than 2000 polls; one that waits is never blamed.
template <class Wait>
void waits_for_a_reader_inside(Wait wait) {
	parked_reader reader;
	std::atomic<bool> left{false}, returned{false};
	std::latch begun(1);
	std::thread writer([&] {
		begun.count_down();
		wait();
		EXPECT_TRUE(left.load());
		returned.store(true);
	});
	begun.wait();
	for (int i = 0; i != 2000; ++i) {
		rcu_poll();
		std::this_thread::yield();
		ASSERT_FALSE(returned.load());
	}
	left.store(true);
	reader.let_go();
	writer.join();
	EXPECT_TRUE(returned.load());
}

TEST(rcu, synchronize_rcu_waits_for_a_reader_inside) {
	waits_for_a_reader_inside([] { synchronize_rcu(); });
}

TEST(rcu, rcu_barrier_waits_for_what_a_reader_inside_holds_back) {
	counted_head head;
	waits_for_a_reader_inside([&] {
		head.queue();
		rcu_barrier();
		EXPECT_EQ(head.count(), 1);
	});
}

TEST(rcu, many_waiters_at_once_all_return) {
	std::atomic<bool> stop{false};
	std::thread reader([&] {
		while (!stop.load(std::memory_order_relaxed))
			rcu_read_guard section;
	});
	std::vector<std::thread> writers;
	for (int t = 0; t != 4; ++t)
		writers.emplace_back([] {
			for (int i = 0; i != 100; ++i) {
				counted_head head;
				head.queue();
				synchronize_rcu();
				rcu_barrier();
				EXPECT_EQ(head.count(), 1);
			}
		});
	for (std::thread& each : writers)
		each.join();
	stop.store(true);
	reader.join();
}

TEST(rcu, waiting_inside_a_section_is_an_illegal_use_and_returns) {
	recorded_reports reports;
	rcu_read_lock();
	synchronize_rcu();
	EXPECT_EQ(reports.calls(), "synchronize_rcu");
	rcu_barrier();
	EXPECT_EQ(reports.calls(), "rcu_barrier");
	rcu_read_unlock();
	preempt_disable();
	synchronize_rcu();
	EXPECT_EQ(reports.calls(), "synchronize_rcu");
	preempt_enable();
	migrate_disable(); // not a reader
	synchronize_rcu();
	migrate_enable();
	EXPECT_EQ(reports.calls(), "");
}

TEST(rcu, waiting_inside_a_program_is_an_illegal_use_by_name) {
	one_socket on;
	ASSERT_EQ(on.attach(make_bpf_prog("waits",
									  [](bpf_sock_ops&) {
										  synchronize_rcu();
										  return 1;
									  })),
			  0);
	recorded_reports reports;
	EXPECT_EQ(on.call(), 0);
	EXPECT_EQ(reports.calls(), "synchronize_rcu");
}

TEST(rcu, fences_cannot_be_chosen_once_a_section_has_been_entered) {
	{ rcu_read_guard section; }
	const int answer = rcu_use_fences();
	EXPECT_EQ(answer, rcu_current_mode() == rcu_mode::fence ? 0 : -EBUSY);
}

} // namespace
