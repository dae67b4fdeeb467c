// SPDX-License-Identifier: MIT
// Where an attachment stands: PREORDER, BEFORE, AFTER, anchors, REPLACE, and in what order the
// rules refuse.

#include "support.hpp"

namespace {

using namespace attach_test;

struct positions : ::testing::Test, world {};

std::string why(const attach_error& refused) { return refused.message(); }

TEST_F(positions, trap_43_preorder_runs_ancestors_first_inside_a_level_list_order) {
	attach("/", 'A');
	attach("/", 'p', flag::allow_multi | flag::preorder);
	attach("/", 'q', flag::allow_multi | flag::preorder);
	attach("/child", 'B');
	attach("/child", 'r', flag::allow_multi | flag::preorder);
	EXPECT_EQ(run("/child"), "pqrBA");
	EXPECT_EQ(run("/"), "pqA");
	EXPECT_EQ(query("/child", query_flags::effective), "pqrBA");
}

TEST_F(positions, preorder_of_a_level_that_does_not_count_does_not_run) {
	attach("/", 'A', flag::allow_override | flag::preorder);
	EXPECT_EQ(run("/child"), "A");
	attach("/child", 'B');
	EXPECT_EQ(run("/child"), "B");
}

TEST_F(positions, before_and_after_without_an_anchor_are_the_ends) {
	attach("/", 'a');
	attach("/", 'b', flag::allow_multi | flag::before);
	attach("/", 'c', flag::allow_multi | flag::after);
	EXPECT_EQ(query("/"), "bac");
	EXPECT_EQ(attach("/", 'd', flag::allow_multi | flag::before | flag::after).rule, attach_rule::both_ends);
	EXPECT_FALSE(attach("/other", 'd', flag::allow_multi | flag::before | flag::after))
		<< "fine on an empty list";
}

TEST_F(positions, anchors_by_program_and_by_id) {
	attach("/", 'a');
	attach("/", 'b');
	bpf_attach_opts opts{flag::allow_multi | flag::before};
	opts.anchor.prog = prog('b').get();
	EXPECT_FALSE(try_attach(at("/"), prog('c'), opts));
	opts = {flag::allow_multi | flag::after | flag::id};
	opts.anchor.id = prog('a')->id;
	EXPECT_FALSE(try_attach(at("/"), prog('d'), opts));
	EXPECT_EQ(query("/"), "adcb");
	EXPECT_EQ(run("/"), "adcb");

	opts.anchor.id = 0;
	EXPECT_EQ(try_attach(at("/"), prog('e'), opts).code(), -ENOENT);
	opts.anchor.id = prog('e')->id; // exists, and is not here
	EXPECT_EQ(try_attach(at("/"), prog('e'), opts).rule, attach_rule::anchor_not_here);
}

TEST_F(positions, links_stand_beside_links_and_programs_beside_programs) {
	attach("/", 'a');
	const bpf_link first = link("/", 'b');
	bpf_attach_opts opts{flag::before | flag::link};
	opts.anchor.link = first.get();
	const bpf_link second = link("/", 'c', opts);
	ASSERT_TRUE(second);
	opts = {flag::after | flag::link | flag::id};
	opts.anchor.id = second.get()->id;
	const bpf_link third = link("/", 'd', opts);
	EXPECT_EQ(query("/"), "acdb");

	attach_error refused;
	opts = {flag::before};
	opts.anchor.prog = prog('a').get();
	EXPECT_FALSE(link("/", 'e', opts, &refused));
	EXPECT_EQ(refused.rule, attach_rule::anchor_kind);
	opts = {flag::allow_multi | flag::before};
	opts.anchor.link = first.get();
	EXPECT_EQ(try_attach(at("/"), prog('e'), opts).rule, attach_rule::anchor_kind);
	opts.anchor.link = nullptr;
	opts.anchor.prog = prog('b').get(); // attached by a link alone
	EXPECT_EQ(try_attach(at("/"), prog('e'), opts).rule, attach_rule::anchor_not_here);
	opts.anchor.bad_handle = -EBADF;
	EXPECT_EQ(try_attach(at("/"), prog('e'), opts).code(), -EBADF);
}

TEST_F(positions, an_anchor_needs_one_position_and_the_same_preorder) {
	attach("/", 'a');
	bpf_attach_opts opts{flag::allow_multi};
	opts.anchor.prog = prog('a').get();
	EXPECT_EQ(try_attach(at("/"), prog('b'), opts).rule, attach_rule::one_position);
	opts.flags |= flag::before | flag::after;
	EXPECT_EQ(try_attach(at("/"), prog('b'), opts).rule, attach_rule::one_position);
	opts.flags = flag::allow_multi | flag::before | flag::preorder;
	EXPECT_EQ(try_attach(at("/"), prog('b'), opts).rule, attach_rule::anchor_preorder);
}

TEST_F(positions, replace_keeps_the_position_and_takes_the_new_flags) {
	for (const char letter : {'a', 'b', 'c'})
		attach("/", letter);
	bpf_attach_opts opts{flag::allow_multi | flag::replace | flag::preorder};
	opts.replace_prog = prog('b').get();
	EXPECT_FALSE(try_attach(at("/"), prog('d'), opts));
	EXPECT_EQ(query("/"), "adc");
	EXPECT_EQ(run("/"), "dac") << "PREORDER now";
	EXPECT_EQ(try_attach(at("/"), prog('e'), opts).rule, attach_rule::replaced_not_attached);
	opts.replace_prog = prog('d').get();
	EXPECT_EQ(try_attach(at("/"), prog('a'), opts).rule, attach_rule::already_attached);
	EXPECT_FALSE(try_attach(at("/"), prog('d'), opts)) << "by itself";
	EXPECT_EQ(revision("/"), 6u);
}

TEST_F(positions, the_single_modes_replace_and_ignore_anchors) {
	attach("/", 'a', flag::allow_override);
	bpf_attach_opts opts{flag::allow_override | flag::before};
	opts.anchor.prog = prog('z').get();
	EXPECT_FALSE(try_attach(at("/"), prog('b'), opts));
	EXPECT_EQ(query("/"), "b");
	EXPECT_FALSE(attach("/", 'b', flag::allow_override)) << "the same again";
}

TEST_F(positions, trap_46_mode_before_duplicate_trap_47_limit_before_both) {
	std::map<int, bpf_prog_ptr> many;
	for (int i = 0; i != 64; ++i) {
		many[i] = make_bpf_prog("one of many", [](bpf_sock_ops&) { return 1; });
		ASSERT_FALSE(try_attach(at("/"), many[i]));
	}
	EXPECT_EQ(try_attach(at("/"), many[3], {flag::allow_override}).rule, attach_rule::other_mode);
	EXPECT_EQ(try_attach(at("/"), many[3]).rule, attach_rule::too_many);
	bpf_attach_opts opts{flag::allow_multi | flag::replace};
	opts.replace_prog = many[3].get();
	EXPECT_EQ(try_attach(at("/"), prog('a'), opts).code(), -E2BIG);
	EXPECT_FALSE(attach("/child", 'a')) << "the limit counts a cgroup's own";
}

TEST_F(positions, trap_48_a_program_once_directly_and_by_any_number_of_links) {
	attach("/", 'a');
	EXPECT_EQ(attach("/", 'a').rule, attach_rule::already_attached);
	const bpf_link one = link("/", 'a'), two = link("/", 'a');
	EXPECT_EQ(run("/"), "aaa");
	EXPECT_FALSE(detach("/", 'a'));
	EXPECT_EQ(detach("/", 'a').rule, attach_rule::not_attached) << "links are not found by a program";
	EXPECT_EQ(run("/"), "aa");
}

TEST_F(positions, flags_that_contradict_each_other) {
	EXPECT_EQ(attach("/", 'a', 0x80).rule, attach_rule::unknown_flags);
	EXPECT_EQ(attach("/", 'a', flag::allow_override | flag::allow_multi).rule,
			  attach_rule::override_and_multi);
	EXPECT_EQ(attach("/", 'a', flag::replace).rule, attach_rule::replace_without_multi);
	EXPECT_EQ(attach("/", 'a', flag::allow_multi | flag::replace | flag::before).rule,
			  attach_rule::replace_with_position);
	EXPECT_EQ(attach("/", 'a', flag::allow_multi | flag::replace).rule, attach_rule::replace_names_nothing);
	attach_error refused;
	EXPECT_FALSE(link("/", 'a', {flag::allow_multi}, &refused));
	EXPECT_EQ(refused.rule, attach_rule::unknown_flags) << "links are always of that mode";
	EXPECT_EQ(try_detach(at("/"), prog('a').get(), {flag::allow_multi}).rule,
			  attach_rule::detach_takes_no_flags);
	EXPECT_EQ(query("/"), "");
	EXPECT_EQ(revision("/"), 1u);
}

TEST_F(positions, trap_53_revisions) {
	bpf_attach_opts opts{flag::allow_multi};
	opts.expected_revision = 2;
	EXPECT_EQ(try_attach(at("/"), prog('a'), opts).code(), -ESTALE);
	opts.expected_revision = 1;
	EXPECT_FALSE(try_attach(at("/"), prog('a'), opts));
	EXPECT_EQ(try_attach(at("/"), prog('b'), opts).code(), -ESTALE);
	EXPECT_EQ(revision("/"), 2u);
	bpf_attach_opts stale_and_forbidden{flag::allow_override};
	stale_and_forbidden.expected_revision = 7;
	EXPECT_EQ(try_attach(at("/"), prog('b'), stale_and_forbidden).code(), -ESTALE) << "before EPERM";
	bpf_attach_opts detaches;
	detaches.expected_revision = 1;
	EXPECT_EQ(try_detach(at("/"), prog('a').get(), detaches).code(), -ESTALE);
	detaches.expected_revision = 2;
	EXPECT_FALSE(try_detach(at("/"), prog('a').get(), detaches));
	EXPECT_EQ(revision("/"), 3u) << "never reset";
}

TEST_F(positions, trap_53_a_stale_revision_is_told_before_an_ancestor_that_allows_none) {
	EXPECT_FALSE(attach("/", 'a', flag::none));
	bpf_attach_opts opts{flag::allow_multi};
	opts.expected_revision = 7;
	EXPECT_EQ(try_attach(at("/b"), prog('b'), opts).code(), -ESTALE);
	opts.expected_revision = 1;
	EXPECT_EQ(try_attach(at("/b"), prog('b'), opts).code(), -EPERM);
}

TEST_F(positions, errors_say_where_and_why) {
	attach("/a", 'a', flag::none);
	const attach_error refused = attach("/a/b/c", 'b');
	EXPECT_EQ(refused.code(), -EPERM);
	EXPECT_EQ(refused.decided_by, &at("/a"));
	EXPECT_NE(why(refused).find("EPERM: /a/b/c: the ancestor /a holds a program attached with NONE"),
			  std::string::npos)
		<< why(refused);
	EXPECT_NE(why(attach("/", 'a', 0x80)).find("EINVAL: /: the flags 0x80 have a bit"), std::string::npos);
	EXPECT_EQ(why(attach("/x", 'a')), "");
	EXPECT_NE(why(attach("/x", 'b', flag::none)).find("another mode than the flags NONE ask for"),
			  std::string::npos);
	EXPECT_NE(why(attach("/x", 'b', flag::allow_multi | flag::before | flag::after))
				  .find("ALLOW_MULTI|BEFORE|AFTER"),
			  std::string::npos);
	attach_error odd{attach_rule::anchor_handle, nullptr, nullptr, 0, -524};
	EXPECT_EQ(why(odd).substr(0, 10), "ENOTSUPP: ");
	odd.handle_error = -100'000;
	EXPECT_EQ(why(odd).substr(0, 14), "errno 100000: ");
	odd.handle_error = 9; // no errno has this sign
	EXPECT_EQ(odd.code(), -EBADF);
}

TEST_F(positions, trap_54_query_tells_the_full_count_into_a_short_buffer) {
	for (const char letter : {'a', 'b', 'c'})
		attach("/", letter);
	std::array<u32, 2> ids{}, modes{};
	cgroup_bpf_query_attr attr;
	attr.capacity = 2;
	attr.prog_ids = ids.data();
	attr.prog_attach_flags = modes.data();
	EXPECT_EQ(cgroup_bpf_query(at("/"), attr), -ENOSPC);
	EXPECT_EQ(attr.prog_cnt, 3u);
	EXPECT_EQ(ids, (std::array<u32, 2>{prog('a')->id, prog('b')->id}));
	EXPECT_EQ(modes, (std::array<u32, 2>{flag::allow_multi, flag::allow_multi}));
	attr.query_flags = query_flags::effective;
	EXPECT_EQ(cgroup_bpf_query(at("/"), attr), -EINVAL) << "prog_attach_flags of an effective query";
	attr.prog_attach_flags = nullptr;
	EXPECT_EQ(cgroup_bpf_query(at("/"), attr), -ENOSPC);
	EXPECT_EQ(attr.attach_flags, 0u);
	EXPECT_EQ(attr.revision, 0u);
	attr.query_flags = 2;
	EXPECT_EQ(cgroup_bpf_query(at("/"), attr), -EINVAL);
}

} // namespace
