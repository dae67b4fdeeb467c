// SPDX-License-Identifier: MIT
// fork(): the child has the forking thread only, free locks, and grace periods that end.

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

/// Forks; the child runs `body` and ends with 0 if it returned true. Returns the child's status.
template <class Body>
int in_child(Body body) {
	std::fflush(nullptr);
	const pid_t child = fork();
	if (child == 0) {
		alarm(20); // a child that waits for ever is ended, and fails
		_exit(body() ? 0 : 1);
	}
	int status = -1;
	EXPECT_EQ(waitpid(child, &status, 0), child);
	return status;
}

/// Everything that takes a lock or waits.
bool all_works(one_socket& on) {
	const auto three = make_bpf_prog("three", [](bpf_sock_ops& skops) {
		skops.reply = 3;
		return 1;
	});
	if (on.attach(three) != 0 || on.call() != 3 || on.detach(three) != 0)
		return false;
	cgroup* const made = cgroup_mkdir(*on.root, "made in the child");
	if (!made || cgroup_rmdir(*made) != 0)
		return false;
	synchronize_rcu();
	counted_head head;
	head.queue();
	rcu_barrier();
	return head.count() == 1 && rcu_pending() == 0;
}

TEST(fork, the_child_dispatches_attaches_and_waits) {
	one_socket on;
	on.call();
	EXPECT_EQ(in_child([&] { return all_works(on); }), 0);
	EXPECT_TRUE(all_works(on));
}

TEST(fork, a_reader_of_the_parent_does_not_hold_the_childs_grace_periods_back) {
	one_socket on;
	parked_reader reader;
	counted_head head;
	head.queue();
	EXPECT_EQ(rcu_poll(), 0u); // in progress, held by the reader
	EXPECT_EQ(in_child([&] {
				  rcu_barrier();
				  return head.count() == 1 && all_works(on);
			  }),
			  0);
	EXPECT_EQ(rcu_poll(), 0u); // the parent is unaffected: its reader is still inside
	EXPECT_EQ(head.count(), 0);
	reader.let_go();
	EXPECT_EQ(rcu_poll(), 1u);
}

TEST(fork, inside_a_program_the_child_keeps_its_own_section) {
	one_socket on;
	int status = -1;
	ASSERT_EQ(on.attach(make_bpf_prog("forks",
									  [&](bpf_sock_ops& skops) {
										  if (skops.op == BPF_SOCK_OPS_RTT_CB)
											  status = in_child([&] {
												  counted_head head;
												  head.queue();
												  return rcu_read_lock_held() && rcu_poll() == 0 &&
														 head.count() == 0;
											  });
										  return 1;
									  })),
			  0);
	tcp_call_bpf(&on.sk, BPF_SOCK_OPS_RTT_CB, 0, nullptr);
	EXPECT_EQ(status, 0);
	synchronize_rcu();
}

TEST(fork, while_another_thread_runs_callbacks_the_child_does_not_wait_for_it) {
	struct parking_head : rcu_head {
		std::latch running{1}, go_on{1};
	} head;
	one_socket on;
	idle_thread other;
	call_rcu(&head, [](rcu_head* self) {
		static_cast<parking_head*>(self)->running.count_down();
		static_cast<parking_head*>(self)->go_on.wait();
	});
	std::thread invoker([] { EXPECT_EQ(rcu_poll(), 1u); });
	head.running.wait();
	EXPECT_EQ(in_child([&] { return all_works(on); }), 0);
	EXPECT_EQ(rcu_pending(), 1u);
	head.go_on.count_down();
	invoker.join();
	EXPECT_EQ(rcu_pending(), 0u);
}

TEST(fork, from_inside_a_callback_the_child_goes_on_with_its_batch) {
	struct forking_head : rcu_head {
		one_socket* on;
		int status = -1;
	} head;
	one_socket on;
	idle_thread other;
	counted_head behind;
	head.on = &on;
	call_rcu(&head, [](rcu_head* self) {
		auto* mine = static_cast<forking_head*>(self);
		mine->status = in_child([&] {
			synchronize_rcu();
			return rcu_pending() == 2;
		});
	});
	{
		rcu_read_guard section;
		behind.queue(); // in the same batch
	}
	rcu_barrier();
	EXPECT_EQ(head.status, 0);
	EXPECT_EQ(behind.count(), 1);
}

// Forks that fall anywhere into attaches, dispatches, grace periods and thread starts of others.
TEST(fork, while_other_threads_hold_the_locks) {
	one_socket on;
	std::atomic<bool> stop{false};
	std::vector<std::thread> busy;
	busy.emplace_back([&] {
		const auto prog = make_bpf_prog("on and off", [](bpf_sock_ops&) { return 1; });
		while (!stop.load()) {
			EXPECT_EQ(on.attach(prog), 0);
			EXPECT_EQ(on.detach(prog), 0);
		}
	});
	busy.emplace_back([&] {
		while (!stop.load()) {
			on.call();
			synchronize_rcu();
		}
	});
	busy.emplace_back([&] {
		while (!stop.load())
			std::thread([&] { rcu_read_guard section; }).join();
	});
	for (int i = 0; i != 100; ++i)
		EXPECT_EQ(in_child([&] { return all_works(on); }), 0) << i;
	stop.store(true);
	for (std::thread& each : busy)
		each.join();
}

} // namespace
