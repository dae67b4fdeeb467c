// SPDX-License-Identifier: MIT
// What ctx_fields does not say of a field, because only the reference asks: its unit, and where the value is
// kept. In the order of ctx_fields.
#pragma once

#include <iterator>
#include <string_view>

#include <sockops/bpf/bpf_sock_ops_fields.hpp>

namespace sockops_reference {

struct field_facts {
	std::string_view name;
	const char* unit;
	const char* source;
	const char* note; ///< "": none
};

// clang-format off
inline constexpr field_facts all_field_facts[] = {
	{"op", "BPF_SOCK_OPS_*", "the call", ""},
	{"reply", "as the op says", "the call", "the same word as args[0]: a program reads what was written before it, or the first argument"},
	{"args", "as the op says", "the call", "args[0] can be written, as reply"},
	{"replylong", "as the op says", "the call", "the same words as args; replylong[0] can be written, as reply"},
	{"family", "AF_INET 2, AF_INET6 10", "sock_common.skc_family", ""},
	{"remote_ip4", "address", "sock_common.skc_daddr", "of an AF_INET6 socket a placeholder, 127.0.0.6"},
	{"local_ip4", "address", "sock_common.skc_rcv_saddr", "of an AF_INET6 socket a placeholder, 127.0.0.6"},
	{"remote_ip6", "address, 4 words", "sock_common.skc_v6_daddr", ""},
	{"local_ip6", "address, 4 words", "sock_common.skc_v6_rcv_saddr", ""},
	{"remote_port", "port", "sock_common.skc_dport", "bpf_ntohl() of it is the port"},
	{"local_port", "port", "sock_common.skc_num", "in host order, unlike remote_port"},
	{"is_fullsock", "0 or 1", "the call", "0: a request"},
	{"snd_cwnd", "packets", "tcp_sock.snd_cwnd", ""},
	{"srtt_us", "microseconds << 3", "tcp_sock.srtt_us", ""},
	{"bpf_sock_ops_cb_flags", "BPF_SOCK_OPS_*_CB_FLAG", "tcp_sock.bpf_sock_ops_cb_flags", "set by bpf_sock_ops_cb_flags_set()"},
	{"state", "TCP_*", "sock_common.skc_state", "of a request 12, NEW_SYN_RECV"},
	{"rtt_min", "microseconds", "tcp_sock.rtt_min", "all ones: none has been measured"},
	{"snd_ssthresh", "packets", "tcp_sock.snd_ssthresh", ""},
	{"rcv_nxt", "sequence number", "tcp_sock.rcv_nxt", ""},
	{"snd_nxt", "sequence number", "tcp_sock.snd_nxt", ""},
	{"snd_una", "sequence number", "tcp_sock.snd_una", ""},
	{"mss_cache", "bytes", "tcp_sock.mss_cache", ""},
	{"ecn_flags", "TCP_ECN_*", "tcp_sock.ecn_flags", ""},
	{"rate_delivered", "packets", "tcp_sock.rate_delivered", "in rate_interval_us"},
	{"rate_interval_us", "microseconds", "tcp_sock.rate_interval_us", ""},
	{"packets_out", "packets", "tcp_sock.packets_out", ""},
	{"retrans_out", "packets", "tcp_sock.retrans_out", ""},
	{"total_retrans", "packets", "tcp_sock.total_retrans", ""},
	{"segs_in", "segments", "tcp_sock.segs_in", ""},
	{"data_segs_in", "segments", "tcp_sock.data_segs_in", ""},
	{"segs_out", "segments", "tcp_sock.segs_out", ""},
	{"data_segs_out", "segments", "tcp_sock.data_segs_out", ""},
	{"lost_out", "packets", "tcp_sock.lost_out", ""},
	{"sacked_out", "packets", "tcp_sock.sacked_out", ""},
	{"sk_txhash", "a hash", "sock.sk_txhash", "where it reads 0, a write is dropped"},
	{"bytes_received", "bytes", "tcp_sock.bytes_received", ""},
	{"bytes_acked", "bytes", "tcp_sock.bytes_acked", ""},
	{"sk", "struct bpf_sock *", "the call", "to be compared with NULL first"},
	{"skb_data", "address", "sk_buff.data", "of the TCP header; read up to skb_data_end"},
	{"skb_data_end", "address", "the call", "NULL without a segment"},
	{"skb_len", "bytes", "sk_buff.len", "in HDR_OPT_LEN_CB of the payload alone"},
	{"skb_tcp_flags", "TCPHDR_*", "sk_buff.tcp_flags", ""},
	{"skb_hwtstamp", "nanoseconds", "sk_buff.hwtstamp", "of the device's own clock"},
};
// clang-format on

constexpr bool describe_ctx_fields() noexcept {
	if (std::size(all_field_facts) != std::size(sockops::ctx_fields))
		return false;
	for (std::size_t i = 0; i != std::size(all_field_facts); ++i)
		if (all_field_facts[i].name != sockops::ctx_fields[i].name)
			return false;
	return true;
}
static_assert(describe_ctx_fields(), "a field of ctx_fields has no facts, or is out of order");

} // namespace sockops_reference
