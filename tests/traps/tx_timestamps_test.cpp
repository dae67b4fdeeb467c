// SPDX-License-Identifier: MIT
// Time stamps of what is sent: a sampled send from sendmsg() to its acknowledgement, and what a
// program may do meanwhile.

#include <array>
#include <functional>

#include "support.hpp"

namespace {

using namespace trap_test;

/// A socket whose sends are reported, and a segment of 100 bytes on its way.
struct tx : testing::Test {
	one_socket on;
	std::array<u8, 100> payload{};
	sk_buff skb;
	std::string log;

	tx() {
		on.sk.sk_bpf_cb_flags = SK_BPF_CB_TX_TIMESTAMPING;
		on.sk.snd_una = 1000;
		skb.data = payload.data();
		skb.len = payload.size();
		skb.seq = 1000;
		skb.sk = &on.sk;
	}
	/// Logs each call; where it may, samples the send.
	bpf_prog_ptr samples() {
		return make_bpf_prog("samples", [this](bpf_sock_ops& skops) {
			if (!log.empty())
				log += ' ';
			log += call_text(skops);
			if (skops.op == BPF_SOCK_OPS_TSTAMP_SENDMSG_CB) {
				EXPECT_EQ(bpf_sock_ops_enable_tx_tstamp(skops, 0), 0);
			}
			return 1;
		});
	}
	/// The whole way, the acknowledgement up to `snd_una`.
	void send_and_ack(u32 snd_una) {
		tcp_bpf_tx_sendmsg(on.sk, skb);
		skb_tx_sched(skb);
		skb_tx_software(skb);
		skb_tx_hardware(skb, 123);
		const u32 prior = std::exchange(on.sk.snd_una, snd_una);
		tcp_ack_tstamp(on.sk, skb, prior);
	}
	/// Runs `body` as a program in each of the five ops.
	void in_each_op(std::function<void(bpf_sock_ops&)> body) {
		int calls = 0;
		const auto prog = make_bpf_prog("body", [&](bpf_sock_ops& skops) {
			++calls;
			body(skops);
			return 1;
		});
		attach(*on.root, prog);
		skb.tx_bpf = skb.ack_bpf = true;
		skb.tskey = 1099;
		send_and_ack(1100);
		EXPECT_EQ(calls, 5);
		detach(*on.root, prog);
	}
};
using tx_timestamps = tx;
using trap_25 = tx;
using trap_26 = tx;

TEST_F(tx_timestamps, a_sampled_send_is_reported_on_all_its_way) {
	const auto prog = samples();
	attach(*on.root, prog);
	send_and_ack(1100);
	EXPECT_EQ(log, "TSTAMP_SENDMSG TSTAMP_SCHED TSTAMP_SND_SW TSTAMP_SND_HW TSTAMP_ACK");
	EXPECT_EQ(skb.tskey, 1099u);
	EXPECT_EQ(skb.hwtstamp, 123u);
	detach(*on.root, prog);
}
TEST_F(tx_timestamps, a_send_that_is_not_sampled_is_reported_once) {
	const auto prog = logs_calls(log);
	attach(*on.root, prog);
	send_and_ack(1100);
	EXPECT_EQ(log, "TSTAMP_SENDMSG");
	detach(*on.root, prog);
}
TEST_F(tx_timestamps, without_the_sockets_flag_nothing_is_reported) {
	const auto prog = samples();
	attach(*on.root, prog);
	on.sk.sk_bpf_cb_flags = 0;
	send_and_ack(1100);
	EXPECT_EQ(log, "");
	detach(*on.root, prog);
}
TEST_F(tx_timestamps, a_segment_without_an_owner_is_reported_neither_queued_nor_sent) {
	const auto prog = samples();
	attach(*on.root, prog);
	skb.sk = nullptr;
	send_and_ack(1100);
	EXPECT_EQ(log, "TSTAMP_SENDMSG TSTAMP_ACK");
	EXPECT_EQ(skb.hwtstamp, 0u);
	detach(*on.root, prog);
}
TEST_F(tx_timestamps, the_acknowledgement_is_the_first_that_covers_the_last_byte) {
	const auto prog = samples();
	attach(*on.root, prog);
	send_and_ack(1099); // all but the last byte
	EXPECT_EQ(log, "TSTAMP_SENDMSG TSTAMP_SCHED TSTAMP_SND_SW TSTAMP_SND_HW");
	log.clear();
	const auto acked = [&](u32 prior, u32 now) {
		log.clear();
		on.sk.snd_una = now;
		tcp_ack_tstamp(on.sk, skb, prior);
		return log == "TSTAMP_ACK";
	};
	EXPECT_TRUE(acked(1099, 1100));
	EXPECT_FALSE(acked(1100, 1200)) << "it was covered before";
	EXPECT_TRUE(acked(1000, 5000));
	skb.tskey = 4; // a sequence number beyond the wrap
	EXPECT_TRUE(acked(0xffff'ff00, 5));
	EXPECT_FALSE(acked(0xffff'ff00, 4));
	skb.ack_bpf = false;
	EXPECT_FALSE(acked(0xffff'ff00, 5));
	detach(*on.root, prog);
}
TEST_F(tx_timestamps, sampling_checks_the_op_then_the_flags_and_may_be_repeated) {
	in_each_op([](bpf_sock_ops& skops) {
		const bool sendmsg = skops.op == BPF_SOCK_OPS_TSTAMP_SENDMSG_CB;
		EXPECT_EQ(bpf_sock_ops_enable_tx_tstamp(skops, 1), sendmsg ? -EINVAL : -EOPNOTSUPP);
		EXPECT_EQ(bpf_sock_ops_enable_tx_tstamp(skops, u64{1} << 40), sendmsg ? -EINVAL : -EOPNOTSUPP);
		for (int i = 0; i != 2; ++i)
			EXPECT_EQ(bpf_sock_ops_enable_tx_tstamp(skops, 0), sendmsg ? 0 : -EOPNOTSUPP);
		EXPECT_EQ(skops.kern().skb->tskey, 1099u);
	});
	const auto prog = make_bpf_prog("listens", [](bpf_sock_ops& skops) {
		EXPECT_EQ(bpf_sock_ops_enable_tx_tstamp(skops, 0), -EOPNOTSUPP);
		return 1;
	});
	attach(*on.root, prog);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_TCP_LISTEN_CB), 0);
	detach(*on.root, prog);
}
TEST_F(tx_timestamps, flags_are_refused_without_a_mark) {
	const auto prog = make_bpf_prog("flags", [](bpf_sock_ops& skops) {
		EXPECT_EQ(bpf_sock_ops_enable_tx_tstamp(skops, 1), -EINVAL);
		return 1;
	});
	attach(*on.root, prog);
	tcp_bpf_tx_sendmsg(on.sk, skb);
	EXPECT_FALSE(skb.tx_bpf || skb.ack_bpf);
	EXPECT_EQ(skb.tskey, 0u);
	detach(*on.root, prog);
}

TEST_F(trap_25, the_socket_is_full_and_there_but_its_guarded_fields_read_0) {
	on.sk.snd_cwnd = 10;
	on.sk.srtt_us = 800;
	on.sk.sk_txhash = 77;
	on.sk.skc_num = 8080;
	on.sk.bytes_acked = 5;
	in_each_op([&](bpf_sock_ops& skops) {
		EXPECT_EQ(+skops.is_fullsock, 1u);
		EXPECT_EQ(+skops.sk, static_cast<sock*>(&on.sk));
		EXPECT_EQ(+skops.snd_cwnd, 0u);
		EXPECT_EQ(+skops.srtt_us, 0u);
		EXPECT_EQ(+skops.snd_una, 0u);
		EXPECT_EQ(+skops.bytes_acked, 0u);
		EXPECT_EQ(+skops.bpf_sock_ops_cb_flags, 0u);
		skops.sk_txhash = 5; // dropped
		EXPECT_EQ(+skops.local_port, 8080u);
		EXPECT_EQ(+skops.state, u32{TCP_CLOSE});
		EXPECT_EQ(+skops.skb_len, 100u);
		EXPECT_EQ(+skops.skb_data, +skops.skb_data_end) << "no header byte can be read";
		EXPECT_EQ(+skops.skb_hwtstamp,
				  skops.op == BPF_SOCK_OPS_TSTAMP_SND_HW_CB || skops.op == BPF_SOCK_OPS_TSTAMP_ACK_CB ? 123u
																									  : 0u);
	});
	EXPECT_EQ(on.sk.sk_txhash, 77u);
}
TEST_F(trap_25, nobody_asks_for_the_lock) {
	on.in.debug_locks = true;
	scoped_tcp_sock tracked(on.in, *on.root);
	tracked.sk_bpf_cb_flags = SK_BPF_CB_TX_TIMESTAMPING;
	int calls = 0;
	const auto prog = counts(calls);
	attach(*on.root, prog);
	recorded_reports reports;
	tcp_bpf_tx_sendmsg(tracked, skb);
	EXPECT_TRUE(reports.take().empty());
	EXPECT_EQ(calls, 1);
	detach(*on.root, prog);
}

TEST_F(trap_26, helpers_that_need_the_lock_go_by_the_ops_number) {
	in_each_op([](bpf_sock_ops& skops) {
		int value = 7;
		EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &value, 4), -EOPNOTSUPP);
		EXPECT_EQ(bpf_getsockopt(skops, sol::tcp, TCP_BPF_RTO_MIN, &value, 4), -EOPNOTSUPP);
		EXPECT_EQ(value, 7) << "the buffer is not touched";
		EXPECT_EQ(bpf_sock_ops_cb_flags_set(skops, 1), -EOPNOTSUPP);
	});
	EXPECT_EQ(on.sk.bpf_sock_ops_cb_flags, 0);
	EXPECT_EQ(on.sk.snd_cwnd, tcp_init_cwnd);
}
TEST_F(trap_26, in_the_write_phase_options_may_be_set) {
	bpf_sock_ops_kern ctx{};
	ctx.sk = &on.sk;
	ctx.op = BPF_SOCK_OPS_WRITE_HDR_OPT_CB;
	bpf_sock_ops skops(ctx); // is_locked_tcp_sock is not what is asked
	const int packets = 7;
	EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &packets, 4), 0);
	EXPECT_EQ(bpf_sock_ops_cb_flags_set(skops, 1), 0);
}
TEST_F(trap_26, storage_and_cookies_work_in_the_time_stamp_ops) {
	const sk_storage<u64> sends;
	in_each_op([&](bpf_sock_ops& skops) {
		u64* const count = sends.get(skops.sk, sk_storage_create::yes);
		ASSERT_NE(count, nullptr);
		++*count;
		EXPECT_NE(bpf_get_socket_cookie(skops), 0u);
	});
	EXPECT_EQ(*sends.get(&on.sk), 5u);
}

TEST_F(tx, an_op_that_is_called_without_a_segment_samples_nothing) {
	int answer = 0;
	attach(*on.root, make_bpf_prog("samples", [&](bpf_sock_ops& skops) {
		answer = bpf_sock_ops_enable_tx_tstamp(skops, 0);
		return 1;
	}));
	(void)tcp_call_bpf(&on.sk, BPF_SOCK_OPS_TSTAMP_SENDMSG_CB, 0, nullptr);
	EXPECT_EQ(answer, -EOPNOTSUPP);
}

} // namespace
