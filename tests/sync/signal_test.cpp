// SPDX-License-Identifier: MIT
// A timer's signal dispatches, thousands of times, wherever it falls into the main thread's own
// dispatches, while another thread attaches and detaches.

#include <gtest/gtest.h>

#include <csignal>
#include <ctime>

#include "poisoned.hpp"
#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

constexpr long enough_signals = under_tsan ? 300 : 5000;

struct in_handler {
	static inline sock_common* sk = nullptr;
	static inline std::atomic<long> runs{0}, between_sections{0}, inside_sections{0}, bad{0};

	static void run(int) {
		const int saved_errno = errno;
		const u64 before = current_thread.word.load();
		(thread_word::is_reader(before) ? inside_sections : between_sections).fetch_add(1);
		const dispatch_record record = recorded_call(*sk);
		const u64 depths = thread_word::reader_fields | thread_word::migrate_field;
		if (record.seen[0].gap || ((current_thread.word.load() ^ before) & depths) != 0)
			bad.fetch_add(1);
		runs.fetch_add(1);
		errno = saved_errno;
	}
};

/// SIGALRM every 100 microseconds, to threads that do not block it.
class alarm_timer {
  public:
	alarm_timer() {
		struct sigaction action {};
		action.sa_handler = in_handler::run;
		sigaction(SIGALRM, &action, &before_);
		sigevent event{};
		event.sigev_notify = SIGEV_SIGNAL;
		event.sigev_signo = SIGALRM;
		timer_create(CLOCK_MONOTONIC, &event, &timer_);
		const itimerspec every{{0, 100'000}, {0, 100'000}};
		timer_settime(timer_, 0, &every, nullptr);
	}
	~alarm_timer() {
		timer_delete(timer_);
		sigaction(SIGALRM, &before_, nullptr);
	}

  private:
	timer_t timer_{};
	struct sigaction before_ {};
};

void block_alarms(int how) {
	sigset_t alarms;
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	pthread_sigmask(how, &alarms, nullptr);
}

TEST(signals, a_handler_dispatches_wherever_it_falls) {
	one_socket on;
	scoped_tcp_sock for_handler(on.in, *on.root);
	in_handler::sk = &for_handler;
	{
		rcu_read_guard first; // a thread that handles signals has been in a section before
	}

	block_alarms(SIG_BLOCK);
	std::atomic<bool> stop{false};
	std::thread writer([&] {
		bpf_prog_ptr current;
		for (u32 number = 1; !stop.load(std::memory_order_relaxed); ++number) {
			bpf_prog_ptr next = make_bpf_prog("generation", poisoned_handler(0, number));
			EXPECT_EQ(on.attach(next), 0);
			if (current) {
				EXPECT_EQ(on.detach(current), 0);
			}
			current = std::move(next);
			if (number % 16 == 0)
				synchronize_rcu();
		}
	});
	block_alarms(SIG_UNBLOCK);
	{
		alarm_timer timer;
		const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
		while (in_handler::runs.load() < enough_signals && std::chrono::steady_clock::now() < end)
			for (int i = 0; i != 1000; ++i) {
				const dispatch_record record = recorded_call(on.sk);
				if (record.seen[0].gap)
					in_handler::bad.fetch_add(1);
			}
	}
	stop.store(true);
	writer.join();
	EXPECT_GE(in_handler::runs.load(), enough_signals);
	EXPECT_GT(in_handler::between_sections.load(), 0);
	if (!under_tsan) { // which delivers signals at calls of its own, never inside a section
		EXPECT_GT(in_handler::inside_sections.load(), 0);
	}
	EXPECT_EQ(in_handler::bad.load(), 0);
	EXPECT_EQ(dead_calls.load(), 0);
	EXPECT_EQ(current_thread.word.load() & 0x3fff'ffff, 0u);
	synchronize_rcu();
}

// The handler may also fall between the load and the store of an enter or a leave: then the count
// of finished sections steps back by one, and still no section is forgotten.
TEST(signals, nesting_is_exact_when_each_enter_and_leave_is_interrupted) {
	one_socket on;
	scoped_tcp_sock for_handler(on.in, *on.root);
	in_handler::sk = &for_handler;
	in_handler::runs.store(0);
	in_handler::bad.store(0);
	ASSERT_EQ(on.attach(make_bpf_prog("alive", poisoned_handler(0, 1))), 0);
	on.call();
	alarm_timer timer;
	const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
	while (in_handler::runs.load() < enough_signals && std::chrono::steady_clock::now() < end) {
		for (int i = 0; i != 1000; ++i) {
			preempt_disable();
			rcu_read_lock();
			migrate_disable();
			ASSERT_EQ(current_thread.word.load() & 0x3fff'ffff,
					  thread_word::one_preempt + thread_word::one_rcu + thread_word::one_migrate);
			preempt_enable();
			migrate_enable();
			rcu_read_unlock();
			ASSERT_EQ(current_thread.word.load() & 0x3fff'ffff, 0u);
		}
	}
	EXPECT_GE(in_handler::runs.load(), enough_signals);
	EXPECT_EQ(in_handler::bad.load(), 0);
}

} // namespace
