// SPDX-License-Identifier: MIT
// Links: made, updated, detached; what is left of one when its cgroup is gone; and what happens to
// cgroups that are removed with programs, links and sockets.

#include "../no_memory.hpp"
#include "support.hpp"

namespace {

using namespace attach_test;

struct links : ::testing::Test, world {};

TEST_F(links, end_their_attachment_with_their_scope) {
	{
		const bpf_link attached = link("/", 'a');
		EXPECT_EQ(run("/"), "a");
		EXPECT_EQ(mode("/"), flag::allow_multi);
	}
	EXPECT_EQ(run("/"), "");
	EXPECT_EQ(mode("/"), 0u);
	EXPECT_EQ(revision("/"), 3u);
}

TEST_F(links, move_and_release_keep_the_attachment) {
	bpf_link first = link("/", 'a');
	bpf_link second = std::move(first);
	EXPECT_FALSE(first);
	EXPECT_EQ(run("/"), "a");
	bpf_cgroup_link* const raw = second.release();
	EXPECT_EQ(run("/"), "a");
	EXPECT_EQ(bpf_cgroup_link_detach(*raw), 0);
	EXPECT_EQ(bpf_cgroup_link_detach(*raw), 0) << "again";
	EXPECT_EQ(bpf_cgroup_link_get_info(*raw).cgroup_id, 0u);
	EXPECT_EQ(bpf_cgroup_link_get_info(*raw).prog_id, prog('a')->id);
	EXPECT_EQ(try_link_update(*raw, prog('b')).code(), -ENOLINK);
	bpf_link_put(raw);
}

TEST_F(links, a_link_replaced_by_another_is_detached) {
	bpf_link holder = link("/", 'a');
	holder = link("/", 'b');
	EXPECT_EQ(run("/"), "b");
}

TEST_F(links, trap_52_update_is_in_place_keeps_the_order_and_never_allocates) {
	attach("/", 'p', flag::allow_multi | flag::preorder);
	attach("/", 'a');
	bpf_link updated = link("/", 'b');
	attach("/", 'c');
	attach("/child", 'd');
	const bpf_link preorder = link("/child", 'q', {flag::preorder});
	ASSERT_EQ(run("/child"), "pqdabc");
	const bpf_prog_ptr& made_before = prog('B');
	{
		const no_memory_after failing(0);
		EXPECT_FALSE(updated.update(made_before));
	}
	EXPECT_EQ(run("/child"), "pqdaBc");
	EXPECT_EQ(run("/"), "paBc");
	EXPECT_EQ(query("/"), "paBc");
	EXPECT_EQ(revision("/"), 6u);
}

TEST_F(links, update_checks) {
	bpf_link attached = link("/", 'a');
	EXPECT_EQ(try_link_update(*attached.get(), prog('b'), flag::allow_multi).rule,
			  attach_rule::unknown_flags);
	EXPECT_EQ(try_link_update(*attached.get(), prog('b'), 0, prog('a').get()).rule,
			  attach_rule::old_without_replace);
	EXPECT_EQ(try_link_update(*attached.get(), prog('b'), flag::replace).rule,
			  attach_rule::replace_names_nothing);
	EXPECT_EQ(attached.update(prog('b'), prog('c').get()).code(), -EPERM);
	EXPECT_EQ(run("/"), "a");
	EXPECT_FALSE(attached.update(prog('b'), prog('a').get()));
	EXPECT_FALSE(attached.update(prog('b'))) << "the same program";
	EXPECT_EQ(run("/"), "b");
	EXPECT_EQ(revision("/"), 4u);
}

TEST_F(links, an_empty_one_cannot_be_updated_and_says_so) {
	attach("/", 'a', flag::none);
	attach_error why;
	bpf_link refused = link("/b", 'b', {}, &why);
	EXPECT_FALSE(refused);
	EXPECT_EQ(why.code(), -EPERM);
	EXPECT_EQ(refused.update(prog('c')).code(), -ENOLINK);
	EXPECT_EQ(refused.update(prog('c'), prog('b').get()).code(), -ENOLINK);
}

TEST_F(links, hold_their_program) {
	auto watch = std::make_shared<int>();
	const std::weak_ptr<int> alive = watch;
	bpf_link attached(at("/"), make_bpf_prog("held", [held = std::move(watch)](bpf_sock_ops&) { return 1; }));
	EXPECT_FALSE(alive.expired());
	EXPECT_FALSE(attached.update(prog('a')));
	rcu_barrier();
	EXPECT_TRUE(alive.expired());
}

TEST_F(links, trap_55_a_removed_cgroup_runs_and_updates_until_its_last_socket_is_gone) {
	attach("/", 'r');
	cgroup& doomed = at("/doomed");
	bpf_link attached = link("/doomed", 'a');
	ASSERT_FALSE(attach("/doomed", 'b'));
	{
		scoped_tcp_sock sk(in, doomed);
		EXPECT_EQ(cgroup_rmdir(doomed), 0);
		EXPECT_EQ(run(sk), "abr");
		EXPECT_FALSE(attached.update(prog('A')));
		EXPECT_EQ(run(sk), "Abr");
		attach("/", 's');
		EXPECT_EQ(run(sk), "Abrs") << "an attach above is seen below";
		EXPECT_EQ(try_attach(doomed, prog('c')).code(), -ENOENT);
		EXPECT_EQ(try_detach(doomed, prog('b').get()).code(), -ENOENT);
		EXPECT_NE(bpf_cgroup_link_get_info(*attached.get()).cgroup_id, 0u);
	}
	EXPECT_EQ(bpf_cgroup_link_get_info(*attached.get()).cgroup_id, 0u);
	EXPECT_EQ(attached.update(prog('a')).code(), -ENOLINK);
	EXPECT_EQ(bpf_cgroup_link_detach(*attached.get()), 0);
	EXPECT_EQ(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]), 2u);
}

TEST_F(links, children_keep_a_cgroup_busy_programs_and_links_do_not) {
	cgroup& parent = at("/p");
	cgroup& child = at("/p/c");
	const bpf_link attached = link("/p", 'a');
	EXPECT_EQ(cgroup_rmdir(parent), -EBUSY);
	EXPECT_EQ(cgroup_rmdir(child), 0);
	EXPECT_EQ(cgroup_rmdir(parent), 0);
	EXPECT_EQ(bpf_cgroup_link_get_info(*attached.get()).cgroup_id, 0u) << "released in the call";
	EXPECT_EQ(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]), 0u);
}

TEST_F(links, a_name_is_free_again_at_once) {
	scoped_tcp_sock sk(in, at("/a"));
	attach("/a", 'a');
	EXPECT_EQ(cgroup_rmdir(at("/a")), 0);
	attach("/a", 'b'); // another one
	EXPECT_EQ(run("/a"), "b");
	EXPECT_EQ(run(sk), "a");
}

TEST_F(links, a_link_may_be_detached_by_its_own_program) {
	bpf_link self;
	int runs = 0;
	self = bpf_link(at("/"), make_bpf_prog("self", [&](bpf_sock_ops&) {
						++runs;
						bpf_cgroup_link_detach(*self.get());
						return 1;
					}));
	EXPECT_EQ(run("/"), "");
	EXPECT_EQ(run("/"), "");
	EXPECT_EQ(runs, 1);
}

} // namespace
