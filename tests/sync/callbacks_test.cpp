// SPDX-License-Identifier: MIT
// call_rcu(): when a callback runs, on which thread, and what it may do.

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>

#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

struct callback_head : rcu_head {
	std::function<void()> body;

	void queue(std::function<void()> what) {
		body = std::move(what);
		call_rcu(this, [](rcu_head* head) { static_cast<callback_head*>(head)->body(); });
	}
};

TEST(callbacks, run_at_once_when_the_caller_is_alone) {
	{ rcu_read_guard registers; }
	counted_head head;
	head.queue();
	EXPECT_EQ(head.count(), 1);
	EXPECT_EQ(head.ran_on, std::this_thread::get_id());
	EXPECT_EQ(rcu_pending(), 0u);
}

TEST(callbacks, are_queued_inside_a_section_even_when_alone) {
	counted_head head;
	{
		rcu_read_guard section;
		head.queue();
		EXPECT_EQ(rcu_poll(), 0u);
		EXPECT_EQ(head.count(), 0);
	}
	EXPECT_EQ(head.count(), 0);
	EXPECT_EQ(rcu_poll(), 1u);
	EXPECT_EQ(head.count(), 1);
}

TEST(callbacks, wait_for_a_later_call_when_another_thread_is_registered) {
	idle_thread other;
	counted_head head;
	head.queue();
	EXPECT_EQ(head.count(), 0);
	EXPECT_EQ(rcu_poll(), 1u);
	other.let_go();
	counted_head next; // alone again
	next.queue();
	EXPECT_EQ(next.count(), 1);
}

TEST(callbacks, a_few_further_writer_calls_run_what_is_ready) {
	idle_thread other;
	counted_head first;
	first.queue();
	EXPECT_EQ(first.count(), 0);
	std::deque<counted_head> later(20);
	std::size_t calls = 0;
	while (calls != later.size() && first.count() == 0)
		later[calls++].queue();
	EXPECT_EQ(first.count(), 1);
	EXPECT_GT(calls, 1u) << "not each call pays for a membarrier";
	rcu_barrier();
	for (std::size_t i = 0; i != calls; ++i)
		EXPECT_EQ(later[i].count(), 1);
}

TEST(callbacks, run_on_whichever_thread_advances_the_queue) {
	parked_reader reader;
	counted_head head;
	head.queue();
	EXPECT_EQ(rcu_poll(), 0u);
	reader.let_go();
	std::thread::id poller;
	std::thread([&] {
		poller = std::this_thread::get_id();
		EXPECT_EQ(rcu_poll(), 1u);
	}).join();
	EXPECT_EQ(head.ran_on, poller);
	EXPECT_FALSE(head.ran_inside_section);
}

TEST(callbacks, run_in_the_order_in_which_they_were_queued) {
	idle_thread other;
	std::vector<int> order;
	std::deque<callback_head> heads(100);
	for (int i = 0; i != 100; ++i)
		heads[static_cast<std::size_t>(i)].queue([&order, i] { order.push_back(i); });
	rcu_barrier();
	ASSERT_EQ(order.size(), 100u);
	EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

// With the registry's or the cgroup lock held any of these would never return.
TEST(callbacks, are_run_with_no_lock_held) {
	idle_thread other;
	one_socket on;
	bool done = false;
	callback_head head;
	head.queue([&] {
		std::thread([&] {
			on.call();
			EXPECT_EQ(rcu_pending(), 1u); // the one that runs
			EXPECT_EQ(rcu_poll(), 0u);    // others do not run meanwhile
			const auto prog = make_bpf_prog("late", [](bpf_sock_ops&) { return 1; });
			EXPECT_EQ(on.attach(prog), 0);
			EXPECT_EQ(on.detach(prog), 0);
			synchronize_rcu();
		}).join();
		synchronize_rcu(); // allowed; only the barrier would wait for itself
		done = true;
	});
	rcu_barrier();
	EXPECT_TRUE(done);
}

TEST(callbacks, may_queue_others_and_themselves) {
	for (const bool alone : {true, false}) {
		const auto other = alone ? nullptr : std::make_unique<idle_thread>();
		callback_head head;
		int runs = 0;
		const std::function<void()> again = [&] {
			if (++runs < 10)
				head.queue(std::function<void()>(again));
		};
		head.queue(again);
		for (int i = 0; i != 10; ++i)
			rcu_barrier();
		EXPECT_EQ(runs, 10);
	}
}

TEST(callbacks, the_barrier_waits_for_those_that_another_thread_runs) {
	std::latch running(1), go_on(1);
	callback_head head;
	std::atomic<bool> finished{false}, returned{false};
	idle_thread other;
	head.queue([&] {
		running.count_down();
		go_on.wait();
		finished.store(true);
	});
	std::thread invoker([] { EXPECT_EQ(rcu_poll(), 1u); });
	running.wait();
	std::thread waiter([&] {
		rcu_barrier();
		EXPECT_TRUE(finished.load());
		returned.store(true);
	});
	for (int i = 0; i != 2000; ++i) {
		std::this_thread::yield();
		ASSERT_FALSE(returned.load());
	}
	go_on.count_down();
	invoker.join();
	waiter.join();
}

TEST(callbacks, the_barrier_inside_a_callback_is_an_illegal_use) {
	recorded_reports reports;
	callback_head head;
	head.queue([] { rcu_barrier(); });
	rcu_barrier();
	EXPECT_EQ(reports.calls(), "rcu_barrier");
}

TEST(callbacks, a_head_that_is_still_queued_is_refused) {
	recorded_reports reports;
	idle_thread other;
	counted_head head, behind;
	{
		rcu_read_guard section;
		head.queue();
		behind.queue();
		head.queue();
	}
	EXPECT_EQ(reports.calls(), "call_rcu");
	EXPECT_EQ(rcu_pending(), 2u);
	rcu_barrier();
	EXPECT_EQ(head.count(), 1);
	EXPECT_EQ(behind.count(), 1);
	head.queue(); // it has run: it may be queued again
	rcu_barrier();
	EXPECT_EQ(head.count(), 2);
	EXPECT_EQ(reports.calls(), "");
}

// Detaching queues arrays under the cgroup lock; the warning's handler must not be called under it.
struct warned_once {
	static inline one_socket* on = nullptr;
	static inline std::vector<std::string> messages;

	static void handler(const check_report& what) noexcept {
		messages.push_back(what.message);
		(void)cgroup_mkdir(*on->root, "made by the handler");
	}
};

TEST(callbacks, past_the_bound_one_warning_names_the_reason_with_no_lock_held) {
	one_socket on;
	warned_once::on = &on;
	const check_handler before = set_warning_handler(warned_once::handler);
	const auto prog = make_bpf_prog("on and off", [](bpf_sock_ops&) { return 1; });
	{
		rcu_read_guard section;
		for (std::size_t i = 0; i != rcu_queue_bound + 2; ++i) {
			ASSERT_EQ(on.attach(prog), 0);
			ASSERT_EQ(on.detach(prog), 0);
		}
	}
	set_warning_handler(before);
	ASSERT_EQ(warned_once::messages.size(), 1u);
	EXPECT_NE(warned_once::messages[0].find("a reader has stayed inside a section"), std::string::npos);
	rcu_barrier();
	EXPECT_EQ(rcu_pending(), 0u);
}

// Every call that queues also advances, or the queue of a program that makes only these calls
// would grow for ever.
TEST(callbacks, each_writer_call_advances_the_queue) {
	idle_thread other;
	one_socket on;
	for (int i = 0; i != 1000; ++i) {
		cgroup* const made = cgroup_mkdir(*on.root, "short-lived");
		ASSERT_NE(made, nullptr);
		ASSERT_EQ(cgroup_rmdir(*made), 0);
		ASSERT_LE(rcu_pending(), 100u);
	}
	const auto prog = make_bpf_prog("on and off", [](bpf_sock_ops&) { return 1; });
	for (int i = 0; i != 1000; ++i) {
		ASSERT_EQ(on.attach(prog), 0);
		ASSERT_EQ(on.detach(prog), 0);
		ASSERT_LE(rcu_pending(), 100u);
	}
}

} // namespace
