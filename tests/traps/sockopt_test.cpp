// SPDX-License-Identifier: MIT
// Traps of bpf_setsockopt() and bpf_getsockopt(): the whole table, the backend, children. What each value
// becomes is held against the kernel in tests/kernel/sockopt/.

#include <array>
#include <climits>
#include <cstring>
#include <set>

#include "sockopt_support.hpp"

namespace {

using namespace trap_test;

// --- the table ----------------------------------------------------------------------------------

TEST_F(sockopt, each_row_is_found_by_its_numbers_and_there_is_one_of_each) {
	std::set<std::pair<int, int>> numbers;
	std::set<std::string> names;
	for (const sockopt_info& row : sockopts()) {
		EXPECT_EQ(find_sockopt(row.level, row.optname), &row) << row.name;
		EXPECT_TRUE(numbers.insert({row.level, row.optname}).second) << row.name;
		EXPECT_TRUE(names.insert(row.name).second) << row.name;
		EXPECT_LE(row.min, row.max) << row.name;
	}
	EXPECT_EQ(find_sockopt(sol::tcp, 0), nullptr);
	EXPECT_EQ(find_sockopt(7, so_option::rcvbuf), nullptr);
}

using trap_26 = sockopt;
TEST_F(trap_26, no_option_is_set_or_read_in_an_op_without_the_lock) {
	for (const sockopt_info& row : sockopts()) {
		EXPECT_EQ(set(tp, row.level, row.optname, 1, BPF_SOCK_OPS_TSTAMP_SCHED_CB), -EOPNOTSUPP) << row.name;
		EXPECT_EQ(get(tp, row.level, row.optname, BPF_SOCK_OPS_TSTAMP_SENDMSG_CB), 0x5a5a5a5a) << row.name;
		EXPECT_EQ(error, -EOPNOTSUPP) << row.name;
	}
}

struct refusing_backend final : tcp_backend {
	std::string log;
	int answer = 0;
	int sockopt_refused(const tcp_sock&, int level, int optname) noexcept override {
		log += "may " + std::to_string(level) + "/" + std::to_string(optname) + ";";
		return answer;
	}
	void sockopt_set(tcp_sock&, int level, int optname) noexcept override {
		log += "set " + std::to_string(level) + "/" + std::to_string(optname) + ";";
	}
	int set_congestion_control(tcp_sock&, const char* name) noexcept override {
		log += name;
		return 0;
	}
};

using trap_33 = sockopt;
TEST_F(trap_33, every_option_of_a_request_is_einval_and_no_backend_hears_of_it) {
	refusing_backend backend;
	tp.backend = &backend;
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	for (const sockopt_info& row : sockopts()) {
		EXPECT_EQ(set(req, row.level, row.optname, 1, BPF_SOCK_OPS_RWND_INIT), -EINVAL) << row.name;
		EXPECT_EQ(get(req, row.level, row.optname, BPF_SOCK_OPS_RWND_INIT), 0) << row.name;
		EXPECT_EQ(error, row.optname >= TCP_BPF_SYN && row.optname <= TCP_BPF_SYN_MAC ? -ENOENT : -EINVAL)
			<< row.name;
	}
	EXPECT_EQ(backend.log, "");
}

using trap_32 = sockopt;
TEST_F(trap_32, every_option_that_cannot_be_read_leaves_zeros) {
	for (const sockopt_info& row : sockopts())
		for (const int optlen : {1, 3, 5, 12}) {
			if (row.optlen == sockopt_info::length::name)
				continue; // TCP_CONGESTION takes any
			std::array<u8, 16> buffer;
			buffer.fill(0xa5);
			EXPECT_LT(in_op(BPF_SOCK_OPS_TCP_LISTEN_CB, tp,
							[&](bpf_sock_ops& skops) {
								return bpf_getsockopt(skops, row.level, row.optname, buffer.data(), optlen);
							}),
					  0);
			for (std::size_t at = 0; at != buffer.size(); ++at)
				EXPECT_EQ(buffer[at], at < static_cast<std::size_t>(optlen) ? 0 : 0xa5)
					<< row.name << ", byte " << at;
		}
}

TEST_F(sockopt, levels_ask_for_their_protocol) {
	EXPECT_EQ(set(sol::ipv6, ipv6_option::tclass, 8), -EINVAL) << "an AF_INET socket";
	tp.skc_family = af_inet6;
	EXPECT_EQ(set(sol::ip, ip_option::tos, 8), 0) << "takes both";
	EXPECT_EQ(set(sol::ipv6, ipv6_option::tclass, 8), 0);
	tp.skc_ipv6only = true;
	EXPECT_EQ(set(sol::ip, ip_option::tos, 16), -EINVAL);
	EXPECT_EQ(tp.tos, 8);
	tp.sk_protocol = 132;
	EXPECT_EQ(set(sol::tcp, tcp_option::keepcnt, 3), -EINVAL) << "not TCP";
	EXPECT_EQ(set(sol::socket, so_option::mark, 3), 0);
}

TEST_F(sockopt, sizes_are_bounded_by_the_nets_sysctls_and_doubled) {
	on.in.core.sysctl_wmem_max = 10'000;
	on.in.core.sysctl_rmem_max = 20'000;
	for (const auto& [asked, snd, rcv] : {std::array{9'999, 19'998, 19'998},
										  {15'000, 20'000, 30'000},
										  {-1, 20'000, 40'000},
										  {0, 4608, 2304}}) {
		EXPECT_EQ(set(sol::socket, so_option::sndbuf, asked), 0);
		EXPECT_EQ(set(sol::socket, so_option::rcvbuf, asked), 0);
		EXPECT_EQ(tp.sk_sndbuf, snd) << asked;
		EXPECT_EQ(tp.sk_rcvbuf, rcv) << asked;
	}
	EXPECT_EQ(tp.sk_userlocks, sock_userlock::sndbuf | sock_userlock::rcvbuf);
	on.in.core.sysctl_wmem_max = ~0u;
	EXPECT_EQ(set(sol::socket, so_option::sndbuf, -1), 0);
	EXPECT_EQ(tp.sk_sndbuf, INT_MAX - 1) << "no overflow";
}

TEST_F(sockopt, the_ecn_bits_of_tos_and_tclass_stay_the_connections) {
	tp.skc_family = af_inet6;
	tp.tos = 2;
	tp.pinet6.tclass = 1;
	EXPECT_EQ(set(sol::ip, ip_option::tos, 0x23), 0);
	EXPECT_EQ(tp.tos, 0x22);
	EXPECT_EQ(set(sol::ipv6, ipv6_option::tclass, 0x46), 0);
	EXPECT_EQ(tp.pinet6.tclass, 0x45);
	EXPECT_EQ(set(sol::ipv6, ipv6_option::tclass, -1), 0);
	EXPECT_EQ(tp.pinet6.tclass, 1);
}

TEST_F(sockopt, tos_sets_the_priority_where_it_changes) {
	EXPECT_EQ(set(sol::ip, ip_option::tos, 0x10), 0);
	EXPECT_EQ(tp.sk_priority, 6u);
	EXPECT_EQ(set(sol::socket, so_option::priority, 3), 0);
	EXPECT_EQ(set(sol::ip, ip_option::tos, 0x13), 0);
	EXPECT_EQ(tp.sk_priority, 3u) << "but for the ECN bits the same";
	EXPECT_EQ(set(sol::ip, ip_option::tos, 0x08), 0);
	EXPECT_EQ(tp.sk_priority, 2u);
}

TEST_F(sockopt, times_are_kept_in_the_nets_jiffies) {
	for (const u32 hz : {100u, 250u, 1000u}) {
		net in(net_profile{.hz = hz});
		scoped_tcp_sock sk(in, *on.root);
		EXPECT_EQ(get(sk, sol::tcp, tcp_option::rto_max_ms), 120'000);
		EXPECT_EQ(set(sk, sol::tcp, tcp_option::keepidle, 60), 0);
		EXPECT_EQ(sk.keepalive_time, 60 * hz);
		EXPECT_EQ(get(sk, sol::tcp, tcp_option::keepidle), 60);
		EXPECT_EQ(set(sk, sol::tcp, tcp_option::rto_max_ms, 1500), 0);
		EXPECT_EQ(sk.icsk_rto_max, hz + hz / 2);
	}
}

TEST_F(sockopt, devices_are_the_nets) {
	const auto bind_to = [&](std::string_view name) {
		return in_op(BPF_SOCK_OPS_TCP_LISTEN_CB, tp, [&](bpf_sock_ops& skops) {
			return bpf_setsockopt(skops, sol::socket, so_option::bindtodevice, name.data(),
								  static_cast<int>(name.size()));
		});
	};
	EXPECT_EQ(bind_to("lo"), 0);
	EXPECT_EQ(tp.sk_bound_dev_if, 1) << "a fresh namespace's";
	EXPECT_EQ(bind_to("eth0"), -ENODEV);
	on.in.dev_ifindex = [](void*, const char* name) { return std::strcmp(name, "eth0") == 0 ? 4 : 0; };
	EXPECT_EQ(bind_to(std::string_view("eth0\0lo", 7)), 0);
	EXPECT_EQ(get(sol::socket, so_option::bindtoifindex), 4);
	EXPECT_EQ(bind_to("lo"), -ENODEV);
	EXPECT_EQ(bind_to(std::string_view("\0", 1)), 0);
	EXPECT_EQ(tp.sk_bound_dev_if, 0);
}

TEST_F(sockopt, nodelay_where_headers_are_built_is_refused_by_later_kernels) {
	const auto in = [&](int op) { return set(tp, sol::tcp, tcp_option::nodelay, 1, op); };
	EXPECT_EQ(in(BPF_SOCK_OPS_HDR_OPT_LEN_CB), 0);
	EXPECT_EQ(in(BPF_SOCK_OPS_WRITE_HDR_OPT_CB), 0);
	on.in.profile.no_nodelay_in_hdr_opt = true;
	EXPECT_EQ(in(BPF_SOCK_OPS_HDR_OPT_LEN_CB), -EOPNOTSUPP);
	EXPECT_EQ(in(BPF_SOCK_OPS_WRITE_HDR_OPT_CB), -EOPNOTSUPP);
	EXPECT_EQ(in(BPF_SOCK_OPS_PARSE_HDR_OPT_CB), 0);
	EXPECT_EQ(set(tp, sol::tcp, tcp_option::syncnt, 1, BPF_SOCK_OPS_HDR_OPT_LEN_CB), 0);
}

// --- the stack ----------------------------------------------------------------------------------

TEST_F(sockopt, a_backend_refuses_by_an_errno_before_anything_changes) {
	refusing_backend backend;
	tp.backend = &backend;
	EXPECT_EQ(set(sol::tcp, tcp_option::keepcnt, 5), 0);
	EXPECT_EQ(backend.log, "may 6/6;set 6/6;");
	backend.log.clear();
	backend.answer = -EPERM;
	EXPECT_EQ(set(sol::tcp, tcp_option::keepcnt, 7), -EPERM);
	EXPECT_EQ(set(sol::tcp, tcp_option::keepcnt, 128), -EINVAL) << "the kernel's own checks come first";
	EXPECT_EQ(backend.log, "may 6/6;");
	EXPECT_EQ(tp.keepalive_probes, 5);
	EXPECT_EQ(get(sol::tcp, tcp_option::keepcnt), 0) << "nor read";
	EXPECT_EQ(error, -EPERM);
}

TEST_F(sockopt, what_only_the_hook_uses_no_backend_is_asked) {
	refusing_backend backend;
	backend.answer = -EPERM;
	tp.backend = &backend;
	for (const auto& [level, optname] :
		 {std::pair{sol::tcp, +TCP_BPF_SOCK_OPS_CB_FLAGS}, {sol::socket, so_option::sk_bpf_cb_flags}})
		EXPECT_EQ(set(level, optname, 1), 0);
	EXPECT_EQ(set(sol::socket, so_option::sk_bpf_cb_flags, 2), -EINVAL);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 1);
	EXPECT_EQ(tp.sk_bpf_cb_flags, 1);
	EXPECT_EQ(backend.log.find("may"), std::string::npos) << backend.log;
}

using trap_36 = sockopt;
TEST_F(trap_36, a_change_of_congestion_control_is_checked_in_the_kernels_order) {
	refusing_backend backend;
	tp.backend = &backend;
	const auto change = [&](std::string_view name) {
		return in_op(BPF_SOCK_OPS_TCP_LISTEN_CB, tp, [&](bpf_sock_ops& skops) {
			return bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, name.data(),
								  static_cast<int>(name.size()));
		});
	};
	tp.bpf_chg_cc_inprogress = true;
	EXPECT_EQ(change("c"), -EINVAL);
	EXPECT_EQ(change("cdg"), -524);
	EXPECT_EQ(change("cubic"), -EBUSY) << "also for the one in use";
	tp.bpf_chg_cc_inprogress = false;
	tp.icsk_ca_dst_locked = true;
	EXPECT_EQ(change("cubic"), -EPERM);
	EXPECT_FALSE(tp.bpf_chg_cc_inprogress);
	tp.icsk_ca_dst_locked = false;
	EXPECT_FALSE(tp.icsk_ca_setsockopt);
	EXPECT_EQ(change("cubic"), 0);
	EXPECT_TRUE(tp.icsk_ca_setsockopt) << "it is now chosen";
	EXPECT_EQ(backend.log, "");
	EXPECT_EQ(change("abcdefghijklmnopqrst"), 0);
	EXPECT_EQ(backend.log, "abcdefghijklmno") << "15 characters";
}

// --- children -----------------------------------------------------------------------------------

TEST_F(sockopt, a_child_has_its_listeners_options_but_not_its_priority) {
	struct option {
		int level, optname, value;
	};
	const option kept[] = {{sol::socket, so_option::mark, 7},
						   {sol::socket, so_option::rcvlowat, 100},
						   {sol::socket, so_option::sndbuf, 50'000},
						   {sol::socket, so_option::bindtoifindex, 3},
						   {sol::socket, so_option::sk_bpf_cb_flags, 1},
						   {sol::ip, ip_option::tos, 0x20},
						   {sol::tcp, tcp_option::nodelay, 1},
						   {sol::tcp, tcp_option::keepcnt, 4},
						   {sol::tcp, tcp_option::user_timeout, 9'000},
						   {sol::tcp, tcp_option::notsent_lowat, 16'384},
						   {sol::tcp, tcp_option::save_syn, 1},
						   {sol::tcp, TCP_BPF_RTO_MIN, 40'000},
						   {sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, 0x0f}};
	for (const option& each : kept)
		EXPECT_EQ(set(each.level, each.optname, each.value), 0)
			<< "level " << each.level << ", option " << each.optname;
	EXPECT_EQ(set(sol::socket, so_option::priority, 5), 0);
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	scoped_tcp_sock child(tp, req);
	for (const option& each : kept) {
		EXPECT_EQ(get(child, each.level, each.optname), get(each.level, each.optname))
			<< "level " << each.level << ", option " << each.optname;
		EXPECT_EQ(error, 0) << "level " << each.level << ", option " << each.optname;
	}
	EXPECT_EQ(get(child, sol::socket, so_option::priority), 0);
}

TEST_F(sockopt, rcvlowat_is_bounded_once_a_process_has_the_socket) {
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	scoped_tcp_sock child(tp, req);
	EXPECT_EQ(set(child, sol::socket, so_option::rcvlowat, INT_MAX), 0);
	EXPECT_EQ(child.sk_rcvlowat, INT_MAX);
	child.sk_socket = true; // accepted
	EXPECT_EQ(set(child, sol::socket, so_option::rcvlowat, INT_MAX), 0);
	EXPECT_EQ(child.sk_rcvlowat, on.in.ipv4.sysctl_tcp_rmem[2] / 2);
	EXPECT_EQ(set(child, sol::socket, so_option::rcvlowat, 0), 0);
	EXPECT_EQ(child.sk_rcvlowat, 1);
}

// --- bad input ----------------------------------------------------------------------------------

TEST_F(sockopt, a_null_value_is_reported_by_the_options_name) {
	recorded_reports reports;
	EXPECT_EQ(in_op(BPF_SOCK_OPS_TCP_LISTEN_CB, tp,
					[](bpf_sock_ops& skops) {
						return bpf_setsockopt(skops, sol::tcp, tcp_option::user_timeout, nullptr, 4);
					}),
			  -EINVAL);
	expect_report(reports, "bpf_setsockopt", {"TCP_USER_TIMEOUT", "level 6, option 18", "optlen 4"});
	EXPECT_EQ(in_op(BPF_SOCK_OPS_TCP_LISTEN_CB, tp,
					[](bpf_sock_ops& skops) { return bpf_getsockopt(skops, 99, 1, nullptr, 4); }),
			  -EINVAL);
	expect_report(reports, "bpf_getsockopt", {"level 99, option 1"});
}

TEST_F(sockopt, a_length_below_1_is_einval) {
	for (const sockopt_info& row : sockopts())
		for (const int optlen : {0, -1, INT_MIN}) {
			u8 untouched = 0x77;
			const auto call = [&](auto helper) {
				return in_op(BPF_SOCK_OPS_TCP_LISTEN_CB, tp, [&](bpf_sock_ops& skops) {
					return helper(skops, row.level, row.optname, &untouched, optlen);
				});
			};
			EXPECT_EQ(call(bpf_setsockopt), -EINVAL) << row.name << ", length " << optlen;
			EXPECT_EQ(call(bpf_getsockopt), -EINVAL) << row.name << ", length " << optlen;
			EXPECT_EQ(untouched, 0x77);
		}
}

} // namespace
