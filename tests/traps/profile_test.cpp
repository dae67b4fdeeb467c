// SPDX-License-Identifier: MIT
// The nets of another release: what profile_of() takes away of ops, callback flags and options, row by row,
// and what it changes.

#include <sockops/trace/trace.hpp>

#include "../../src/cgroup/attach_flag_table.hpp"
#include "../release_before.hpp"
#include "support.hpp"

namespace {

using namespace trap_test;

/// A socket of that release with a program.
struct socket_of {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk{in, *root};

	template <class Handler>
	socket_of(kernel_release kernel, Handler handler) : in(profile_of(kernel)) {
		attach(*root, make_bpf_prog("asks", std::move(handler)));
	}
};

int flags_answer(kernel_release kernel, int flags) {
	int answer = -1;
	socket_of on(kernel,
				 [&](bpf_sock_ops& skops) { return answer = bpf_sock_ops_cb_flags_set(skops, flags), 1; });
	(void)tcp_timeout_init(&on.sk);
	EXPECT_EQ(on.sk.bpf_sock_ops_cb_flags, flags & ~answer);
	return answer;
}

TEST(profile_of, has_the_callback_flags_of_its_release) {
	for (const cb_flag_info& each : cb_flag_table) {
		EXPECT_EQ(flags_answer(each.since, each.flag), 0) << each.name;
		EXPECT_EQ(flags_answer(release_before(each.since), each.flag), each.flag) << each.name;
	}
	EXPECT_EQ(flags_answer(release(5, 9), 0xff), 0xf0) << "the others are set all the same";
}

TEST(profile_of, refuses_other_flags_as_an_option_too) {
	int whole = 0, part = 0;
	net_profile profile;
	profile.cb_flags = 0x0f;
	net in(profile);
	cgroup_root root;
	scoped_tcp_sock sk(in, *root);
	attach(*root, make_bpf_prog("asks", [&](bpf_sock_ops& skops) {
		const int all = 0x1f, some = 0x09;
		whole = bpf_setsockopt(skops, sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &all, sizeof all);
		part = bpf_setsockopt(skops, sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &some, sizeof some);
		return 1;
	}));
	(void)tcp_timeout_init(&sk);
	EXPECT_EQ(whole, -EINVAL);
	EXPECT_EQ(part, 0);
	EXPECT_EQ(sk.bpf_sock_ops_cb_flags, 0x09);
}

/// Which ops come, of those that need no flag and that a stack asks or tells on its own.
std::string ops_of(kernel_release kernel) {
	std::string seen;
	socket_of on(kernel, [&](bpf_sock_ops& skops) {
		seen += (seen.empty() ? "" : " ") + std::string(op_name(skops.op));
		return skops.reply = 77, 1;
	});
	EXPECT_EQ(tcp_bpf_base_rtt(on.sk), kernel < release(4, 15) ? 0u : 77u);
	EXPECT_EQ(inet_listen(on.sk), 0);
	EXPECT_EQ(on.sk.skc_state, TCP_LISTEN);
	return seen;
}

TEST(profile_of, calls_no_op_that_is_younger) {
	EXPECT_EQ(ops_of(release(4, 14)), "");
	EXPECT_EQ(ops_of(release(4, 15)), "BASE_RTT");
	EXPECT_EQ(ops_of(release(4, 18)), "BASE_RTT");
	EXPECT_EQ(ops_of(release(4, 19)), "BASE_RTT TCP_LISTEN_CB");
}

TEST(profile_of, tells_nobody_that_an_op_was_due_that_it_has_not) {
	struct counts final : net_observer {
		unsigned withheld_ops = 0;
		void withheld(const trace_call&) override { ++withheld_ops; }
	};
	using hook = tcp_hook<traced<release_6_18>>;
	for (const auto& [kernel, expected] : {std::pair(release(5, 2), 0u), std::pair(release(5, 3), 1u)}) {
		net in(profile_of(kernel));
		cgroup_root root;
		scoped_tcp_sock sk{in, *root};
		counts all;
		const net_watch watching(in, all);
		hook::tcp_bpf_rtt(sk, 1, 8);
		EXPECT_EQ(all.withheld_ops, expected);
	}
}

/// The first of the errors with which the option can be set and read; 0: it can.
std::pair<int, int> option_errors(kernel_release kernel, const sockopt_info& row) {
	std::pair<int, int> errors{-1, -1};
	socket_of on(kernel, [&](bpf_sock_ops& skops) {
		int value = static_cast<int>(std::max<s64>(row.min, 1));
		if (row.optname == TCP_BPF_RTO_MIN || row.optname == TCP_BPF_DELACK_MAX)
			value = 20'000;
		errors.first = row.set ? bpf_setsockopt(skops, row.level, row.optname, &value, sizeof value) : 0;
		errors.second = row.get ? bpf_getsockopt(skops, row.level, row.optname, &value, sizeof value) : 0;
		return 1;
	});
	(void)tcp_timeout_init(&on.sk);
	return errors;
}

TEST(profile_of, has_the_options_of_its_release) {
	for (const sockopt_info& row : sockopts()) {
		if (row.since == sockopt_info::by_6_1 || row.optlen != sockopt_info::length::word)
			continue;
		const kernel_release read_since = row.read_since != 0 ? row.read_since : row.since;
		EXPECT_EQ(option_errors(row.since, row).first, 0) << row.name;
		EXPECT_EQ(option_errors(read_since, row).second, 0) << row.name;
		if (row.since == first_release)
			continue;
		const int set_before = option_errors(release_before(row.since), row).first;
		EXPECT_EQ(set_before, row.set ? -EINVAL : 0) << row.name;
		const int read_before = option_errors(release_before(read_since), row).second;
		EXPECT_EQ(read_before, row.get ? -EINVAL : 0) << row.name;
	}
}

TEST(profile_of, reads_no_headers_of_a_syn_before_there_is_the_option) {
	for (const auto& [kernel, expected] :
		 {std::pair(release(5, 9), -EINVAL), std::pair(release(5, 10), -ENOENT)}) {
		int answer = 0;
		socket_of on(kernel, [&](bpf_sock_ops& skops) {
			char header[60];
			return answer = bpf_getsockopt(skops, sol::tcp, TCP_BPF_SYN, header, sizeof header), 1;
		});
		(void)tcp_timeout_init(&on.sk);
		EXPECT_EQ(answer, expected);
	}
}

TEST(profile_of, takes_options_of_which_nobody_knows_how_old_they_are) {
	int answer = -1;
	socket_of on(first_release, [&](bpf_sock_ops& skops) {
		const int value = 1;
		return answer = bpf_setsockopt(skops, sol::socket, so_option::keepalive, &value, sizeof value), 1;
	});
	(void)tcp_timeout_init(&on.sk);
	EXPECT_EQ(answer, 0);
}

u32 longest_timeout(kernel_release kernel) {
	socket_of on(kernel, [](bpf_sock_ops& skops) { return skops.reply = 1'000'000, 1; });
	return tcp_timeout_init(&on.sk);
}
u32 first_argument_of_rtt(kernel_release kernel) {
	u32 seen = ~0u;
	socket_of on(kernel, [&](bpf_sock_ops& skops) { return seen = skops.args[0], 1; });
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG;
	tcp_bpf_rtt(on.sk, 123, 456);
	return seen;
}

TEST(profile_of, changes_what_an_op_means) {
	EXPECT_EQ(longest_timeout(release(5, 13)), 1'000'000u);
	EXPECT_EQ(longest_timeout(release(5, 14)), 120u * 250);
	EXPECT_EQ(first_argument_of_rtt(release(6, 9)), 0u);
	EXPECT_EQ(first_argument_of_rtt(release(6, 10)), 123u);
}

TEST(attach_flags_of_a_release, are_those_of_their_table) {
	for (const detail::attach_flag_row& row : detail::attach_flag_rows) {
		EXPECT_EQ(detail::too_young_attach_flag(row.flag, std::max(row.since, first_release)), nullptr);
		if (row.since > first_release) {
			EXPECT_EQ(detail::too_young_attach_flag(row.flag, release_before(row.since)), &row) << row.name;
		}
	}
	EXPECT_EQ(detail::too_young_attach_flag(attach_flags::none, first_release), nullptr);
}

TEST(profile_of, is_the_default_for_the_release_that_is_modelled) {
	constexpr net_profile of = profile_of(modelled_release), without{};
	static_assert(of.hz == without.hz && of.clamp_timeout_init == without.clamp_timeout_init &&
				  of.rtt_cb_args == without.rtt_cb_args && of.cb_flags == without.cb_flags &&
				  of.no_nodelay_in_hdr_opt == without.no_nodelay_in_hdr_opt && of.kernel == without.kernel);
}

} // namespace
