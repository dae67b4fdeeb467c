// SPDX-License-Identifier: MIT
// Traps of dispatch and of its result: what runs, what the caller gets.

#include "support.hpp"

namespace {

using namespace trap_test;

struct dispatch : testing::Test {
	one_socket on;
};
template <class Release>
struct every_release : testing::Test {};
using releases = testing::Types<release_text, release_5_2, release_6_18>;
TYPED_TEST_SUITE(every_release, releases);

void expect_defaults(one_socket& on) {
	EXPECT_EQ(on.call(BPF_SOCK_OPS_TIMEOUT_INIT), 0);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RWND_INIT), 0);
	EXPECT_EQ(tcp_call_bpf_2arg(&on.sk, BPF_SOCK_OPS_STATE_CB, 7, 2), 7);
	EXPECT_EQ(tcp_call_bpf_3arg(&on.sk, BPF_SOCK_OPS_RTO_CB, 9, 2, 1), 9);
	const u32 args[4] = {0xffff'fffe, 1, 2, 3};
	EXPECT_EQ(tcp_call_bpf(&on.sk, BPF_SOCK_OPS_RETRANS_CB, 4, args), -2);
	EXPECT_EQ(tcp_timeout_init(&on.sk), on.in.profile.hz);
	EXPECT_EQ(tcp_rwnd_init_bpf(&on.sk), 0u);
	EXPECT_FALSE(tcp_bpf_ca_needs_ecn(&on.sk));
	EXPECT_EQ(tcp_bpf_base_rtt(on.sk), 0u);
}

TEST(trap_01, nothing_attached_is_not_a_failure) {
	one_socket on;
	ASSERT_EQ(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]), 0u);
	expect_defaults(on);
}

TEST(trap_01, nothing_attached_here_while_something_is_elsewhere) {
	one_socket on, other;
	attach(*other.root, answers({5, 0}));
	ASSERT_TRUE(cgroup_bpf_enabled(CGROUP_SOCK_OPS));
	expect_defaults(on);
	EXPECT_EQ(other.call(BPF_SOCK_OPS_RWND_INIT), -1);
}

TEST(trap_01, a_program_that_leaves_the_reply_alone_changes_nothing) {
	one_socket on;
	attach(*on.root, answers({leaves, 1}));
	expect_defaults(on);
}

TYPED_TEST(every_release, trap_02_a_denial_is_minus_1_and_loses_the_reply) {
	one_socket on;
	attach(*on.root, answers({5, 0}));
	EXPECT_EQ(on.template call<TypeParam>(BPF_SOCK_OPS_TIMEOUT_INIT), -1);
	EXPECT_EQ((tcp_hook<TypeParam>::tcp_call_bpf_2arg(&on.sk, BPF_SOCK_OPS_STATE_CB, 7, 2)), -1);
	EXPECT_EQ(tcp_hook<TypeParam>::tcp_timeout_init(&on.sk), 250u);
	EXPECT_EQ(tcp_hook<TypeParam>::tcp_rwnd_init_bpf(&on.sk), 0u);
	EXPECT_EQ(tcp_hook<TypeParam>::tcp_bpf_base_rtt(on.sk), 0u);
	EXPECT_FALSE(tcp_hook<TypeParam>::tcp_bpf_ca_needs_ecn(&on.sk));
}

using trap_02 = dispatch;
TEST_F(trap_02, a_denied_reply_of_1_asks_for_no_ecn) {
	attach(*on.root, answers({1, 0}));
	EXPECT_FALSE(tcp_bpf_ca_needs_ecn(&on.sk));
}

TYPED_TEST(every_release, trap_03_all_programs_run_after_a_denial) {
	one_socket on;
	int first = 0, second = 0, third = 0;
	attach(*on.root, counts(first, 0));
	attach(*on.root, counts(second));
	attach(*on.root, counts(third, 0));
	EXPECT_EQ(on.template call<TypeParam>(BPF_SOCK_OPS_RWND_INIT), -1);
	EXPECT_EQ(first, 1);
	EXPECT_EQ(second, 1);
	EXPECT_EQ(third, 1);
}

TYPED_TEST(every_release, trap_03_a_denial_is_not_undone_by_a_later_success) {
	for (int denier = 0; denier != 3; ++denier) {
		one_socket on;
		for (int i = 0; i != 3; ++i)
			attach(*on.root, answers({i, i == denier ? 0u : 1u}));
		EXPECT_EQ(on.template call<TypeParam>(BPF_SOCK_OPS_RWND_INIT), -1) << denier;
	}
}

TEST(trap_04, the_last_writer_wins_and_args_0_is_clobbered) {
	one_socket on;
	u32 seen[4] = {}, reply = 0;
	attach(*on.root, answers({9, 1}));
	attach(*on.root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		for (unsigned i = 0; i != 4; ++i)
			seen[i] = skops.args[i];
		reply = skops.reply;
		return 1;
	}));
	EXPECT_EQ(tcp_call_bpf_2arg(&on.sk, BPF_SOCK_OPS_STATE_CB, 1, 4), 9);
	EXPECT_EQ(seen[0], 9u);
	EXPECT_EQ(reply, 9u);
	EXPECT_EQ(seen[1], 4u);
	EXPECT_EQ(seen[2], 0u);
	EXPECT_EQ(seen[3], 0u);
	attach(*on.root, answers({11, 1}));
	EXPECT_EQ(tcp_call_bpf_2arg(&on.sk, BPF_SOCK_OPS_STATE_CB, 1, 4), 11);
}

TEST(trap_04, what_a_denier_wrote_is_still_seen_by_the_next) {
	one_socket on;
	u32 seen = 0;
	attach(*on.root, answers({77, 0}));
	attach(*on.root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		seen = skops.args[0];
		return 1;
	}));
	EXPECT_EQ(tcp_call_bpf_2arg(&on.sk, BPF_SOCK_OPS_STATE_CB, 1, 4), -1);
	EXPECT_EQ(seen, 77u);
}

TEST(trap_05, the_reply_is_a_signed_number) {
	one_socket on;
	attach(*on.root, answers({0x8000'0000, 1}));
	EXPECT_EQ(on.call(BPF_SOCK_OPS_TIMEOUT_INIT), static_cast<int>(0x8000'0000));
	EXPECT_EQ(tcp_timeout_init(&on.sk), 250u);
	EXPECT_EQ(tcp_rwnd_init_bpf(&on.sk), 0u);
	EXPECT_EQ(tcp_bpf_base_rtt(on.sk), 0u);
}

TEST(trap_06, needs_ecn_only_on_exactly_1) {
	for (const s64 reply : {s64{0}, s64{2}, s64{3}, s64{-1}, s64{0x101}, leaves}) {
		one_socket on;
		attach(*on.root, answers({reply, 1}));
		EXPECT_FALSE(tcp_bpf_ca_needs_ecn(&on.sk)) << reply;
	}
	one_socket on;
	attach(*on.root, answers({1, 1}));
	EXPECT_TRUE(tcp_bpf_ca_needs_ecn(&on.sk));
}

TEST(trap_07, a_window_of_minus_1_and_of_0_both_mean_the_default) {
	for (const auto& [reply, window] : {std::pair<s64, u32>{-1, 0}, {0, 0}, {1, 1}, {40, 40}}) {
		one_socket on;
		attach(*on.root, answers({reply, 1}));
		EXPECT_EQ(tcp_rwnd_init_bpf(&on.sk), window) << reply;
	}
}

TEST(trap_08, the_timeout_is_clamped_to_120_s_except_in_the_old_profile) {
	one_socket today, old(net_profile::linux_5_0()), fast(net_profile{1000, true, true});
	for (one_socket* on : {&today, &old, &fast})
		attach(*on->root, answers({200 * on->in.profile.hz, 1}));
	EXPECT_EQ(tcp_timeout_init(&today.sk), 120 * 250u);
	EXPECT_EQ(tcp_timeout_init(&fast.sk), 120 * 1000u);
	EXPECT_EQ(tcp_timeout_init(&old.sk), 200 * 250u);
}

TEST(trap_08, exactly_120_s_and_one_jiffy_stay_as_they_are) {
	for (const s64 reply : {1, 120 * 250}) {
		one_socket on;
		attach(*on.root, answers({reply, 1}));
		EXPECT_EQ(tcp_timeout_init(&on.sk), reply);
	}
}

// One program returning what no verifier lets through: the folds differ as the kernels did.
template <class Release>
int result_of_returning(std::initializer_list<u32> returns) {
	one_socket on;
	for (const u32 ret : returns)
		attach(*on.root, answers({6, ret}));
	return on.call<Release>(BPF_SOCK_OPS_RWND_INIT);
}
TEST(trap_09, the_old_and_the_new_fold_differ_on_a_return_of_2) {
	EXPECT_EQ(result_of_returning<release_text>({2}), -1);
	EXPECT_EQ(result_of_returning<release_5_2>({2}), -1);
	EXPECT_EQ(result_of_returning<release_6_18>({2}), 6);
	EXPECT_EQ(result_of_returning<default_release>({1, 2}), -1);
	EXPECT_EQ(result_of_returning<release_6_18>({1, 2}), 6);
}
TEST(trap_09, they_agree_on_0_1_and_3) {
	const auto all_agree = [](std::initializer_list<u32> returns, int result) {
		EXPECT_EQ(result_of_returning<release_text>(returns), result);
		EXPECT_EQ(result_of_returning<release_5_2>(returns), result);
		EXPECT_EQ(result_of_returning<release_6_18>(returns), result);
	};
	all_agree({}, 0);
	all_agree({1}, 6);
	all_agree({3}, 6);
	all_agree({3, 1}, 6);
	all_agree({0}, -1);
	all_agree({0, 1}, -1);
	all_agree({1, 0, 3}, -1);
}

// The three runners by their own returns: the fold, or 0 / -errno.
bpf_sock_ops_kern context_of(sock_common& sk) {
	bpf_sock_ops_kern ctx{};
	ctx.sk = &sk;
	ctx.op = BPF_SOCK_OPS_TCP_LISTEN_CB;
	return ctx;
}
TEST_F(dispatch, run_array_returns_the_fold_and_its_cg_form_an_errno) {
	auto ctx = context_of(on.sk);
	const auto array = on.root->bpf.effective(CGROUP_SOCK_OPS);
	EXPECT_EQ(bpf_prog_run_array(array, &ctx), 1u);
	EXPECT_EQ(bpf_prog_run_array_check(array, &ctx), 1u);
	EXPECT_EQ(bpf_prog_run_array_cg(array, &ctx), 0);
	const auto denies = answers({leaves, 0}), odd = answers({leaves, 2});
	attach(*on.root, odd);
	EXPECT_EQ(bpf_prog_run_array(array, &ctx), 0u);
	EXPECT_EQ(bpf_prog_run_array_cg(array, &ctx), 0);
	EXPECT_EQ(bpf_prog_run_array_cg<run_policy_4_19>(array, &ctx), -EPERM);
	detach(*on.root, odd);
	attach(*on.root, denies);
	EXPECT_EQ(bpf_prog_run_array(array, &ctx), 0u);
	EXPECT_EQ(bpf_prog_run_array_check(array, &ctx), 0u);
	EXPECT_EQ(bpf_prog_run_array_cg(array, &ctx), -EPERM);
	EXPECT_EQ(cgroup_bpf_run_filter_sock_ops(&on.sk, &ctx, CGROUP_SOCK_OPS), -EPERM);
	EXPECT_EQ(bpf_cgroup_run_prog_sock_ops(&ctx), -EPERM);
	EXPECT_EQ(tcp_hook<release_6_18>::bpf_cgroup_run_prog_sock_ops(&ctx), -EPERM);
}
TEST_F(dispatch, the_checked_run_of_a_null_array_answers_1) {
	auto ctx = context_of(on.sk);
	const rcu_pointer<bpf_prog_array> nothing;
	EXPECT_EQ(bpf_prog_run_array_check(nothing, &ctx), 1u);
}
TEST_F(dispatch, a_context_without_a_socket_runs_nothing) {
	int runs = 0;
	attach(*on.root, counts(runs, 0));
	bpf_sock_ops_kern ctx{};
	EXPECT_EQ(bpf_cgroup_run_prog_sock_ops(&ctx), 0);
	EXPECT_EQ(runs, 0);
}

// The context is built on a stack that held something else before.
[[gnu::noinline]] void poison_stack() {
	volatile unsigned char dirt[4096];
	for (volatile unsigned char& byte : dirt)
		byte = 0xa5;
}
[[gnu::noinline]] int call_with(one_socket& on, int op, u32 nargs, const u32* args) {
	return tcp_call_bpf(&on.sk, op, nargs, args);
}
TEST(trap_10, all_before_temp_is_zero_unless_set) {
	one_socket on;
	int runs = 0;
	attach(*on.root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		const bpf_sock_ops_kern& ctx = skops.kern();
		const u32 expected[4][4] = {{}, {7}, {7, 2}, {7, 2, 9}};
		for (unsigned i = 0; i != 4; ++i)
			EXPECT_EQ(ctx.args[i], expected[runs][i]) << "args " << i << " of " << runs;
		EXPECT_EQ(ctx.sk, &on.sk);
		EXPECT_EQ(ctx.syn_skb, nullptr);
		EXPECT_EQ(ctx.skb, nullptr);
		EXPECT_EQ(ctx.skb_data_end, nullptr);
		EXPECT_EQ(ctx.remaining_opt_len, 0);
		EXPECT_EQ(ctx.is_fullsock, 1);
		EXPECT_EQ(ctx.is_locked_tcp_sock, 1);
		EXPECT_EQ(ctx.op, BPF_SOCK_OPS_RTT_CB);
		++runs;
		return 1;
	}));
	const u32 args[] = {7, 2, 9};
	for (u32 nargs = 0; nargs != 4; ++nargs) {
		poison_stack();
		call_with(on, BPF_SOCK_OPS_RTT_CB, nargs, args);
	}
	EXPECT_EQ(runs, 4);
}

TEST_F(dispatch, each_call_starts_with_its_own_arguments) {
	std::vector<u32> seen;
	attach(*on.root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		for (unsigned i = 0; i != 4; ++i)
			seen.push_back(skops.replylong[i]);
		skops.reply = 99;
		return 1;
	}));
	const u32 four[4] = {1, 2, 3, 4};
	EXPECT_EQ(tcp_call_bpf(&on.sk, BPF_SOCK_OPS_RTO_CB, 4, four), 99);
	EXPECT_EQ(tcp_call_bpf_3arg(&on.sk, BPF_SOCK_OPS_RTO_CB, 5, 6, 7), 99);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_RTO_CB), 99);
	EXPECT_EQ(seen, (std::vector<u32>{1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0}));
}

TEST_F(dispatch, the_static_key_counts_attachments) {
	cgroup* const child = cgroup_mkdir(*on.root, "child");
	const auto key = [] { return static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]); };
	const auto a = answers({1, 1}), b = answers({2, 1});
	attach(*on.root, a, attach_flags::allow_override);
	EXPECT_EQ(key(), 1u);
	attach(*on.root, b, attach_flags::allow_override); // replaces
	EXPECT_EQ(key(), 1u);
	attach(*child, a);
	EXPECT_EQ(key(), 2u);
	detach(*on.root, b);
	EXPECT_EQ(key(), 1u);
	EXPECT_EQ(cgroup_rmdir(*child), 0); // nobody holds it: its attachment goes with it
	EXPECT_EQ(key(), 0u);
}

} // namespace
