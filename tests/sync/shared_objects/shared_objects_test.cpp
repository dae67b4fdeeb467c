// SPDX-License-Identifier: MIT
// Two shared objects and their host, all with the inline half of the library compiled in, use one
// copy of its state: that of the library's shared form.

#include <gtest/gtest.h>

#include "../loaded.hpp"
#include "../support.hpp"
#include "plugin.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

const plugin& load(const char* path) {
	return *function_of<decltype(sockops_test_plugin)>(path, "sockops_test_plugin")();
}

struct shared_objects : ::testing::Test {
	const plugin& first = load(FIRST_PLUGIN);
	const plugin& second = load(SECOND_PLUGIN);
	one_socket on;
};

TEST_F(shared_objects, are_two) { EXPECT_NE(&first, &second); }

TEST_F(shared_objects, have_one_thread_word_and_one_key) {
	EXPECT_EQ(first.this_thread(), &current_thread);
	EXPECT_EQ(second.this_thread(), &current_thread);
	EXPECT_EQ(first.enabled_key(), &cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]);
	EXPECT_EQ(second.enabled_key(), &cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]);
}

TEST_F(shared_objects, see_each_others_programs) {
	EXPECT_EQ(first.dispatch(&on.sk), 0);
	EXPECT_EQ(first.attach_reply(*on.root, 1), 0);
	EXPECT_EQ(second.attach_reply(*on.root, 10), 0);
	EXPECT_EQ(first.dispatch(&on.sk), 11);
	EXPECT_EQ(second.dispatch(&on.sk), 11);
	EXPECT_EQ(on.call(), 11);
}

TEST_F(shared_objects, nest_in_one_count) {
	first.enter();
	second.enter();
	EXPECT_TRUE(rcu_read_lock_held());
	first.leave();
	EXPECT_TRUE(rcu_read_lock_held());
	first.leave(); // either may leave what the other entered
	EXPECT_FALSE(rcu_read_lock_held());
}

TEST_F(shared_objects, a_reader_in_one_holds_the_others_grace_period_back) {
	parked_thread reader([&] { first.enter(); }, [&] { first.leave(); });
	static std::atomic<int> runs{0};
	rcu_head head;
	second.queue(&head, [](rcu_head*) { runs.fetch_add(1); });
	for (int i = 0; i != 100; ++i)
		EXPECT_EQ(rcu_poll(), 0u);
	EXPECT_EQ(runs.load(), 0);
	reader.let_go();
	rcu_barrier();
	EXPECT_EQ(runs.load(), 1);
}

} // namespace
