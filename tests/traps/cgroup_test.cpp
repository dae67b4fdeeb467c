// SPDX-License-Identifier: MIT
// Traps of attaching to cgroups: order, modes, errors, removal.

#include "support.hpp"

namespace {

using namespace trap_test;
using namespace attach_flags;

/// /, /p, /p/c, /p/c/g, each with a socket whose programs can be listed by letter.
struct tree : testing::Test {
	net in;
	cgroup_root root;
	cgroup* const p = cgroup_mkdir(*root, "p");
	cgroup* const c = cgroup_mkdir(*p, "c");
	cgroup* const g = cgroup_mkdir(*c, "g");
	scoped_tcp_sock in_root{in, *root}, in_p{in, *p}, in_c{in, *c}, in_g{in, *g};
	std::string log;

	bpf_prog_ptr prog(char letter) { return writes(log, letter); }
	std::string order(sock& sk) { return run_order(log, sk); }
	u64 revision(cgroup& of) {
		cgroup_bpf_query_result result{};
		EXPECT_EQ(cgroup_bpf_query(of, false, nullptr, 0, result), 0);
		return result.revision;
	}
	u32 mode(cgroup& of) {
		cgroup_bpf_query_result result{};
		EXPECT_EQ(cgroup_bpf_query(of, false, nullptr, 0, result), 0);
		return result.attach_flags;
	}
};

using trap_42 = tree;
TEST_F(trap_42, descendants_run_first) {
	attach(*root, prog('A'));
	attach(*c, prog('C'));
	attach(*p, prog('B'));
	attach(*c, prog('D'));
	EXPECT_EQ(order(in_root), "A");
	EXPECT_EQ(order(in_p), "BA");
	EXPECT_EQ(order(in_c), "CDBA"); // within a level in the order of attachment
	EXPECT_EQ(order(in_g), "CDBA"); // inherited
	cgroup* const late = cgroup_mkdir(*c, "late");
	scoped_tcp_sock in_late(in, *late);
	EXPECT_EQ(order(in_late), "CDBA");
	EXPECT_EQ(late->path(), "/p/c/late");
}

using trap_44 = tree;
TEST_F(trap_44, an_override_ancestor_is_dropped_when_the_child_has_a_program) {
	attach(*root, prog('A'), allow_override);
	EXPECT_EQ(order(in_c), "A");
	const auto mine = prog('C');
	attach(*c, mine, allow_override);
	EXPECT_EQ(order(in_root), "A");
	EXPECT_EQ(order(in_p), "A");
	EXPECT_EQ(order(in_c), "C");
	EXPECT_EQ(order(in_g), "C");
	detach(*c, mine);
	EXPECT_EQ(order(in_g), "A");
	attach(*p, prog('P'), allow_multi); // dropped whatever the mode of the child is
	EXPECT_EQ(order(in_c), "P");
}
TEST_F(trap_44, a_multi_ancestor_is_kept_even_if_the_child_is_override) {
	attach(*root, prog('A'), allow_multi);
	attach(*p, prog('B'), allow_override);
	EXPECT_EQ(order(in_p), "BA");
	attach(*c, prog('C'), none);
	EXPECT_EQ(order(in_c), "CA"); // B is left out, A is not
	EXPECT_EQ(order(in_g), "CA");
}

using trap_45 = tree;
TEST_F(trap_45, a_none_ancestor_blocks_only_where_it_is_the_nearest_with_programs) {
	const auto one = prog('A');
	attach(*root, one, none);
	for (const u32 flags : {none, allow_override, allow_multi}) {
		EXPECT_EQ(cgroup_bpf_attach(*p, prog('B'), flags), -EPERM);
		EXPECT_EQ(cgroup_bpf_attach(*c, prog('B'), flags), -EPERM); // p has none: root decides
	}
	detach(*root, one);
	attach(*p, prog('B'), allow_multi); // first, then the grandparent
	attach(*root, one, none);
	EXPECT_EQ(cgroup_bpf_attach(*c, prog('C'), none), 0);
	EXPECT_EQ(order(in_root), "A");
	EXPECT_EQ(order(in_p), "B"); // root's is no longer effective, nor were p's evicted
	EXPECT_EQ(order(in_c), "CB");
	EXPECT_EQ(cgroup_bpf_attach(*g, prog('G'), allow_multi), -EPERM); // c is none
}
TEST_F(trap_45, an_override_ancestor_allows_every_mode) {
	attach(*root, prog('A'), allow_override);
	attach(*p, prog('B'), none);
	attach(*c->parent->parent, prog('A'), allow_override);
	EXPECT_EQ(cgroup_bpf_attach(*c, prog('C'), allow_multi), -EPERM);
	cgroup* const other = cgroup_mkdir(*root, "other");
	EXPECT_EQ(cgroup_bpf_attach(*other, prog('C'), allow_multi), 0);
}

using trap_46 = tree;
TEST_F(trap_46, another_mode_than_the_lists_is_eperm_before_anything_else) {
	const auto mine = prog('P');
	attach(*p, mine, allow_multi);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine, allow_override), -EPERM);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine, none), -EPERM);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine, allow_multi), -EINVAL); // the same mode: a duplicate
	for (int i = 1; i != 64; ++i)
		attach(*p, prog('x'), allow_multi);
	EXPECT_EQ(cgroup_bpf_attach(*p, prog('Q'), allow_override), -EPERM); // not E2BIG
	EXPECT_EQ(order(in_p).size(), 64u);

	attach(*c, mine, none);
	EXPECT_EQ(cgroup_bpf_attach(*c, mine, allow_multi), -EPERM); // not EINVAL
	EXPECT_EQ(cgroup_bpf_attach(*c, mine, allow_override), -EPERM);
	EXPECT_EQ(mode(*c), none);
	detach(*c, mine); // an empty list has no mode
	EXPECT_EQ(cgroup_bpf_attach(*c, mine, allow_override), 0);
	EXPECT_EQ(mode(*c), allow_override);
}

using trap_47 = tree;
TEST_F(trap_47, the_65th_program_of_a_cgroup_is_e2big_and_so_is_a_duplicate_then) {
	std::vector<bpf_prog_ptr> mine;
	for (int i = 0; i != 64; ++i) {
		mine.push_back(prog('x'));
		attach(*p, mine.back());
	}
	EXPECT_EQ(cgroup_bpf_attach(*p, prog('Q'), allow_multi), -E2BIG);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine[0], allow_multi), -E2BIG);
	for (const auto& each : mine) // the limit is each cgroup's own
		attach(*c, each);
	EXPECT_EQ(order(in_c).size(), 128u);
	detach(*p, mine[3]);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine[0], allow_multi), -EINVAL);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine[3], allow_multi), 0);
}

using trap_48 = tree;
TEST_F(trap_48, the_same_program_twice_in_one_cgroup_is_einval_but_each_cgroup_may_have_it) {
	const auto mine = prog('P');
	attach(*p, mine);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine), -EINVAL);
	attach(*c, mine);
	EXPECT_EQ(order(in_c), "PP");
	detach(*p, mine);
	EXPECT_EQ(order(in_c), "P");
}
TEST_F(trap_48, in_the_single_modes_an_attach_replaces_even_by_the_same_program) {
	for (const u32 flags : {none, allow_override}) {
		const auto mine = prog('P'), next = prog('N');
		const u64 before = revision(*p);
		attach(*p, mine, flags);
		attach(*p, mine, flags);
		EXPECT_EQ(order(in_c), "P");
		attach(*p, next, flags);
		EXPECT_EQ(order(in_c), "N");
		EXPECT_EQ(revision(*p), before + 3);
		detach(*p, next);
		EXPECT_EQ(cgroup_bpf_detach(*p, next.get()), -ENOENT);
	}
}

using trap_49 = tree;
TEST_F(trap_49, detach_in_a_single_mode_ignores_which_program_is_named) {
	const auto other = prog('Q');
	for (const bpf_prog* named : {other.get(), static_cast<bpf_prog*>(nullptr)})
		for (const u32 flags : {none, allow_override}) {
			attach(*p, prog('P'), flags);
			EXPECT_EQ(cgroup_bpf_detach(*p, named), 0);
			EXPECT_EQ(order(in_p), "");
			EXPECT_EQ(cgroup_bpf_detach(*p, named), -ENOENT);
		}
}
TEST_F(trap_49, detach_in_multi_mode_takes_the_named_program_only) {
	const auto a = prog('A'), b = prog('B'), x = prog('X');
	attach(*p, a);
	attach(*p, b);
	EXPECT_EQ(cgroup_bpf_detach(*p, nullptr), -EINVAL);
	EXPECT_EQ(cgroup_bpf_detach(*p, x.get()), -ENOENT);
	EXPECT_EQ(cgroup_bpf_detach(*c, a.get()), -ENOENT); // inherited is not attached
	EXPECT_EQ(order(in_p), "AB");
	detach(*p, a);
	EXPECT_EQ(order(in_p), "B");
	EXPECT_EQ(mode(*p), allow_multi);
	detach(*p, b);
	EXPECT_EQ(mode(*p), none);
	EXPECT_EQ(cgroup_bpf_detach(*p, nullptr), -ENOENT);
}

using trap_53 = tree;
TEST_F(trap_53, the_revision_starts_at_1_and_failed_operations_do_not_bump_it) {
	EXPECT_EQ(revision(*p), 1u);
	const auto mine = prog('P');
	attach(*p, mine);
	EXPECT_EQ(revision(*p), 2u);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine), -EINVAL);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine, none), -EPERM);
	EXPECT_EQ(cgroup_bpf_detach(*p, nullptr), -EINVAL);
	EXPECT_EQ(revision(*p), 2u);
	EXPECT_EQ(revision(*c), 1u); // what is inherited does not count
	detach(*p, mine);
	EXPECT_EQ(revision(*p), 3u); // never goes back
	EXPECT_EQ(cgroup_bpf_detach(*p, nullptr), -ENOENT);
	EXPECT_EQ(revision(*p), 3u);
}

using trap_54 = tree;
TEST_F(trap_54, a_query_reports_the_full_count_even_with_enospc) {
	const auto a = prog('A'), b = prog('B'), d = prog('D');
	attach(*p, a);
	attach(*p, b);
	attach(*c, d);
	const bpf_prog* progs[4] = {};
	cgroup_bpf_query_result result{};
	EXPECT_EQ(cgroup_bpf_query(*p, false, progs, 1, result), -ENOSPC);
	EXPECT_EQ(result.prog_cnt, 2u);
	EXPECT_EQ(progs[0], a.get());
	EXPECT_EQ(progs[1], nullptr);
	EXPECT_EQ(cgroup_bpf_query(*c, true, progs, 2, result), -ENOSPC);
	EXPECT_EQ(result.prog_cnt, 3u);
	EXPECT_EQ(progs[0], d.get());
	EXPECT_EQ(progs[1], a.get());
	EXPECT_EQ(progs[2], nullptr);
	EXPECT_EQ(cgroup_bpf_query(*c, true, progs, 3, result), 0);
	EXPECT_EQ(progs[2], b.get());
	EXPECT_EQ(result.attach_flags, 0u);
	EXPECT_EQ(result.revision, 0u);
	EXPECT_EQ(cgroup_bpf_query(*p, false, nullptr, 0, result), 0); // only asks
	EXPECT_EQ(result.prog_cnt, 2u);
	EXPECT_EQ(result.attach_flags, allow_multi);
	EXPECT_EQ(result.revision, 3u);
}

using trap_55 = tree;
TEST_F(trap_55, a_removed_cgroup_with_a_live_socket_keeps_running_its_programs) {
	const auto g_prog = prog('G'), late = prog('A');
	attach(*g, g_prog);
	attach(*c, prog('C'));
	EXPECT_EQ(cgroup_rmdir(*c), -EBUSY); // g is there
	EXPECT_EQ(cgroup_rmdir(*g), 0);
	EXPECT_EQ(cgroup_rmdir(*c), 0);
	EXPECT_EQ(order(in_g), "GC");
	EXPECT_EQ(order(in_c), "C");
	attach(*p, late); // still reaches them
	EXPECT_EQ(order(in_g), "GCA");
	detach(*p, late);
	EXPECT_EQ(order(in_g), "GC");
	const auto key = [] { return static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]); };
	EXPECT_EQ(key(), 2u);
	sk_free(in_c); // g still stands on it
	EXPECT_EQ(order(in_g), "GC");
	EXPECT_EQ(key(), 2u);
	sk_free(in_g); // the last one: both are released, their attachments gone
	EXPECT_EQ(key(), 0u);
	EXPECT_EQ(g_prog->refcnt, 1u);
}
TEST_F(trap_55, a_child_of_a_listener_in_a_removed_cgroup_is_still_its) {
	attach(*g, prog('G'));
	EXPECT_EQ(cgroup_rmdir(*g), 0);
	request_sock req;
	inet_reqsk_init(req, &in_g, in);
	EXPECT_EQ(order(in_g), "G");
	scoped_tcp_sock child(in_g, req);
	sk_free(in_g);
	EXPECT_EQ(order(child), "G");
}

TEST_F(tree, a_removed_cgroups_name_is_free_again_and_the_new_one_starts_empty) {
	attach(*g, prog('G'));
	EXPECT_EQ(cgroup_rmdir(*g), 0);
	cgroup* const again = cgroup_mkdir(*c, "g");
	ASSERT_NE(again, nullptr);
	scoped_tcp_sock in_again(in, *again);
	EXPECT_EQ(order(in_again), "");
	EXPECT_EQ(order(in_g), "G");
	EXPECT_EQ(revision(*again), 1u);
}

TEST_F(tree, two_trees_do_not_see_each_other) {
	cgroup_root other;
	scoped_tcp_sock in_other(in, *other);
	attach(*root, prog('A'), none);
	EXPECT_EQ(order(in_other), "");
	attach(*other, prog('O'), none);
	EXPECT_EQ(order(in_other), "O");
	EXPECT_EQ(order(in_root), "A");
}

TEST_F(tree, references_to_programs_are_counted) {
	const auto mine = prog('P'), next = prog('N');
	attach(*p, mine, none);
	EXPECT_EQ(mine->refcnt, 2u);
	attach(*p, next, none);
	EXPECT_EQ(mine->refcnt, 1u);
	EXPECT_EQ(next->refcnt, 2u);
	EXPECT_EQ(cgroup_bpf_attach(*p, mine, allow_multi), -EPERM);
	EXPECT_EQ(mine->refcnt, 1u);
	detach(*p, next);
	EXPECT_EQ(next->refcnt, 1u);
	{
		cgroup_root gone;
		attach(*gone, mine);
		EXPECT_EQ(mine->refcnt, 2u);
	}
	EXPECT_EQ(mine->refcnt, 1u);
}

} // namespace
