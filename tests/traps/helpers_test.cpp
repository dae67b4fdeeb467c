// SPDX-License-Identifier: MIT
// Traps of the helpers: callback flags, socket options, cookies.

#include <array>
#include <cstring>

#include <sockops/kern/errno.hpp>

#include "support.hpp"

namespace {

using namespace trap_test;

/// A socket, and code to run as a program on it.
struct helpers : testing::Test {
	one_socket on;
	tcp_sock& tp = on.sk;

	/// What body(skops) returns when it runs in `op` on `sk`.
	template <class Body>
	int in_op(int op, sock_common& sk, Body body) {
		int result = 12'345;
		const auto prog = make_bpf_prog("helper", [&](bpf_sock_ops& skops) {
			if (result == 12'345)
				result = body(skops);
			return 1;
		});
		attach(*on.root, prog);
		(void)tcp_call_bpf(&sk, op, 0, nullptr);
		detach(*on.root, prog);
		return result;
	}
	int cb_flags_set(u32 flags, int op = BPF_SOCK_OPS_TCP_LISTEN_CB) {
		return in_op(op, tp, [&](bpf_sock_ops& skops) {
			return bpf_sock_ops_cb_flags_set(skops, static_cast<int>(flags));
		});
	}
	int set(int level, int optname, const void* value, int optlen, int op = BPF_SOCK_OPS_TCP_LISTEN_CB) {
		return in_op(op, tp, [&](bpf_sock_ops& skops) {
			return bpf_setsockopt(skops, level, optname, value, optlen);
		});
	}
	int set(int optname, int value, int op = BPF_SOCK_OPS_TCP_LISTEN_CB) {
		return set(sol::tcp, optname, &value, sizeof value, op);
	}
	int get(int level, int optname, void* value, int optlen, int op = BPF_SOCK_OPS_TCP_LISTEN_CB) {
		return in_op(op, tp, [&](bpf_sock_ops& skops) {
			return bpf_getsockopt(skops, level, optname, value, optlen);
		});
	}
};

using trap_28 = helpers;
TEST_F(trap_28, cb_flags_set_assigns_and_reports_unknown_bits) {
	tp.bpf_sock_ops_cb_flags = 0x01;
	EXPECT_EQ(cb_flags_set(0x84), 0x80);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0x04);
	EXPECT_EQ(cb_flags_set(0x80), 0x80);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0);
	EXPECT_EQ(cb_flags_set(0x7f), 0);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0x7f);
	EXPECT_EQ(cb_flags_set(0), 0);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0);
}

using trap_29 = helpers;
TEST_F(trap_29, bit_31_makes_the_result_negative_though_the_flags_are_applied) {
	EXPECT_EQ(cb_flags_set(0x8000'0005), static_cast<int>(0x8000'0000));
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0x05);
}

using trap_30 = helpers;
TEST_F(trap_30, the_option_rejects_unknown_bits_and_then_changes_nothing) {
	tp.bpf_sock_ops_cb_flags = 0x01;
	EXPECT_EQ(set(TCP_BPF_SOCK_OPS_CB_FLAGS, 0x84), -EINVAL);
	EXPECT_EQ(set(TCP_BPF_SOCK_OPS_CB_FLAGS, -1), -EINVAL);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0x01);
	EXPECT_EQ(set(TCP_BPF_SOCK_OPS_CB_FLAGS, 0x7e), 0);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0x7e);
	int flags = 0;
	EXPECT_EQ(get(sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &flags, sizeof flags), 0);
	EXPECT_EQ(flags, 0x7e);
}

using trap_32 = helpers;
TEST_F(trap_32, getsockopt_zero_fills_on_error) {
	const auto error_of = [&](int level, int optname) {
		std::array<unsigned char, 16> buffer;
		buffer.fill(0xa5);
		const int error = get(level, optname, buffer.data(), 12);
		for (std::size_t i = 0; i != buffer.size(); ++i)
			EXPECT_EQ(buffer[i], i < 12 ? 0 : 0xa5) << optname << " byte " << i;
		return error;
	};
	EXPECT_EQ(error_of(sol::tcp, 9999), -EINVAL);
	EXPECT_EQ(error_of(12'345, 1), -EINVAL);
	EXPECT_EQ(error_of(sol::socket, 1), -EINVAL);            // the backend knows none
	EXPECT_EQ(error_of(sol::tcp, TCP_BPF_RTO_MIN), -EINVAL); // not 4 bytes
	EXPECT_EQ(error_of(sol::tcp, TCP_BPF_SYN), -ENOENT);
}
TEST_F(trap_32, options_that_can_only_be_set_read_as_an_error_and_0) {
	for (const int optname : {TCP_BPF_IW, TCP_BPF_SNDCWND_CLAMP}) {
		int value = 77;
		EXPECT_EQ(get(sol::tcp, optname, &value, sizeof value), -EINVAL);
		EXPECT_EQ(value, 0);
	}
}

using trap_33 = helpers;
TEST_F(trap_33, options_and_flags_of_a_request_are_einval_not_eopnotsupp) {
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	std::array<unsigned char, sizeof req> before, after;
	std::memcpy(before.data(), static_cast<const void*>(&req), sizeof req);
	const int errors[] = {
		in_op(BPF_SOCK_OPS_RWND_INIT, req,
			  [](bpf_sock_ops& skops) { return bpf_sock_ops_cb_flags_set(skops, 0x7f); }),
		in_op(BPF_SOCK_OPS_RWND_INIT, req,
			  [](bpf_sock_ops& skops) {
				  const int value = 20;
				  return bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &value, sizeof value);
			  }),
		in_op(BPF_SOCK_OPS_RWND_INIT, req,
			  [](bpf_sock_ops& skops) {
				  int value = 20;
				  const int error = bpf_getsockopt(skops, sol::tcp, TCP_BPF_RTO_MIN, &value, sizeof value);
				  EXPECT_EQ(value, 0);
				  return error;
			  }),
	};
	for (const int error : errors)
		EXPECT_EQ(error, -EINVAL);
	std::memcpy(after.data(), static_cast<const void*>(&req), sizeof req);
	EXPECT_EQ(before, after);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0);
	EXPECT_EQ(tp.snd_cwnd, 10u);
}

using trap_34 = helpers;
TEST_F(trap_34, sndcwnd_clamp_sets_ssthresh_too) {
	EXPECT_EQ(set(TCP_BPF_SNDCWND_CLAMP, 33), 0);
	EXPECT_EQ(tp.snd_cwnd_clamp, 33u);
	EXPECT_EQ(tp.snd_ssthresh, 33u);
	EXPECT_EQ(tp.snd_cwnd, 10u);
	EXPECT_EQ(set(TCP_BPF_SNDCWND_CLAMP, 0), -EINVAL);
	EXPECT_EQ(set(TCP_BPF_SNDCWND_CLAMP, -1), -EINVAL);
	EXPECT_EQ(tp.snd_cwnd_clamp, 33u);
}

using trap_35 = helpers;
TEST_F(trap_35, the_initial_window_is_refused_after_data_was_sent) {
	EXPECT_EQ(set(TCP_BPF_IW, 20), 0);
	EXPECT_EQ(tp.snd_cwnd, 20u);
	EXPECT_EQ(set(TCP_BPF_IW, 0), -EINVAL);
	EXPECT_EQ(set(TCP_BPF_IW, -3), -EINVAL);
	tp.data_segs_out = 1;
	EXPECT_EQ(set(TCP_BPF_IW, 30), -EINVAL);
	EXPECT_EQ(tp.snd_cwnd, 20u);
	tp.syn_data = true; // the one segment was the SYN's data
	EXPECT_EQ(set(TCP_BPF_IW, 30), 0);
	EXPECT_EQ(tp.snd_cwnd, 30u);
	tp.data_segs_out = 2;
	EXPECT_EQ(set(TCP_BPF_IW, 40), -EINVAL);
}

using trap_26 = helpers;
TEST_F(trap_26, the_lock_is_known_by_the_ops_number) {
	EXPECT_EQ(set(TCP_BPF_IW, 20, BPF_SOCK_OPS_WRITE_HDR_OPT_CB), 0);
	EXPECT_EQ(cb_flags_set(0x04, BPF_SOCK_OPS_WRITE_HDR_OPT_CB), 0);
	int value = 55;
	for (int op = BPF_SOCK_OPS_TSTAMP_SCHED_CB; op != 25; ++op) {
		EXPECT_EQ(set(TCP_BPF_IW, 21, op), -EOPNOTSUPP) << op;
		EXPECT_EQ(set(12'345, 0, nullptr, 0, op), -EOPNOTSUPP) << op; // before all other checks
		EXPECT_EQ(cb_flags_set(0x01, op), -EOPNOTSUPP) << op;
		EXPECT_EQ(get(sol::tcp, TCP_BPF_RTO_MIN, &value, sizeof value, op), -EOPNOTSUPP) << op;
	}
	EXPECT_EQ(value, 55); // this error leaves the buffer alone
	EXPECT_EQ(tp.snd_cwnd, 20u);
	EXPECT_EQ(tp.bpf_sock_ops_cb_flags, 0x04);
}

// HZ 250: a jiffy is 4000 us; from 2 jiffies to HZ/5 = 50.
TEST_F(helpers, timer_bounds_are_microseconds_as_jiffies_from_2_to_a_fifth_of_a_second) {
	for (const auto& [us, jiffies] : {std::pair{4001, 2u}, {8000, 2u}, {8001, 3u}, {200'000, 50u}}) {
		EXPECT_EQ(set(TCP_BPF_RTO_MIN, us), 0) << us;
		EXPECT_EQ(tp.icsk_rto_min, jiffies) << us;
		EXPECT_EQ(set(TCP_BPF_DELACK_MAX, us), 0) << us;
		EXPECT_EQ(tp.icsk_delack_max, jiffies) << us;
		int read = 0;
		EXPECT_EQ(get(sol::tcp, TCP_BPF_RTO_MIN, &read, sizeof read), 0);
		EXPECT_EQ(read, static_cast<int>(jiffies * 4000));
		EXPECT_EQ(get(sol::tcp, TCP_BPF_DELACK_MAX, &read, sizeof read), 0);
		EXPECT_EQ(read, static_cast<int>(jiffies * 4000));
	}
	for (const int us : {0, 1, 4000, 200'001, 1'000'000, -1, static_cast<int>(0x8000'0000)}) {
		EXPECT_EQ(set(TCP_BPF_RTO_MIN, us), -EINVAL) << us;
		EXPECT_EQ(set(TCP_BPF_DELACK_MAX, us), -EINVAL) << us;
	}
	EXPECT_EQ(tp.icsk_rto_min, 50u);
	EXPECT_EQ(tp.icsk_delack_max, 50u);
}

TEST_F(helpers, each_option_of_4_bytes_takes_4_bytes) {
	const std::array<int, 4> value = {20, 20, 20, 20};
	for (int optname = TCP_BPF_IW; optname <= TCP_BPF_SOCK_OPS_CB_FLAGS; ++optname)
		for (const int optlen : {-4, 0, 1, 2, 3, 5, 8, 16})
			EXPECT_EQ(set(sol::tcp, optname, value.data(), optlen), -EINVAL) << optname << ", " << optlen;
	EXPECT_EQ(tp.snd_cwnd, 10u);
}

TEST_F(helpers, unknown_levels_and_options_are_einval) {
	for (const int optname : {0, 3, 12, 1000, 1005, 1006, 1007, 1009, 1010, -1}) // 1005 on: SYN, read only
		EXPECT_EQ(set(optname, 5), -EINVAL) << optname;
	const int value = 5;
	for (const int level : {-1, 2, 7, 17, 255})
		EXPECT_EQ(set(level, TCP_BPF_IW, &value, sizeof value), -EINVAL) << level;
	for (const int level : {sol::ip, sol::socket, sol::ipv6})
		EXPECT_EQ(set(level, 3, &value, sizeof value), -EINVAL) << level;
}

struct recording_backend final : tcp_backend {
	std::string log;
	std::string known = "nv";
	int (*during_change)(recording_backend&, tcp_sock&) = nullptr;

	int set_congestion_control(tcp_sock& tp, const char* name) noexcept override {
		log += std::string("cc ") + name + ";";
		if (during_change)
			during_change(*this, tp);
		return name == known ? 0 : -ENOENT;
	}
	void sockopt_set(tcp_sock&, int level, int optname) noexcept override {
		log += std::to_string(level) + "/" + std::to_string(optname) + ";";
	}
	int setsockopt(tcp_sock&, int level, int optname, const void*, int optlen) noexcept override {
		log += "set " + std::to_string(level) + "/" + std::to_string(optname) + "/" + std::to_string(optlen);
		return -EACCES;
	}
	int getsockopt(tcp_sock&, int, int, void* optval, int optlen) noexcept override {
		std::memset(optval, 0x11, static_cast<std::size_t>(optlen));
		return 0;
	}
};

TEST_F(helpers, the_backend_is_told_of_what_changed_and_asked_for_the_rest) {
	recording_backend backend;
	tp.backend = &backend;
	EXPECT_EQ(set(TCP_BPF_IW, 20), 0);
	EXPECT_EQ(set(TCP_BPF_IW, 0), -EINVAL); // not told
	EXPECT_EQ(set(TCP_BPF_SNDCWND_CLAMP, 30), 0);
	EXPECT_EQ(backend.log, "6/1001;6/1002;");
	backend.log.clear();
	EXPECT_EQ(set(sol::socket, 13, "abc", 3), -EACCES); // SO_LINGER: not in the kernel's table
	EXPECT_EQ(set(sol::tcp, 1009, "abc", 3), -EACCES);
	EXPECT_EQ(set(sol::socket, so_option::rcvbuf, "abc", 3), -EINVAL); // in it: not asked
	EXPECT_EQ(backend.log, "set 1/13/3set 6/1009/3");
	int value = 0;
	EXPECT_EQ(get(sol::ip, 2, &value, sizeof value), 0);
	EXPECT_EQ(value, 0x1111'1111);
}

TEST_F(helpers, congestion_control_by_name) {
	recording_backend backend;
	tp.backend = &backend;
	const auto change = [&](std::string_view name) {
		return set(sol::tcp, tcp_option::congestion, name.data(), static_cast<int>(name.size()));
	};
	EXPECT_EQ(change("n"), -EINVAL); // shorter than 2
	EXPECT_EQ(change("cdg"), -kern_errno::notsupp);
	EXPECT_EQ(change(std::string_view("cdg\0", 4)), -524);
	EXPECT_EQ(change("cubic"), 0); // the same: nothing to do
	EXPECT_EQ(backend.log, "");
	EXPECT_EQ(change("bbr"), -ENOENT);
	EXPECT_STREQ(tp.icsk_ca_name, "cubic");
	EXPECT_EQ(change(std::string_view("nv\0xyz", 6)), 0);
	EXPECT_STREQ(tp.icsk_ca_name, "nv");
	EXPECT_FALSE(tp.icsk_ca_initialized); // still closed
	EXPECT_EQ(backend.log, "cc bbr;cc nv;");

	std::array<char, 8> name;
	name.fill('x');
	EXPECT_EQ(get(sol::tcp, tcp_option::congestion, name.data(), 8), 0);
	EXPECT_EQ(std::string_view(name.data(), 8), std::string_view("nv\0\0\0\0\0\0", 8));
	std::strcpy(tp.icsk_ca_name, "cubic");
	EXPECT_EQ(get(sol::tcp, tcp_option::congestion, name.data(), 4), 0);
	EXPECT_EQ(std::string_view(name.data(), 4), std::string_view("cub\0", 4));
	EXPECT_EQ(get(sol::tcp, tcp_option::congestion, name.data(), 1), -EINVAL);
}

TEST_F(helpers, without_a_backend_there_is_no_other_congestion_control) {
	EXPECT_EQ(set(sol::tcp, tcp_option::congestion, "nv", 2), -ENOENT);
	EXPECT_EQ(set(sol::tcp, tcp_option::congestion, "cubic", 5), 0);
}

using trap_36 = helpers;
TEST_F(trap_36, a_change_of_congestion_control_dispatches_base_rtt_inside_the_program) {
	recording_backend backend;
	backend.during_change = [](recording_backend& self, tcp_sock& sk) {
		self.log += "base " + std::to_string(tcp_bpf_base_rtt(sk)) + ";";
		return 0;
	};
	tp.backend = &backend;
	tp.skc_state = TCP_ESTABLISHED;
	int reentry = 0;
	attach(*on.root, make_bpf_prog("nests", [&](bpf_sock_ops& skops) {
		const auto change = [&] { return bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, "nv", 2); };
		if (skops.op == BPF_SOCK_OPS_BASE_RTT) {
			reentry = change();
			skops.reply = 80'000;
			return 1;
		}
		EXPECT_EQ(skops.reply, 0u);
		EXPECT_EQ(change(), 0);
		EXPECT_EQ(skops.reply, 0u); // the outer context is its own
		EXPECT_EQ(skops.op, u32{BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB});
		return 1;
	}));
	bpf_skops_established(tp, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
	EXPECT_EQ(backend.log, "cc nv;base 80000;");
	EXPECT_EQ(reentry, -EBUSY);
	EXPECT_TRUE(tp.icsk_ca_initialized);
	EXPECT_FALSE(tp.bpf_chg_cc_inprogress);
	EXPECT_EQ(preempt_count(), 0u);
	EXPECT_FALSE(rcu_read_lock_held());
}

TEST_F(helpers, cookies_and_the_clock_are_the_nets) {
	on.in.net_cookie = 99;
	on.in.sources.ktime_get_ns = [](void*) { return u64{123}; };
	EXPECT_EQ(in_op(1, tp, [](bpf_sock_ops& skops) { return static_cast<int>(bpf_get_netns_cookie(skops)); }),
			  99);
	EXPECT_EQ(in_op(1, tp, [](bpf_sock_ops& skops) { return static_cast<int>(bpf_ktime_get_ns(skops)); }),
			  123);
	request_sock req;
	inet_reqsk_init(req, &tp, on.in);
	EXPECT_EQ(
		in_op(1, req, [](bpf_sock_ops& skops) { return static_cast<int>(bpf_get_netns_cookie(skops)); }), 99);
}

} // namespace
