// SPDX-License-Identifier: MIT
// The fields of struct bpf_sock_ops: place, size, access, guard and byte order, against a table of
// the UAPI written out here, and the value that the typed view reads on each kind of socket.

#include <cstring>

#include "support.hpp"

namespace {

using namespace trap_test;

enum class behind { nothing, full, is_fullsock, skb };

struct field_row {
	std::string_view name;
	u16 offset;
	u8 size, count;
	bool writable;
	behind guard;
	kernel_release since;
	u64 (*read)(const bpf_sock_ops&); ///< through the typed view; element 0 of an array
	u64 value;                        ///< on the socket that fill() makes, little-endian
};

constexpr u64 unset = 0; // addresses and pointers are looked at by hand

template <class T>
u64 number(T value) {
	if constexpr (std::is_pointer_v<T>)
		return reinterpret_cast<std::uintptr_t>(value);
	else
		return value;
}

// clang-format off
#define READ(member) [](const bpf_sock_ops& s) { return number(+s.member); }
#define READ_0(member) [](const bpf_sock_ops& s) { return number(s.member[0]); }
constexpr kernel_release v4_13 = release(4, 13), v4_16 = release(4, 16), v5_10 = release(5, 10);
const field_row table[] = {
	{"op", 0, 4, 1, false, behind::nothing, v4_13, READ(op), BPF_SOCK_OPS_RTT_CB},
	{"reply", 4, 4, 1, true, behind::nothing, v4_13, READ(reply), 0xa1},
	{"args", 4, 4, 4, false, behind::nothing, v4_16, READ_0(args), 0xa1},
	{"replylong", 4, 4, 4, false, behind::nothing, v4_13, READ_0(replylong), 0xa1},
	{"family", 20, 4, 1, false, behind::nothing, v4_13, READ(family), 10},
	{"remote_ip4", 24, 4, 1, false, behind::nothing, v4_13, READ(remote_ip4), 0x0403'0201},
	{"local_ip4", 28, 4, 1, false, behind::nothing, v4_13, READ(local_ip4), 0x0807'0605},
	{"remote_ip6", 32, 4, 4, false, behind::nothing, v4_13, READ_0(remote_ip6), 0x6001},
	{"local_ip6", 48, 4, 4, false, behind::nothing, v4_13, READ_0(local_ip6), 0x6101},
	{"remote_port", 64, 4, 1, false, behind::nothing, v4_13, READ(remote_port), 0x5000'0000},
	{"local_port", 68, 4, 1, false, behind::nothing, v4_13, READ(local_port), 8080},
	{"is_fullsock", 72, 4, 1, false, behind::is_fullsock, v4_16, READ(is_fullsock), 1},
	{"snd_cwnd", 76, 4, 1, false, behind::full, v4_16, READ(snd_cwnd), 0xc000'0001},
	{"srtt_us", 80, 4, 1, false, behind::full, v4_16, READ(srtt_us), 0xc000'0002},
	{"bpf_sock_ops_cb_flags", 84, 4, 1, false, behind::full, v4_16, READ(bpf_sock_ops_cb_flags), 0x5a},
	{"state", 88, 4, 1, false, behind::nothing, v4_16, READ(state), TCP_FIN_WAIT2},
	{"rtt_min", 92, 4, 1, false, behind::full, v4_16, READ(rtt_min), 0xc000'0003},
	{"snd_ssthresh", 96, 4, 1, false, behind::full, v4_16, READ(snd_ssthresh), 0xc000'0004},
	{"rcv_nxt", 100, 4, 1, false, behind::full, v4_16, READ(rcv_nxt), 0xc000'0005},
	{"snd_nxt", 104, 4, 1, false, behind::full, v4_16, READ(snd_nxt), 0xc000'0006},
	{"snd_una", 108, 4, 1, false, behind::full, v4_16, READ(snd_una), 0xc000'0007},
	{"mss_cache", 112, 4, 1, false, behind::full, v4_16, READ(mss_cache), 0xc000'0008},
	{"ecn_flags", 116, 4, 1, false, behind::full, v4_16, READ(ecn_flags), 0xe1},
	{"rate_delivered", 120, 4, 1, false, behind::full, v4_16, READ(rate_delivered), 0xc000'0009},
	{"rate_interval_us", 124, 4, 1, false, behind::full, v4_16, READ(rate_interval_us), 0xc000'000a},
	{"packets_out", 128, 4, 1, false, behind::full, v4_16, READ(packets_out), 0xc000'000b},
	{"retrans_out", 132, 4, 1, false, behind::full, v4_16, READ(retrans_out), 0xc000'000c},
	{"total_retrans", 136, 4, 1, false, behind::full, v4_16, READ(total_retrans), 0xc000'000d},
	{"segs_in", 140, 4, 1, false, behind::full, v4_16, READ(segs_in), 0xc000'000e},
	{"data_segs_in", 144, 4, 1, false, behind::full, v4_16, READ(data_segs_in), 0xc000'000f},
	{"segs_out", 148, 4, 1, false, behind::full, v4_16, READ(segs_out), 0xc000'0010},
	{"data_segs_out", 152, 4, 1, false, behind::full, v4_16, READ(data_segs_out), 0xc000'0011},
	{"lost_out", 156, 4, 1, false, behind::full, v4_16, READ(lost_out), 0xc000'0012},
	{"sacked_out", 160, 4, 1, false, behind::full, v4_16, READ(sacked_out), 0xc000'0013},
	{"sk_txhash", 164, 4, 1, true, behind::full, v4_16, READ(sk_txhash), 0xc000'0014},
	{"bytes_received", 168, 8, 1, false, behind::full, v4_16, READ(bytes_received), 0xb000'0000'0000'0001},
	{"bytes_acked", 176, 8, 1, false, behind::full, v4_16, READ(bytes_acked), 0xb000'0000'0000'0002},
	{"sk", 184, 8, 1, false, behind::is_fullsock, release(5, 3), READ(sk), unset},
	{"skb_data", 192, 8, 1, false, behind::skb, v5_10, READ(skb_data), unset},
	{"skb_data_end", 200, 8, 1, false, behind::nothing, v5_10, READ(skb_data_end), unset},
	{"skb_len", 208, 4, 1, false, behind::skb, v5_10, READ(skb_len), 44},
	{"skb_tcp_flags", 212, 4, 1, false, behind::skb, v5_10, READ(skb_tcp_flags), 0x12},
	{"skb_hwtstamp", 216, 8, 1, false, behind::skb, release(6, 2), READ(skb_hwtstamp), 0xb000'0000'0000'0003},
};
// clang-format on

void fill_common(sock_common& sk) {
	const u8 remote[] = {1, 2, 3, 4}, local[] = {5, 6, 7, 8};
	std::memcpy(&sk.skc_daddr, remote, 4);
	std::memcpy(&sk.skc_rcv_saddr, local, 4);
	for (u32 i = 0; i != 4; ++i) {
		sk.skc_v6_daddr[i] = 0x6001 + i;
		sk.skc_v6_rcv_saddr[i] = 0x6101 + i;
	}
	sk.skc_family = af_inet6;
	sk.skc_dport = cpu_to_be16(80);
	sk.skc_num = 8080;
}
void fill(tcp_sock& tp) {
	fill_common(tp);
	tp.skc_state = TCP_FIN_WAIT2;
	u32 next = 0xc000'0001;
	for (u32 tcp_sock::*member :
		 {&tcp_sock::snd_cwnd, &tcp_sock::srtt_us, &tcp_sock::rtt_min, &tcp_sock::snd_ssthresh,
		  &tcp_sock::rcv_nxt, &tcp_sock::snd_nxt, &tcp_sock::snd_una, &tcp_sock::mss_cache,
		  &tcp_sock::rate_delivered, &tcp_sock::rate_interval_us, &tcp_sock::packets_out,
		  &tcp_sock::retrans_out, &tcp_sock::total_retrans, &tcp_sock::segs_in, &tcp_sock::data_segs_in,
		  &tcp_sock::segs_out, &tcp_sock::data_segs_out, &tcp_sock::lost_out, &tcp_sock::sacked_out})
		tp.*member = next++;
	tp.sk_txhash = next;
	tp.bpf_sock_ops_cb_flags = 0x5a;
	tp.ecn_flags = 0xe1;
	tp.bytes_received = 0xb000'0000'0000'0001;
	tp.bytes_acked = 0xb000'0000'0000'0002;
}

struct context : testing::Test {
	net in;
	tcp_sock tp;
	bpf_sock_ops_kern ctx{};
	bpf_sock_ops skops{ctx};

	context() {
		fill(tp);
		on(tp);
	}
	/// What tcp_call_bpf() makes of `sk`.
	void on(sock_common& sk) {
		ctx.sk = &sk;
		ctx.op = BPF_SOCK_OPS_RTT_CB;
		ctx.args[0] = 0xa1;
		ctx.is_fullsock = ctx.is_locked_tcp_sock = sk_fullsock(&sk);
	}
};

TEST(field_table, has_each_field_of_the_uapi_and_no_other) {
	ASSERT_EQ(std::size(ctx_fields), std::size(table));
	for (const field_row& row : table) {
		const ctx_field& field = find_ctx_field(row.name);
		EXPECT_EQ(field.offset, row.offset) << row.name;
		EXPECT_EQ(field.size, row.size) << row.name;
		EXPECT_EQ(field.count, row.count) << row.name;
		EXPECT_EQ(field.writable, row.writable) << row.name;
		EXPECT_EQ(field.write != nullptr, row.writable) << row.name;
		EXPECT_EQ(field.since, row.since) << row.name;
		EXPECT_EQ(field.offset % field.size, 0) << row.name;
	}
}
TEST(field_table, covers_all_224_bytes_once_but_for_the_reply_union) {
	std::vector<int> cover(bpf_sock_ops_size, 0);
	for (const field_row& row : table)
		for (int i = 0; i != row.size * row.count; ++i)
			++cover.at(row.offset + static_cast<unsigned>(i));
	for (u32 at = 0; at != bpf_sock_ops_size; ++at)
		EXPECT_EQ(cover[at], at >= 4 && at < 8 ? 3 : at >= 8 && at < 20 ? 2 : 1) << at;
}
TEST(field_table, byte_orders) {
	for (const ctx_field& field : ctx_fields) {
		const bool address = field.name.find("_ip") != std::string_view::npos;
		EXPECT_EQ(field.order, address                       ? field_order::network
							   : field.name == "remote_port" ? field_order::network_port
															 : field_order::host)
			<< field.name;
	}
}

TEST_F(context, a_full_socket_reads_all_its_fields) {
	for (const field_row& row : table)
		if (row.value != unset) {
			EXPECT_EQ(row.read(skops), row.guard == behind::skb ? 0 : row.value) << row.name;
			EXPECT_EQ(read_ctx_field(find_ctx_field(row.name), ctx), row.read(skops)) << row.name;
		}
	EXPECT_EQ(skops.sk, static_cast<sock*>(&tp));
	for (unsigned i = 0; i != 4; ++i) {
		EXPECT_EQ(skops.remote_ip6[i], 0x6001 + i);
		EXPECT_EQ(skops.local_ip6[i], 0x6101 + i);
	}
}

TEST_F(context, a_listener_is_a_full_socket) {
	tp.skc_state = TCP_LISTEN;
	on(tp);
	EXPECT_EQ(skops.state, u32{TCP_LISTEN});
	EXPECT_EQ(skops.is_fullsock, 1u);
	EXPECT_EQ(skops.snd_cwnd, 0xc000'0001u);
}

// A request or time-wait socket has only what all sockets have in common.
void check_common_only(const bpf_sock_ops& skops, u32 state) {
	for (const field_row& row : table) {
		if (row.name == "state") {
			EXPECT_EQ(row.read(skops), state);
		} else if (row.value != unset) {
			EXPECT_EQ(row.read(skops), row.guard == behind::nothing ? row.value : 0) << row.name;
		}
	}
	EXPECT_EQ(skops.sk, nullptr);
	EXPECT_EQ(skops.local_ip6[3], 0x6104u);
}
TEST_F(context, a_request_has_addresses_ports_and_state_12) {
	request_sock req;
	fill_common(req);
	on(req);
	check_common_only(skops, 12);
}
TEST_F(context, a_time_wait_socket_has_addresses_ports_and_state_6) {
	inet_timewait_sock tw;
	fill_common(tw);
	on(tw);
	check_common_only(skops, 6);
}

TEST_F(context, the_segment_fields_are_0_without_a_segment) {
	EXPECT_EQ(skops.skb_data, nullptr);
	EXPECT_EQ(skops.skb_data_end, nullptr);
	EXPECT_EQ(skops.skb_len, 0u);
	u8 bytes[44] = {};
	sk_buff skb{.data = bytes, .len = 44, .tcp_flags = 0x12, .hwtstamp = 0xb000'0000'0000'0003};
	ctx.skb = &skb;
	ctx.skb_data_end = bytes + 20;
	EXPECT_EQ(skops.skb_data, bytes);
	EXPECT_EQ(skops.skb_data_end, bytes + 20);
	for (const field_row& row : table)
		if (row.guard == behind::skb && row.value != unset) {
			EXPECT_EQ(row.read(skops), row.value) << row.name;
		}
}

using trap_21 = context;
TEST_F(trap_21, the_remote_port_is_in_the_upper_half_on_little_endian) {
	tp.skc_num = 80;
	if constexpr (std::endian::native == std::endian::little) {
		EXPECT_EQ(skops.remote_port, u32{cpu_to_be16(80)} << 16);
		EXPECT_EQ(skops.remote_port, 0x5000'0000u);
	}
	EXPECT_EQ(be32_to_cpu(skops.remote_port), 80u);
	EXPECT_EQ(skops.local_port, 80u); // host order as it stands
}

using trap_22 = context;
TEST_F(trap_22, a_write_of_txhash_behind_a_closed_guard_is_silently_dropped) {
	request_sock req;
	tcp_sock listener;
	listener.sk_txhash = 5;
	inet_reqsk_init(req, &listener, in);
	fill_common(req);
	on(req);
	unsigned char before[sizeof req], after[sizeof req];
	std::memcpy(before, static_cast<const void*>(&req), sizeof req);
	skops.sk_txhash = 0x1234'5678;
	std::memcpy(after, static_cast<const void*>(&req), sizeof req);
	EXPECT_EQ(std::memcmp(before, after, sizeof req), 0);
	EXPECT_EQ(listener.sk_txhash, 5u);
	EXPECT_EQ(skops.sk_txhash, 0u);
}
TEST_F(trap_22, on_a_full_socket_it_is_written) {
	skops.sk_txhash = 0x1234'5678;
	EXPECT_EQ(tp.sk_txhash, 0x1234'5678u);
	EXPECT_EQ(skops.sk_txhash, 0x1234'5678u);
}

TEST_F(context, what_c_writes_to_a_field_is_written_here) {
	skops.reply = 6;
	skops.reply += 4;
	EXPECT_EQ(skops.reply, 10u);
	skops.reply -= 2;
	EXPECT_EQ(skops.reply, 8u);
	skops.reply |= 0x11;
	EXPECT_EQ(skops.reply, 0x19u);
	skops.reply &= 0x18;
	EXPECT_EQ(skops.reply, 0x18u);
	skops.reply ^= skops.reply;
	EXPECT_EQ(skops.reply, 0u);
	(skops.sk_txhash = 7) += 1;
	EXPECT_EQ(tp.sk_txhash, 8u);
}

using trap_25 = context;
TEST_F(trap_25, in_the_tstamp_ops_is_fullsock_is_1_but_guarded_fields_are_0) {
	ctx.op = BPF_SOCK_OPS_TSTAMP_SCHED_CB;
	ctx.is_locked_tcp_sock = 0;
	for (const field_row& row : table)
		if (row.guard == behind::full) {
			EXPECT_EQ(row.read(skops), 0u) << row.name;
		}
	EXPECT_EQ(skops.is_fullsock, 1u);
	EXPECT_EQ(skops.sk, static_cast<sock*>(&tp));
	EXPECT_EQ(skops.local_port, 8080u);
	skops.sk_txhash = 7;
	EXPECT_EQ(tp.sk_txhash, 0xc000'0014u);
}

TEST_F(context, reply_is_args_0_is_replylong_0_and_one_word) {
	skops.reply = 0x1122'3344;
	EXPECT_EQ(skops.args[0], 0x1122'3344u);
	EXPECT_EQ(skops.replylong[0], 0x1122'3344u);
	EXPECT_EQ(skops.args[1], 0u);
	skops.reply = skops.snd_una; // from field to field
	EXPECT_EQ(skops.reply, 0xc000'0007u);
	EXPECT_EQ(tp.snd_una, 0xc000'0007u);
	ctx.args[3] = 4;
	EXPECT_EQ(skops.replylong[3], 4u);
}

// trap 23: reply and sk_txhash can be written, nothing else; and no field can be made to point
// into another context either.
#define WRITABLE(member)                                                                                     \
	requires(bpf_sock_ops & s) { s.member = 1u; }
#define REBINDABLE(member)                                                                                   \
	requires(bpf_sock_ops & s, bpf_sock_ops & other) { s.member = other.member; }
#define EMPTIABLE(member)                                                                                    \
	requires(bpf_sock_ops & s) {                                                                             \
		s.member = {};                                                                                       \
	}
#define READ_ONLY(member)                                                                                    \
	static_assert(!(WRITABLE(member)) && !(REBINDABLE(member)) && !(EMPTIABLE(member)), #member)
template <class bpf_sock_ops>
constexpr bool trap_23() {
	static_assert(WRITABLE(reply) && WRITABLE(sk_txhash));
	static_assert(!WRITABLE(args[0]) && !WRITABLE(args[1]) && !WRITABLE(replylong[0]) &&
				  !WRITABLE(replylong[3]) && !WRITABLE(remote_ip6[0]) && !WRITABLE(local_ip6[0]));
	READ_ONLY(op);
	READ_ONLY(args);
	READ_ONLY(replylong);
	READ_ONLY(family);
	READ_ONLY(remote_ip4);
	READ_ONLY(local_ip4);
	READ_ONLY(remote_ip6);
	READ_ONLY(local_ip6);
	READ_ONLY(remote_port);
	READ_ONLY(local_port);
	READ_ONLY(is_fullsock);
	READ_ONLY(snd_cwnd);
	READ_ONLY(srtt_us);
	READ_ONLY(bpf_sock_ops_cb_flags);
	READ_ONLY(state);
	READ_ONLY(rtt_min);
	READ_ONLY(snd_ssthresh);
	READ_ONLY(rcv_nxt);
	READ_ONLY(snd_nxt);
	READ_ONLY(snd_una);
	READ_ONLY(mss_cache);
	READ_ONLY(ecn_flags);
	READ_ONLY(rate_delivered);
	READ_ONLY(rate_interval_us);
	READ_ONLY(packets_out);
	READ_ONLY(retrans_out);
	READ_ONLY(total_retrans);
	READ_ONLY(segs_in);
	READ_ONLY(data_segs_in);
	READ_ONLY(segs_out);
	READ_ONLY(data_segs_out);
	READ_ONLY(lost_out);
	READ_ONLY(sacked_out);
	READ_ONLY(bytes_received);
	READ_ONLY(bytes_acked);
	READ_ONLY(sk);
	READ_ONLY(skb_data);
	READ_ONLY(skb_data_end);
	READ_ONLY(skb_len);
	READ_ONLY(skb_tcp_flags);
	READ_ONLY(skb_hwtstamp);
	return true;
}
static_assert(trap_23<bpf_sock_ops>());

} // namespace
