// SPDX-License-Identifier: MIT
// Bad input: each case is an errno, another result that its declaration names, or a report that
// says which call, which value, and what to do. None is silent, none damages memory.

#include <limits>
#include <new>
#include <stdexcept>

#include <sockops/trace/trace.hpp>

#include "../no_memory.hpp"
#include "support.hpp"

namespace {

using namespace trap_test;
using namespace attach_flags;

struct bad_call : ::testing::Test {
	one_socket on;
	int runs = 0;
	recorded_reports reports;

	bad_call() { attach(*on.root, counts(runs)); }
	~bad_call() override {
		EXPECT_EQ(runs, 0);
		EXPECT_TRUE(reports.take().empty());
		EXPECT_EQ(preempt_count(), 0u);
	}
};

TEST_F(bad_call, more_than_4_arguments) {
	const u32 args[6] = {1, 2, 3, 4, 5, 6};
	EXPECT_EQ(tcp_call_bpf(&on.sk, BPF_SOCK_OPS_RTO_CB, 5, args), -1);
	expect_report(reports, "tcp_call_bpf", {"nargs 5", "4 arguments", "-1"});
	EXPECT_EQ(tcp_hook<release_6_18>::tcp_call_bpf(&on.sk, BPF_SOCK_OPS_RTO_CB, ~0u, args), -1);
	expect_report(reports, "tcp_call_bpf", {"nargs 4294967295"});
	EXPECT_EQ(tcp_call_bpf(&on.sk, BPF_SOCK_OPS_RTO_CB, 3, nullptr), -1);
	expect_report(reports, "tcp_call_bpf", {"op RTO_CB", "nargs 3", "null args"});
	EXPECT_EQ(tcp_hook<traced<>>::tcp_call_bpf(&on.sk, BPF_SOCK_OPS_RTO_CB, 5, args), -1);
	expect_report(reports, "tcp_call_bpf", {"nargs 5"});
}
TEST_F(bad_call, a_null_socket) {
	EXPECT_EQ(tcp_call_bpf(nullptr, BPF_SOCK_OPS_RWND_INIT, 0, nullptr), -1);
	expect_report(reports, "tcp_call_bpf", {"op 2", "null socket", "-1"});
	EXPECT_EQ(tcp_hook<traced<>>::tcp_call_bpf_2arg(nullptr, BPF_SOCK_OPS_STATE_CB, 1, 2), -1);
	expect_report(reports, "tcp_call_bpf", {"op 10", "null socket"});
}
TEST_F(bad_call, a_null_socket_at_the_call_sites_gets_the_defaults) {
	sock_common* volatile none = nullptr;
	EXPECT_EQ(tcp_timeout_init(none), 250u);
	expect_report(reports, "tcp_call_bpf", {"op 1", "null socket"});
	EXPECT_EQ(tcp_rwnd_init_bpf(none), 0u);
	expect_report(reports, "tcp_call_bpf", {"op 2", "null socket"});
	EXPECT_FALSE(tcp_bpf_ca_needs_ecn(none));
	expect_report(reports, "tcp_call_bpf", {"op 6", "null socket"});
}
TEST_F(bad_call, an_op_out_of_range) {
	for (const int op : {-1, 256, 1000, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
		EXPECT_EQ(on.call(op), -1);
		expect_report(reports, "tcp_call_bpf", {"op " + std::to_string(op), "0 to 255"});
	}
}
TEST_F(bad_call, they_are_reported_also_while_nothing_is_attached) {
	detach(*on.root, bpf_prog_ptr::adopt([&] {
		const bpf_prog* prog = nullptr;
		cgroup_bpf_query_result result{};
		EXPECT_EQ(cgroup_bpf_query(*on.root, false, &prog, 1, result), 0);
		bpf_prog_inc(const_cast<bpf_prog*>(prog));
		return const_cast<bpf_prog*>(prog);
	}()));
	ASSERT_FALSE(cgroup_bpf_enabled(CGROUP_SOCK_OPS));
	const u32 args[5] = {1, 2, 3, 4, 5};
	EXPECT_EQ(tcp_call_bpf(&on.sk, 8, 5, args), -1);
	expect_report(reports, "tcp_call_bpf", {"nargs 5"});
	EXPECT_EQ(tcp_call_bpf(nullptr, 8, 0, nullptr), -1);
	expect_report(reports, "tcp_call_bpf", {"null socket"});
	EXPECT_EQ(on.call(256), -1);
	expect_report(reports, "tcp_call_bpf", {"op 256"});
}
TEST_F(bad_call, a_socket_that_was_freed_or_never_initialised) {
	scoped_tcp_sock freed(on.in, *on.root);
	sk_free(freed);
	tcp_sock never;
	for (tcp_sock* sk : {static_cast<tcp_sock*>(&freed), &never}) {
		EXPECT_EQ(tcp_call_bpf_2arg(sk, BPF_SOCK_OPS_STATE_CB, 1, 2), -1);
		expect_report(reports, "tcp_call_bpf",
					  {"STATE_CB", "in no cgroup", "tcp_init_sock", "sk_free", "-1"});
		EXPECT_EQ(tcp_hook<traced<>>::tcp_call_bpf(sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr), -1);
		expect_report(reports, "tcp_call_bpf", {"RWND_INIT", "in no cgroup"});
		EXPECT_EQ(tcp_timeout_init(sk), 250u);
		expect_report(reports, "tcp_call_bpf", {"TIMEOUT_INIT", "in no cgroup"});
	}
}

TEST_F(bad_call, a_socket_of_no_net_where_one_is_needed) {
	const cgroup_root other;
	cgroup& removed = other.make("/removed");
	cgroup_get(removed);
	EXPECT_EQ(cgroup_rmdir(removed), 0);
	scoped_tcp_sock failed(on.in, removed);
	EXPECT_EQ(failed.error, -ENOENT);
	cgroup_put(removed);
	tcp_sock never;
	for (tcp_sock* sk : {static_cast<tcp_sock*>(&failed), &never}) {
		EXPECT_EQ(tcp_connect(*sk).timeout, 250u);
		expect_report(reports, "tcp_connect", {"of no net", "never initialised", "tcp_init_sock", "`error`"});
		EXPECT_TRUE(tcp_retransmit_timer(*sk, [] { return 0; }).expired);
		expect_report(reports, "tcp_write_timeout", {"of no net"});
		tcp_disconnect(*sk);
		expect_report(reports, "tcp_disconnect", {"of no net"});
		EXPECT_EQ(sock_gen_cookie(sk), 0u);
		expect_report(reports, "sock_gen_cookie", {"in no net", "tcp_init_sock()", "inet_reqsk_init()"});
	}
}
TEST_F(bad_call, a_copy_that_a_vector_makes_when_it_grows) {
	struct connection : tcp_sock {
		connection(net& in, cgroup& cgrp) { EXPECT_EQ(tcp_init_sock(*this, in, cgrp), 0); }
		connection(const connection&) = default;
		~connection() { sk_free(*this); }
	};
	const cgroup_root other;
	cgroup& apps = other.make("/apps");
	const bpf_link link(apps, make_bpf_prog("answers", [](bpf_sock_ops& skops) {
							skops.reply = 50;
							return 1;
						}));
	{
		std::vector<connection> all;
		all.reserve(1);
		all.emplace_back(on.in, apps);
		EXPECT_EQ(apps.refcnt, 2u);
		EXPECT_EQ(tcp_timeout_init(&all[0]), 50u);
		all.emplace_back(on.in, apps);
		EXPECT_EQ(apps.refcnt, 2u) << "the first has given its reference back, and has none now";
		EXPECT_EQ(tcp_timeout_init(&all[1]), 50u);
		EXPECT_EQ(tcp_timeout_init(&all[0]), 250u);
		expect_report(reports, "tcp_call_bpf",
					  {"TIMEOUT_INIT", "in no cgroup", "a copy of another", "std::vector"});
		all[0] = all[1]; // each keeps its own
		EXPECT_EQ(tcp_timeout_init(&all[1]), 50u);
	}
	EXPECT_EQ(apps.refcnt, 1u);
}

TEST(bad_call_default, ends_the_process_with_the_call_and_the_value) {
	one_socket on;
	const u32 args[5] = {};
	EXPECT_DEATH(tcp_call_bpf(&on.sk, 8, 5, args), "sockops: illegal use: tcp_call_bpf: nargs 5");
	EXPECT_DEATH(tcp_call_bpf(nullptr, 8, 0, nullptr), "sockops: illegal use: tcp_call_bpf: .*null socket");
}

TEST(bad_call_default, a_handler_that_throws_ends_the_process_unless_the_misuse_handler_returns) {
	one_socket on;
	attach(*on.root,
		   make_bpf_prog("thrower", [](bpf_sock_ops&) -> int { throw std::runtime_error("boom"); }));
	EXPECT_DEATH(on.call(BPF_SOCK_OPS_RWND_INIT), "sockops: illegal use: bpf_prog_run: .*thrower.*boom");
}

TEST(odd_call, an_op_that_is_not_known_yet_reaches_the_programs) {
	one_socket on;
	attach(*on.root, make_bpf_prog("echo", [](bpf_sock_ops& skops) {
		skops.reply = skops.op;
		return 1;
	}));
	for (const int op : {0, 21, 200, 255})
		EXPECT_EQ(on.call(op), op);
	EXPECT_STREQ(op_name(21), "UNKNOWN");
	EXPECT_EQ(op_nargs(200), 0u);
	EXPECT_EQ(find_op(~0u), nullptr);
	EXPECT_STREQ(tcp_state_name(14), "UNKNOWN");
	EXPECT_STREQ(tcp_state_name(13), "BOUND_INACTIVE");
}

TEST(bad_read, beyond_the_end_of_an_array_field_is_reported_and_0) {
	one_socket on;
	recorded_reports reports;
	attach(*on.root, make_bpf_prog("reads", [&](bpf_sock_ops& skops) {
		EXPECT_EQ(skops.args[4], 0u);
		expect_report(reports, "bpf_sock_ops", {"args[4]", "4 elements"});
		EXPECT_EQ(skops.remote_ip6[4], 0u);
		expect_report(reports, "bpf_sock_ops", {"remote_ip6[4]"});
		EXPECT_EQ(skops.replylong[~0u], 0u);
		expect_report(reports, "bpf_sock_ops", {"replylong[4294967295]"});
		return 1;
	}));
	on.call(BPF_SOCK_OPS_RTO_CB);
}

TEST_F(bad_call, sockets_that_are_alive_and_requests_that_are_not) {
	EXPECT_EQ(tcp_init_sock(on.sk, on.in, *on.root), -EBUSY);
	expect_report(reports, "tcp_init_sock", {"alive, in /", "sk_free()"});
	tcp_sock child;
	request_sock blank;
	inet_csk_clone(child, on.sk, blank);
	expect_report(reports, "inet_csk_clone", {"inet_reqsk_init", "no child"});
	EXPECT_EQ(child.sk_cgrp_data, nullptr);
	request_sock req;
	inet_reqsk_init(req, &on.sk, on.in);
	const u32 references = on.root->refcnt;
	inet_csk_clone(child, on.sk, req);
	inet_csk_clone(child, on.sk, req);
	expect_report(reports, "inet_csk_clone", {"alive, in /", "sk_free()"});
	sk_free(child);
	EXPECT_EQ(on.root->refcnt, references);
}
TEST_F(bad_call, an_option_without_a_value) {
	bpf_sock_ops_kern ctx{};
	ctx.sk = &on.sk;
	ctx.op = BPF_SOCK_OPS_TCP_CONNECT_CB;
	ctx.is_fullsock = ctx.is_locked_tcp_sock = 1;
	bpf_sock_ops skops(ctx);
	EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, nullptr, 4), -EINVAL);
	expect_report(reports, "bpf_setsockopt", {"optval is null", "optlen 4"});
	EXPECT_EQ(bpf_getsockopt(skops, sol::tcp, TCP_BPF_RTO_MIN, nullptr, 4), -EINVAL);
	expect_report(reports, "bpf_getsockopt", {"optval is null", "optlen 4"});
}

struct bad_attach : ::testing::Test {
	one_socket on;
	bpf_prog_ptr prog = answers({1, 1});
	cgroup& root = *on.root;
};

TEST_F(bad_attach, no_program) {
	EXPECT_EQ(cgroup_bpf_attach(root, bpf_prog_ptr{}), -EINVAL);
	attach(root, prog);
	EXPECT_EQ(cgroup_bpf_detach(root, nullptr), -EINVAL);
}
TEST_F(bad_attach, unknown_flags) {
	for (u32 flag = 0x80; flag != 0; flag <<= 1)
		for (const u32 mode : {none, allow_override, allow_multi})
			if (flag != attach_flags::link) {
				EXPECT_EQ(cgroup_bpf_attach(root, prog, mode | flag), -EINVAL) << flag;
			}
	EXPECT_EQ(cgroup_bpf_attach(root, prog, allow_override | allow_multi), -EINVAL);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 0);
}
TEST_F(bad_attach, a_type_out_of_range) {
	for (const auto type : {MAX_CGROUP_BPF_ATTACH_TYPE, static_cast<cgroup_bpf_attach_type>(200)}) {
		cgroup_bpf_query_result result{};
		EXPECT_EQ(cgroup_bpf_attach(root, prog, allow_multi, type), -EINVAL);
		EXPECT_EQ(cgroup_bpf_detach(root, prog.get(), type), -EINVAL);
		EXPECT_EQ(cgroup_bpf_query(root, true, nullptr, 0, result, type), -EINVAL);
	}
}
TEST_F(bad_attach, detach_of_what_is_not_attached) {
	EXPECT_EQ(cgroup_bpf_detach(root, prog.get()), -ENOENT);
	EXPECT_EQ(cgroup_bpf_detach(root, nullptr), -ENOENT);
	const auto other = answers({2, 1});
	attach(root, other);
	EXPECT_EQ(cgroup_bpf_detach(root, prog.get()), -ENOENT);
	detach(root, other);
	EXPECT_EQ(cgroup_bpf_detach(root, other.get()), -ENOENT);
}

TEST_F(bad_attach, everything_on_a_removed_cgroup_is_enoent) {
	cgroup* const gone = cgroup_mkdir(root, "gone");
	attach(*gone, prog);
	cgroup_get(*gone);
	EXPECT_EQ(cgroup_rmdir(*gone), 0);
	EXPECT_EQ(cgroup_rmdir(*gone), -ENOENT);
	EXPECT_EQ(cgroup_bpf_attach(*gone, answers({2, 1})), -ENOENT);
	EXPECT_EQ(cgroup_bpf_attach(*gone, prog, allow_override | allow_multi), -ENOENT); // before the flags
	EXPECT_EQ(cgroup_bpf_detach(*gone, prog.get()), -ENOENT);
	cgroup_bpf_query_result result{};
	EXPECT_EQ(cgroup_bpf_query(*gone, false, nullptr, 0, result), -ENOENT);
	EXPECT_EQ(cgroup_bpf_query(*gone, true, nullptr, 0, result), -ENOENT);
	int error = 0;
	EXPECT_EQ(cgroup_mkdir(*gone, "child", &error), nullptr);
	EXPECT_EQ(error, -ENOENT);
	scoped_tcp_sock sk(on.in, *gone);
	EXPECT_EQ(sk.error, -ENOENT);
	EXPECT_EQ(sock_cgroup_ptr(&sk), nullptr);
	EXPECT_EQ(prog->refcnt, 2u);
	cgroup_put(*gone);
	EXPECT_EQ(prog->refcnt, 1u);
}

TEST_F(bad_attach, rmdir_of_what_is_in_use) {
	cgroup* const parent = cgroup_mkdir(root, "parent");
	cgroup* const child = cgroup_mkdir(*parent, "child");
	EXPECT_EQ(cgroup_rmdir(*parent), -EBUSY);
	EXPECT_EQ(cgroup_rmdir(root), -EBUSY);
	EXPECT_EQ(cgroup_rmdir(*child), 0);
	EXPECT_EQ(cgroup_rmdir(*parent), 0);
	EXPECT_EQ(cgroup_rmdir(root), -EBUSY); // a root goes with its cgroup_root
}

TEST_F(bad_attach, mkdir_of_names_that_cannot_be) {
	EXPECT_NE(cgroup_mkdir(root, "taken"), nullptr);
	const std::pair<std::string_view, int> cases[] = {
		{"", -EINVAL}, {"/", -EINVAL}, {"a/b", -EINVAL}, {"taken", -EEXIST}};
	for (const auto& [name, expected] : cases) {
		int error = 0;
		EXPECT_EQ(cgroup_mkdir(root, name, &error), nullptr) << name;
		EXPECT_EQ(error, expected) << name;
	}
	EXPECT_EQ(cgroup_mkdir(root, "taken"), nullptr); // the errno is optional
}

TEST(bad_tree, a_root_without_memory_throws_bad_alloc) {
	for (const int after : {0, 1}) { // the name, the cgroup
		const no_memory_after failing(after);
		EXPECT_THROW(cgroup_root(), std::bad_alloc);
	}
}

TEST(bad_tree, sockets_may_outlive_their_tree) {
	net in;
	tcp_sock sk;
	int runs = 0;
	{
		cgroup_root root;
		cgroup* const child = cgroup_mkdir(*root, "child");
		ASSERT_EQ(tcp_init_sock(sk, in, *child), 0);
		attach(*child, counts(runs));
		attach(*root, counts(runs));
	}
	(void)tcp_call_bpf(&sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr);
	EXPECT_EQ(runs, 2);
	sk_free(sk);
	EXPECT_EQ(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]), 0u);
}

} // namespace
