// SPDX-License-Identifier: MIT
// TCP_BPF_SYN, _SYN_IP, _SYN_MAC and TCP_SAVED_SYN.

#include <array>

#include <sockops/hook/header_options.hpp>

#include "sockopt_support.hpp"

namespace {

using namespace trap_test;

/// 14 bytes of link header, 20 of IPv4, 20 of TCP; each byte tells where it is.
struct syn_segment {
	std::array<u8, 54> bytes;
	sk_buff skb;
	explicit syn_segment(u8 first) {
		for (std::size_t at = 0; at != bytes.size(); ++at)
			bytes[at] = static_cast<u8>(first + at);
		bytes[34 + 12] = 5 << 4; // the TCP header's length
		skb.data = bytes.data() + 34;
		skb.len = 20;
		skb.network_header_len = 20;
		skb.mac_header_len = 14;
	}
};

struct syn_read {
	int result;
	std::array<u8, 64> buffer;
};

struct trap_31 : sockopt {
	syn_segment syn{100};
	request_sock req;
	trap_31() { inet_reqsk_init(req, &tp, on.in); }

	syn_read read(sock_common& sk, int optname, int optlen, int op = BPF_SOCK_OPS_RWND_INIT) {
		syn_read got{};
		got.buffer.fill(0xee);
		got.result = in_op(op, sk, [&](bpf_sock_ops& skops) {
			return bpf_getsockopt(skops, sol::tcp, optname, got.buffer.data(), optlen);
		});
		return got;
	}
	/// `got` is `copied` bytes of the SYN from its byte `from` on, then zeros, then what was there.
	void expect(const syn_read& got, int result, std::size_t from, std::size_t copied, std::size_t optlen) {
		EXPECT_EQ(got.result, result);
		for (std::size_t at = 0; at != got.buffer.size(); ++at)
			EXPECT_EQ(got.buffer[at], at < copied ? syn.bytes[from + at] : at < optlen ? 0 : 0xee) << at;
	}
};

TEST_F(trap_31, the_length_is_returned_and_too_little_room_still_copies) {
	req.saved_syn.record(syn.skb, true);
	expect(read(req, TCP_BPF_SYN, 20), 20, 34, 20, 20);
	expect(read(req, TCP_BPF_SYN, 10), -ENOSPC, 34, 10, 10);
	expect(read(req, TCP_BPF_SYN, 30), 20, 34, 20, 30);
	expect(read(req, TCP_BPF_SYN_IP, 40), 40, 14, 40, 40);
	expect(read(req, TCP_BPF_SYN_IP, 39), -ENOSPC, 14, 39, 39);
	expect(read(req, TCP_BPF_SYN_MAC, 60), 54, 0, 54, 60);
	expect(read(req, TCP_BPF_SYN_MAC, 1), -ENOSPC, 0, 1, 1);
}

TEST_F(trap_31, a_link_header_that_was_not_kept_is_enoent) {
	req.saved_syn.record(syn.skb, false);
	expect(read(req, TCP_BPF_SYN_MAC, 60), -ENOENT, 0, 0, 60);
	expect(read(req, TCP_BPF_SYN_IP, 60), 40, 14, 40, 60);
}

TEST_F(trap_31, without_a_saved_syn_there_is_none_to_read) {
	for (const int optname : {TCP_BPF_SYN, TCP_BPF_SYN_IP, TCP_BPF_SYN_MAC}) {
		expect(read(req, optname, 60), -ENOENT, 0, 0, 60);
		expect(read(tp, optname, 60), -ENOENT, 0, 0, 60);
	}
	EXPECT_EQ(set(sol::tcp, TCP_BPF_SYN, 1), -EINVAL) << "and none to set";
}

TEST_F(trap_31, the_syn_moves_to_the_child_and_stays_there) {
	req.saved_syn.record(syn.skb, true);
	scoped_tcp_sock child(tp, req);
	const int op = BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
	for (int again = 0; again != 2; ++again) {
		expect(read(child, TCP_BPF_SYN, 20, op), 20, 34, 20, 20);
		expect(read(child, tcp_option::saved_syn, 54, op), 0, 0, 54, 54);
		expect(read(child, tcp_option::saved_syn, 5, op), 0, 0, 5, 5);
	}
	expect(read(child, tcp_option::saved_syn, 55, op), -EINVAL, 0, 0, 55);
	expect(read(req, TCP_BPF_SYN, 20), -ENOENT, 0, 0, 20);
	expect(read(tp, TCP_BPF_SYN, 20), -ENOENT, 0, 0, 20);
}

TEST_F(trap_31, the_syn_that_is_being_answered_comes_first) {
	syn_segment other(7);
	req.saved_syn.record(other.skb, false);
	tp.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	sk_buff synack;
	syn_read tcp{}, mac{};
	const auto read_in = [&](bpf_sock_ops& skops, int optname, syn_read& into) {
		into.buffer.fill(0xee);
		into.result = bpf_getsockopt(skops, sol::tcp, optname, into.buffer.data(), 60);
	};
	attach(*on.root, make_bpf_prog("reads", [&](bpf_sock_ops& skops) {
		read_in(skops, TCP_BPF_SYN, tcp);
		read_in(skops, TCP_BPF_SYN_MAC, mac);
		return 1;
	}));
	EXPECT_EQ(bpf_skops_hdr_opt_len(tp, {&synack, &req, &syn.skb}, 20), 0u);
	expect(tcp, 20, 34, 20, 60);
	expect(mac, 54, 0, 54, 60); // though the saved one has no link header
}

} // namespace
