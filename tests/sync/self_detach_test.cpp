// SPDX-License-Identifier: MIT
// A program that detaches itself, or drops its own cgroup, while it runs: it runs on to its end,
// and its captures live until the last reader has left.

#include <gtest/gtest.h>

#include <memory>

#include "poisoned.hpp"
#include "support.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

struct self_detach : ::testing::Test {
	one_socket on;
	std::shared_ptr<int> capture = std::make_shared<int>(0);
	std::weak_ptr<int> watch = capture;
	bpf_prog_ptr prog;

	/// Attached, with the attachment's reference the only one.
	void attach_only_reference(bpf_prog_ptr made) {
		ASSERT_EQ(on.attach(made), 0);
		capture.reset();
	}
};

TEST_F(self_detach, alone_it_is_freed_by_the_next_writer_call) {
	const bpf_prog* self = nullptr;
	auto made = make_bpf_prog("once", [&, mine = std::move(capture)](bpf_sock_ops& skops) {
		EXPECT_EQ(cgroup_bpf_detach(*on.root, self), 0);
		EXPECT_EQ(mine.use_count(), 1); // still here
		skops.reply = static_cast<u32>(++*mine);
		return 1;
	});
	self = made.get();
	attach_only_reference(std::move(made));
	EXPECT_EQ(on.call(), 1);
	EXPECT_FALSE(watch.expired()); // dispatch itself frees nothing
	EXPECT_EQ(on.call(), 0);
	EXPECT_GE(rcu_poll(), 1u);
	EXPECT_TRUE(watch.expired());
	EXPECT_EQ(rcu_pending(), 0u);
}

TEST_F(self_detach, other_programs_of_the_array_still_run) {
	const bpf_prog* self = nullptr;
	auto made = make_bpf_prog("first", [&](bpf_sock_ops&) {
		(void)cgroup_bpf_detach(*on.root, self);
		return 1;
	});
	self = made.get();
	const auto second = make_bpf_prog("second", [](bpf_sock_ops& skops) {
		skops.reply = skops.reply + 5;
		return 1;
	});
	attach_only_reference(std::move(made));
	ASSERT_EQ(on.attach(second), 0);
	EXPECT_EQ(on.call(), 5);
	EXPECT_EQ(on.call(), 5);
}

TEST_F(self_detach, it_lives_until_the_last_of_several_readers_has_left) {
	std::latch inside(2), leave_first(1), leave_second(1);
	std::atomic<int> entered{0};
	auto made = make_bpf_prog("parks", [&, mine = std::move(capture)](bpf_sock_ops&) {
		const int which = entered.fetch_add(1);
		inside.count_down();
		(which == 0 ? leave_first : leave_second).wait();
		EXPECT_EQ(*mine, 0); // still here
		return 1;
	});
	const bpf_prog* const parks = made.get();
	attach_only_reference(std::move(made));
	std::vector<std::thread> readers;
	for (int i = 0; i != 2; ++i)
		readers.emplace_back([&] {
			scoped_tcp_sock sk(on.in, *on.root);
			EXPECT_EQ(tcp_call_bpf(&sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr), 0);
		});
	inside.wait();
	EXPECT_EQ(cgroup_bpf_detach(*on.root, parks), 0); // returns at once
	EXPECT_EQ(on.call(), 0);                          // and new dispatches do not see it
	for (int i = 0; i != 100; ++i)
		EXPECT_EQ(rcu_poll(), 0u);
	leave_first.count_down();
	EXPECT_EQ(rcu_poll(), 0u);
	EXPECT_FALSE(watch.expired());
	leave_second.count_down();
	for (std::thread& each : readers)
		each.join();
	rcu_barrier();
	EXPECT_TRUE(watch.expired());
}

TEST_F(self_detach, one_of_many_readers_takes_it_off_while_the_others_dispatch) {
	std::atomic<bool> stop{false};
	std::atomic<int> detached{0};
	std::vector<std::thread> readers;
	for (int i = 0; i != 2; ++i)
		readers.emplace_back([&] {
			scoped_tcp_sock sk(on.in, *on.root);
			while (!stop.load(std::memory_order_relaxed))
				recorded_call(sk);
		});
	for (int i = 0; i != 500; ++i) {
		auto self = std::make_shared<std::atomic<const bpf_prog*>>(nullptr);
		auto once = make_bpf_prog("once", [&, self, handler = poisoned_handler(0, 1)](bpf_sock_ops& skops) {
			if (const bpf_prog* const me = self->exchange(nullptr))
				detached.fetch_add(cgroup_bpf_detach(*on.root, me) == 0);
			return handler(skops);
		});
		self->store(once.get());
		ASSERT_EQ(on.attach(once), 0);
		on.call(); // at the latest here
	}
	stop.store(true);
	for (std::thread& each : readers)
		each.join();
	rcu_barrier();
	EXPECT_EQ(detached.load(), 500);
	EXPECT_EQ(dead_calls.load(), 0);
	EXPECT_EQ(handlers_created.load(), handlers_destroyed.load());
}

TEST_F(self_detach, a_program_may_free_its_socket_and_remove_its_cgroup) {
	cgroup* const child = cgroup_mkdir(*on.root, "child");
	tcp_sock sk;
	ASSERT_EQ(tcp_init_sock(sk, on.in, *child), 0);
	ASSERT_EQ(cgroup_bpf_attach(*child, make_bpf_prog("last act",
													  [&, mine = std::move(capture)](bpf_sock_ops&) {
														  EXPECT_EQ(cgroup_rmdir(*child), 0);
														  sk_free(sk);
														  ++*mine;
														  return 1;
													  })),
			  0);
	EXPECT_EQ(tcp_call_bpf(&sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr), 0);
	EXPECT_FALSE(watch.expired());
	rcu_barrier();
	EXPECT_TRUE(watch.expired());
}

} // namespace
