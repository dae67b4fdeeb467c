// SPDX-License-Identifier: MIT
// Threads that end: the registry keeps none of them, whatever their last destructors do.

#include <gtest/gtest.h>

#include <csignal>
#include <functional>

#include <pthread.h>

#include "support.hpp"

// glibc never frees its record (32 bytes) of a thread_local destructor that is registered after
// those of the thread have run, as by a first section in a pthread key's destructor.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:__cxa_thread_atexit_impl"; }

namespace {

using namespace sockops;
using namespace sync_test;

/// Runs something when the thread ends, in a thread_local destructor.
struct at_exit {
	std::function<void()> last;
	~at_exit() {
		if (last)
			last();
	}
};
thread_local at_exit thread_local_destructor;

/// Runs something when the thread ends, in a destructor of a pthread key: after all thread_local.
pthread_key_t late_key() {
	static const pthread_key_t key = [] {
		pthread_key_t made;
		pthread_key_create(&made, [](void* what) { (*static_cast<std::function<void()>*>(what))(); });
		return made;
	}();
	return key;
}

void dispatch_once(one_socket& on) { EXPECT_EQ(on.call(), 7); }

struct thread_exit : ::testing::Test {
	one_socket on;
	bpf_prog_ptr seven = make_bpf_prog("seven", [](bpf_sock_ops& skops) {
		EXPECT_TRUE(rcu_read_lock_held());
		skops.reply = 7;
		return 1;
	});
	thread_exit() { EXPECT_EQ(on.attach(seven), 0); }

	/// Nobody is registered but this thread: a callback runs at once.
	static void expect_alone() {
		counted_head head;
		head.queue();
		EXPECT_EQ(head.count(), 1);
		rcu_barrier();
	}
};

TEST_F(thread_exit, the_registry_keeps_no_dead_thread) {
	dispatch_once(on);
	for (int i = 0; i != 100; ++i) {
		std::thread([&] { dispatch_once(on); }).join();
		expect_alone();
	}
}

TEST_F(thread_exit, many_short_threads_beside_grace_periods) {
	std::atomic<int> making{2};
	std::vector<std::thread> makers;
	for (int i = 0; i != 2; ++i)
		makers.emplace_back([&] {
			for (int made = 0; made != 500; ++made)
				std::thread([&] { dispatch_once(on); }).join();
			making.fetch_sub(1);
		});
	while (making.load() != 0) {
		counted_head head;
		head.queue();
		rcu_barrier();
		ASSERT_EQ(head.count(), 1);
	}
	for (std::thread& each : makers)
		each.join();
	expect_alone();
}

// A thread that holds the grace period back and ends: what it leaves behind must not hold it on.
TEST_F(thread_exit, a_reader_that_leaves_and_ends_lets_the_grace_period_end) {
	for (int i = 0; i != 100; ++i) {
		parked_reader reader;
		counted_head head;
		head.queue();
		EXPECT_EQ(rcu_poll(), 0u);
		reader.let_go();
		EXPECT_EQ(rcu_poll(), 1u);
	}
	expect_alone();
}

TEST_F(thread_exit, unregistering_while_no_grace_period_runs_completes_none) {
	idle_thread other;
	counted_head head;
	parked_reader reader;
	idle_thread ends_first;
	ends_first.let_go(); // nothing is in progress yet
	head.queue();
	EXPECT_EQ(rcu_poll(), 0u);
	idle_thread ends_now;
	ends_now.let_go(); // one is, and the reader still holds it
	EXPECT_EQ(rcu_poll(), 0u);
	reader.let_go();
	EXPECT_EQ(rcu_poll(), 1u);
}

/// `arrange` makes the thread run its argument when it ends.
void late_sections_work(thread_exit& test, void (*arrange)(std::function<void()>*), bool section_before) {
	dispatch_once(test.on);
	for (int i = 0; i != 50; ++i) {
		std::latch inside(1), leave(1);
		std::function<void()> last = [&] {
			dispatch_once(test.on);
			rcu_read_guard outer;
			dispatch_once(test.on); // nested: must not unregister
			inside.count_down();
			leave.wait();
		};
		std::thread ending([&] {
			arrange(&last);
			if (section_before)
				dispatch_once(test.on);
		});
		inside.wait();
		counted_head head;
		head.queue();
		EXPECT_EQ(rcu_poll(), 0u); // the late section holds the grace period back
		leave.count_down();
		ending.join();
		EXPECT_EQ(rcu_poll(), 1u);
		thread_exit::expect_alone();
	}
}

void in_thread_local(std::function<void()>* last) { thread_local_destructor.last = *last; }
void in_pthread_key(std::function<void()>* last) { pthread_setspecific(late_key(), last); }

TEST_F(thread_exit, a_thread_local_destructor_after_the_hook_may_dispatch) {
	late_sections_work(*this, in_thread_local, true);
}
TEST_F(thread_exit, a_first_section_in_a_thread_local_destructor) {
	late_sections_work(*this, in_thread_local, false);
}
TEST_F(thread_exit, a_pthread_key_destructor_may_dispatch) {
	late_sections_work(*this, in_pthread_key, true);
}
TEST_F(thread_exit, a_first_section_in_a_pthread_key_destructor) {
	late_sections_work(*this, in_pthread_key, false);
}

TEST_F(thread_exit, unlock_without_lock_in_a_late_destructor_is_reported) {
	recorded_reports reports;
	std::thread([&] {
		thread_local_destructor.last = [] { rcu_read_unlock(); };
		dispatch_once(on);
	}).join();
	EXPECT_EQ(reports.calls(), "rcu_read_unlock");
	expect_alone();
}

// Late sections register one at a time, under a lock; a handler that dispatches there must neither
// wait for that lock nor unregister the section that it interrupted.
TEST_F(thread_exit, a_section_that_a_late_destructor_never_leaves_is_reported_and_waited_for_no_more) {
	recorded_reports reports;
	std::thread([&] {
		thread_local_destructor.last = [] { rcu_read_lock(); };
		dispatch_once(on);
	}).join();
	EXPECT_EQ(reports.calls(), "thread exit");
	synchronize_rcu(); // does not look at a thread that is gone
	expect_alone();
}

TEST_F(thread_exit, a_program_that_changes_the_nesting_in_a_late_dispatch_is_reported_and_put_right) {
	one_socket other;
	ASSERT_EQ(other.attach(make_bpf_prog("leaks",
										 [](bpf_sock_ops&) {
											 rcu_read_lock();
											 return 1;
										 })),
			  0);
	recorded_reports reports;
	std::thread([&] {
		thread_local_destructor.last = [&] {
			other.call();
			EXPECT_FALSE(rcu_read_lock_held());
		};
		dispatch_once(on);
	}).join();
	EXPECT_EQ(reports.calls(), "bpf_prog_run_array");
	expect_alone();
}

TEST_F(thread_exit, signals_may_dispatch_during_late_sections) {
	static std::atomic<one_socket*> target;
	static std::atomic<long> handled;
	target.store(&on);
	handled.store(0);
	struct sigaction action {
	}, before{};
	action.sa_handler = [](int) {
		if (target.load()->call() == 7)
			handled.fetch_add(1);
	};
	sigaction(SIGUSR1, &action, &before);
	std::latch ending(1);
	std::atomic<bool> done{false}, joined{false};
	std::thread thread([&] {
		thread_local_destructor.last = [&] {
			ending.count_down();
			for (long rounds = 0; rounds < 2000 || handled.load() < 200; ++rounds) {
				rcu_read_guard section;
				if (!current_thread.registered) { // lost by what interrupted it
					ADD_FAILURE() << "inside a section and not registered";
					break;
				}
			}
			done.store(true);
			while (!joined.load()) // no signal to a thread that is gone
				std::this_thread::yield();
		};
		dispatch_once(on);
	});
	ending.wait();
	while (!done.load()) {
		pthread_kill(thread.native_handle(), SIGUSR1);
		synchronize_rcu();
	}
	joined.store(true);
	thread.join();
	sigaction(SIGUSR1, &before, nullptr);
	EXPECT_GE(handled.load(), 200);
	expect_alone();
}

} // namespace
