// SPDX-License-Identifier: MIT
// Without membarrier(2): chosen, found missing at the first section, and taken away later.
// Each TEST needs a process of its own, which ctest gives it.

#include <gtest/gtest.h>

#include <cerrno>
#include <cstddef>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "poisoned.hpp"
#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

/// From now on membarrier(2) answers EPERM to this thread and those that it makes.
[[nodiscard]] bool forbid_membarrier() {
	sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const sock_fprog filter{4, code};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		   prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

/// Readers dispatch while this thread replaces a poisoned program, for `span`.
void replace_while_others_dispatch(std::chrono::milliseconds span) {
	one_socket on;
	bpf_prog_ptr current = make_bpf_prog("generation", poisoned_handler(0, 1));
	ASSERT_EQ(on.attach(current), 0);
	std::atomic<bool> stop{false};
	std::atomic<long> torn{0};
	std::vector<std::thread> readers;
	for (int i = 0; i != 2; ++i)
		readers.emplace_back([&] {
			scoped_tcp_sock sk(on.in, *on.root);
			while (!stop.load(std::memory_order_relaxed))
				torn += recorded_call(sk).seen[0].gap;
		});
	const auto end = std::chrono::steady_clock::now() + span;
	for (u32 number = 2; std::chrono::steady_clock::now() < end; ++number) {
		bpf_prog_ptr next = make_bpf_prog("generation", poisoned_handler(0, number));
		ASSERT_EQ(on.attach(next), 0);
		ASSERT_EQ(on.detach(current), 0);
		current = std::move(next);
		if (number % 64 == 0)
			synchronize_rcu();
	}
	stop.store(true);
	for (std::thread& each : readers)
		each.join();
	EXPECT_EQ(on.detach(current), 0);
	current = bpf_prog_ptr();
	rcu_barrier();
	EXPECT_EQ(torn.load(), 0);
	EXPECT_EQ(dead_calls.load(), 0);
	EXPECT_EQ(handlers_created.load(), handlers_destroyed.load());
}

TEST(fence_mode, chosen_before_the_first_section) {
	ASSERT_EQ(rcu_use_fences(), 0);
	EXPECT_EQ(rcu_use_fences(), 0); // again: as before
	replace_while_others_dispatch(stress_time(1000));
	EXPECT_EQ(rcu_current_mode(), rcu_mode::fence);
}

TEST(fence_mode, taken_by_itself_where_membarrier_is_forbidden_from_the_start) {
	if (!forbid_membarrier())
		GTEST_SKIP() << "this machine lets no seccomp filter in";
	replace_while_others_dispatch(stress_time(1000));
	EXPECT_EQ(rcu_current_mode(), rcu_mode::fence);
}

TEST(fence_mode, keeps_the_enter_on_the_slow_way_and_the_nesting_exact) {
	ASSERT_EQ(rcu_use_fences(), 0);
	preempt_disable();
	rcu_read_lock();
	rcu_read_lock();
	EXPECT_EQ(preempt_count(), 1u);
	rcu_read_unlock();
	EXPECT_TRUE(rcu_read_lock_held());
	rcu_read_unlock();
	preempt_enable();
	EXPECT_FALSE(rcu_read_lock_held());
	EXPECT_NE(current_thread.word.load() & thread_word::slow, 0u);
	one_socket on;
	ASSERT_EQ(on.attach(make_bpf_prog("seven",
									  [](bpf_sock_ops& skops) {
										  skops.reply = rcu_read_lock_held() ? 7 : 0;
										  return 1;
									  })),
			  0);
	EXPECT_EQ(on.call(), 7);
	EXPECT_FALSE(rcu_read_lock_held());
}

/// What must hold once membarrier has worked and is denied: nothing freed, no call waits for ever, and
/// each that could not keep its promise says so.
void expect_that_nothing_is_freed_any_more() {
	recorded_reports reports;
	const idle_thread other;           // with this thread alone there would be nothing to order
	static counted_head first, second; // they stay in the queue
	first.queue();
	rcu_poll();
	second.queue();
	synchronize_rcu();
	rcu_barrier();
	rcu_poll();
	EXPECT_EQ(first.count() + second.count(), 0);
	EXPECT_EQ(rcu_pending(), 2u);
	EXPECT_EQ(rcu_current_mode(), rcu_mode::denied);
	const std::vector<report> told = reports.take();
	ASSERT_EQ(told.size(), 3u);
	EXPECT_EQ(told[0].call + " " + told[1].call + " " + told[2].call, "rcu_poll synchronize_rcu rcu_barrier");
	EXPECT_NE(told[0].message.find("membarrier"), std::string::npos) << told[0].message;
	EXPECT_NE(told[0].message.find("rcu_use_fences()"), std::string::npos) << told[0].message;
}

TEST(membarrier_denied, by_a_sandbox_that_was_entered_late) {
	{ rcu_read_guard decides_the_mode; }
	ASSERT_EQ(rcu_current_mode(), rcu_mode::membarrier);
	if (!forbid_membarrier())
		GTEST_SKIP() << "this machine lets no seccomp filter in";
	expect_that_nothing_is_freed_any_more();
}

TEST(membarrier_denied, dispatch_goes_on) {
	one_socket on;
	ASSERT_EQ(on.attach(make_bpf_prog("seven",
									  [](bpf_sock_ops& skops) {
										  skops.reply = 7;
										  return 1;
									  })),
			  0);
	EXPECT_EQ(on.call(), 7);
	if (!forbid_membarrier())
		GTEST_SKIP() << "this machine lets no seccomp filter in";
	expect_that_nothing_is_freed_any_more();
	EXPECT_EQ(on.call(), 7);
	recorded_reports no_further;
	const bpf_prog_ptr more = make_bpf_prog("denies", [](bpf_sock_ops&) { return 0; });
	EXPECT_EQ(on.attach(more), 0);
	EXPECT_EQ(on.call(), -1);
	EXPECT_EQ(on.detach(more), 0);
	EXPECT_EQ(on.call(), 7);
	EXPECT_TRUE(no_further.take().empty());
}

} // namespace
