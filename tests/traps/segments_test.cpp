// SPDX-License-Identifier: MIT
// The ops with a segment, through the call sites of a stack: whose programs run, with what context,
// and which calls are not made.

#include "support.hpp"

namespace {

using namespace trap_test;

/// A TCP header with options, and what a segment needs.
struct segment {
	explicit segment(std::vector<u8> options = {}, u8 flags = TCPHDR_ACK, u32 payload = 0) {
		while (options.size() % 4 != 0)
			options.push_back(tcpopt::nop);
		bytes.resize(tcp_header_size);
		bytes.insert(bytes.end(), options.begin(), options.end());
		bytes[12] = static_cast<u8>(bytes.size() / 4 << 4);
		bytes[13] = flags;
		bytes.resize(bytes.size() + payload);
		skb = {.data = bytes.data(), .len = static_cast<u32>(bytes.size()), .tcp_flags = flags};
	}
	std::vector<u8> bytes;
	sk_buff skb;
};

/// A listener with a request, and a child, each in a cgroup of its own with a program that logs.
struct passive_side {
	net in;
	cgroup_root root;
	scoped_tcp_sock listener{in, root.make("/listener")};
	scoped_tcp_sock child{in, root.make("/child")};
	request_sock req;
	std::string log;

	passive_side() {
		attach(root.at("/listener"), names("listener"));
		attach(root.at("/child"), names("child"));
		listener.skc_state = TCP_LISTEN;
		child.skc_state = TCP_SYN_RECV;
		inet_reqsk_init(req, &listener, in);
	}
	bpf_prog_ptr names(const char* whose) {
		return make_bpf_prog(whose, [this, whose](bpf_sock_ops& skops) {
			log += std::string(log.empty() ? "" : " ") + whose + ':' + op_name(skops.op) + ':' +
				   std::to_string(static_cast<u32>(skops.args[0])) + (skops.is_fullsock ? "" : "*");
			return 1;
		});
	}
};

TEST(trap_15, a_syncookie_request_gets_no_generic_op_but_header_options) {
	passive_side on;
	inet_reqsk_init(on.req, nullptr, on.in);
	on.listener.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	segment synack;
	EXPECT_EQ(tcp_rwnd_init_bpf(&on.req), 0u);
	EXPECT_FALSE(tcp_bpf_ca_needs_ecn(&on.req));
	EXPECT_EQ(on.log, "");
	(void)tcp_synack_options(
		on.listener, {.skb = &synack.skb, .req = &on.req, .synack_type = tcp_synack_type::cookie}, 20);
	EXPECT_EQ(on.log, "listener:HDR_OPT_LEN_CB:2*");
}

TEST(trap_15, a_syn_ack_of_fast_open_is_an_ordinary_segment) {
	passive_side on;
	on.child.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	segment synack;
	(void)tcp_synack_options(
		on.child, {.skb = &synack.skb, .req = &on.req, .synack_type = tcp_synack_type::fastopen}, 20);
	EXPECT_EQ(on.log, "child:HDR_OPT_LEN_CB:0*");
}

TEST(trap_17, gate_and_programs_of_header_options_are_the_owners) {
	passive_side on;
	segment synack;
	const hdr_opt_segment answer{.skb = &synack.skb, .req = &on.req};
	(void)tcp_synack_options(on.listener, answer, 20);
	EXPECT_EQ(on.log, "") << "no flag";
	on.child.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	(void)tcp_synack_options(on.listener, answer, 20);
	EXPECT_EQ(on.log, "") << "the flag of a socket that is not the owner";
	(void)tcp_synack_options(on.child, answer, 20); // TCP Fast Open
	EXPECT_EQ(on.log, "child:HDR_OPT_LEN_CB:0*");
	on.log.clear();
	on.listener.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	(void)tcp_synack_options(on.listener, answer, 20);
	EXPECT_EQ(on.log, "listener:HDR_OPT_LEN_CB:0*");
}

TEST(trap_66, working_out_the_mss_asks_too_without_a_segment) {
	one_socket on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	on.sk.mss_cache = 1448;
	on.sk.tcp_header_len = 32;
	std::string seen;
	attach(*on.root, make_bpf_prog("reserves", [&seen](bpf_sock_ops& skops) {
		seen += std::to_string(static_cast<u32>(skops.args[0])) + (skops.skb_data ? "s" : "-") +
				std::to_string(static_cast<u32>(skops.skb_len)) + ' ';
		skops.kern().remaining_opt_len -= 6;
		return 1;
	}));
	EXPECT_EQ(tcp_current_mss(on.sk, 12), 1448u - 8u);
	segment payload({}, TCPHDR_ACK | TCPHDR_PSH, 100);
	sk_buff unbuilt{.data = payload.skb.data + 20, .len = 100, .tcp_flags = TCPHDR_ACK | TCPHDR_PSH};
	const tcp_out_options room = tcp_established_options(on.sk, &unbuilt, 12);
	EXPECT_EQ(room.size, 20u);
	EXPECT_EQ(room.bpf_opt_len, 8u);
	EXPECT_EQ(seen, "1-0 0s100 ");
	on.sk.mss_cache = 5; // a stack that never set it gets no 4 GB
	EXPECT_EQ(tcp_current_mss(on.sk, 12), 48u);
}

TEST(header_sizes, sack_blocks_take_what_fits_and_without_room_nobody_is_asked) {
	one_socket on;
	int runs = 0;
	attach(*on.root, counts(runs));
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	segment ack;
	tcp_out_options room = tcp_established_options(on.sk, &ack.skb, 12, 4);
	EXPECT_EQ(room.num_sack_blocks, 3u);
	EXPECT_EQ(room.size, 40u);
	EXPECT_EQ(runs, 0) << "three blocks leave no room";
	room = tcp_established_options(on.sk, &ack.skb, 12, 1);
	EXPECT_EQ(room.size, 24u);
	EXPECT_EQ(runs, 1);
	room = tcp_established_options(on.sk, &ack.skb, 32, 2);
	EXPECT_EQ(room.num_sack_blocks, 0u);
	EXPECT_EQ(room.size, 32u);
	EXPECT_EQ(runs, 1) << "not even one block fits: the routine is left early";
}

TEST(header_sizes, impossible_room_is_reported_and_reserves_nothing) {
	recorded_reports reports;
	one_socket on;
	int runs = 0;
	attach(*on.root, counts(runs));
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	segment out;
	EXPECT_EQ(tcp_syn_options(on.sk, out.skb, 44).bpf_opt_len, 0u);
	expect_report(reports, "bpf_skops_hdr_opt_len", {"remaining", "multiple of 4", "at most 40"});
	EXPECT_EQ(tcp_syn_options(on.sk, out.skb, 6).bpf_opt_len, 0u);
	expect_report(reports, "bpf_skops_hdr_opt_len", {"remaining 34", "multiple of 4"});
	bpf_skops_write_hdr_opt(on.sk, {.skb = &out.skb}, 4);
	expect_report(reports, "bpf_skops_write_hdr_opt", {"reserved 4", "header of 20 bytes"});
	bpf_skops_write_hdr_opt(on.sk, {}, 4);
	expect_report(reports, "bpf_skops_write_hdr_opt", {"no segment"});
	EXPECT_EQ(runs, 0);
}

/// What a program sees of the segment: "op:header bytes:skb_len:flags".
bpf_prog_ptr sees_segments(std::string& log) {
	return make_bpf_prog("sees", [&log](bpf_sock_ops& skops) {
		log += std::string(op_name(skops.op)) + ':' + std::to_string(skops.skb_data_end - skops.skb_data) +
			   ':' + std::to_string(static_cast<u32>(skops.skb_len)) + ':' +
			   std::to_string(static_cast<u32>(skops.skb_tcp_flags)) + ' ';
		return 1;
	});
}

TEST(segments, established_shows_the_header_that_completed_the_handshake) {
	one_socket on;
	std::string log;
	attach(*on.root, sees_segments(log));
	segment synack({tcpopt::mss, 4, 5, 180}, TCPHDR_SYN | TCPHDR_ACK);
	on.sk.skc_state = TCP_SYN_SENT;
	tcp_finish_connect(on.sk, &synack.skb);
	EXPECT_EQ(log, "ACTIVE_ESTABLISHED_CB:24:24:18 ");
	log.clear();
	tcp_finish_connect(on.sk);
	EXPECT_EQ(log, "ACTIVE_ESTABLISHED_CB:0:0:0 ") << "repair mode: no segment";
}

TEST(segments, parse_all_sees_each_parse_unknown_only_those_with_an_unknown_option) {
	one_socket on;
	std::string log;
	attach(*on.root, sees_segments(log));
	on.sk.skc_state = TCP_ESTABLISHED;
	segment plain, known({tcpopt::nop, tcpopt::nop, tcpopt::timestamp, 10, 0, 0, 0, 1, 0, 0, 0, 2}),
		unknown({253, 4, 0xeb, 0x9f}, TCPHDR_ACK, 7);
	const auto parse_each = [&] {
		log.clear();
		for (segment* each : {&plain, &known, &unknown})
			bpf_skops_parse_hdr(on.sk, each->skb);
		return log;
	};
	EXPECT_EQ(parse_each(), "");
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG;
	EXPECT_EQ(parse_each(), "PARSE_HDR_OPT_CB:24:31:16 ");
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG;
	EXPECT_EQ(parse_each(), "PARSE_HDR_OPT_CB:20:20:16 PARSE_HDR_OPT_CB:32:32:16 PARSE_HDR_OPT_CB:24:31:16 ");
	for (const tcp_state state : {TCP_SYN_SENT, TCP_SYN_RECV, TCP_LISTEN}) {
		on.sk.skc_state = state;
		EXPECT_EQ(parse_each(), "") << tcp_state_name(state);
	}
}

TEST(segments, an_unknown_option_is_remembered_over_segments_that_are_not_parsed) {
	one_socket on;
	std::string log;
	attach(*on.root, sees_segments(log));
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.tcp_header_len = 32;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG;
	segment plain, usual({tcpopt::nop, tcpopt::nop, tcpopt::timestamp, 10, 0, 0, 0, 1, 0, 0, 0, 2}),
		unknown({253, 4, 0xeb, 0x9f}),
		sack({tcpopt::nop, tcpopt::nop, tcpopt::sack, 10, 0, 0, 0, 1, 0, 0, 0, 2}),
		short_stamp({tcpopt::nop, tcpopt::nop, tcpopt::timestamp, 6, 0, 0, 0, 1, tcpopt::nop, 1, 1, 1});
	const auto seen = [&](segment& one) {
		log.clear();
		bpf_skops_parse_hdr(on.sk, one.skb);
		return !log.empty();
	};
	EXPECT_FALSE(seen(usual));
	EXPECT_TRUE(seen(unknown));
	EXPECT_TRUE(seen(usual)) << "the usual time stamp is read without a look at what else there is";
	EXPECT_TRUE(seen(plain));
	EXPECT_FALSE(seen(sack)) << "other options are parsed";
	EXPECT_FALSE(seen(usual));
	EXPECT_TRUE(seen(unknown));
	EXPECT_FALSE(seen(short_stamp)) << "not the usual one: parsed";
}

TEST(segments, malformed_options_end_the_search_for_an_unknown_one) {
	for (const std::vector<u8>& options : std::vector<std::vector<u8>>{{200, 0, 0, 0},
																	   {200, 1, 0, 0},
																	   {200, 5, 0, 0},
																	   {tcpopt::eol, 200, 4, 0},
																	   {tcpopt::nop, 1, 1, 200}}) {
		segment bad(options);
		EXPECT_FALSE(tcp_saw_unknown_option(bad.skb)) << +options[0] << ' ' << +options[1];
	}
	segment fast_open({tcpopt::exp, 4, 0xf9, 0x89}), other({tcpopt::exp, 4, 0xf9, 0x88});
	EXPECT_FALSE(tcp_saw_unknown_option(fast_open.skb));
	EXPECT_TRUE(tcp_saw_unknown_option(other.skb));
	segment cut({200, 4, 0, 0});
	cut.skb.len = 22; // the data offset says 24
	EXPECT_FALSE(tcp_saw_unknown_option(cut.skb));
}

} // namespace
