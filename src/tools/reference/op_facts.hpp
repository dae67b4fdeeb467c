// SPDX-License-Identifier: MIT
// What op_table does not say of an op, because only the reference asks: when it fires, with which segment,
// what its arguments are measured in, which call site fires it. In the order of op_table.
#pragma once

#include <iterator>

#include <sockops/bpf/uapi.hpp>

namespace sockops_reference {

struct op_facts {
	sockops::bpf_sock_ops_op op;
	const char* when;
	const char* segment; ///< what skb_data and its kin show
	const char* args[3]; ///< value and unit of each that op_table names
	const char* site;    ///< of tcp_hook<>, and the header it is in
	const char* header;
};

// clang-format off
inline constexpr op_facts all_op_facts[] = {
	{sockops::BPF_SOCK_OPS_VOID, "Never.", "none", {}, nullptr, nullptr},
	{sockops::BPF_SOCK_OPS_TIMEOUT_INIT,
	 "Before a SYN or SYN-ACK is sent: how long until it is sent again. Active: in connect(), after RWND_INIT. Passive: when a SYN has come, after RWND_INIT, for its request; not for one without a listener (a syncookie), and with TCP Fast Open for the child. Again each time the retransmission timer of a handshake asks whether it has taken too long.",
	 "none", {}, "tcp_timeout_init", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_RWND_INIT,
	 "Before a receive window is offered for the first time. Active: in connect(), after TCP_CONNECT_CB. Passive: when a SYN has come, before it is kept for TCP_SAVE_SYN; for a request without a listener no program runs.",
	 "none", {}, "tcp_rwnd_init_bpf", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_TCP_CONNECT_CB,
	 "The first thing in connect(): the state is SYN_SENT, addresses and ports are known, no SYN has been built.",
	 "none", {}, "tcp_bpf_connect", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB,
	 "The SYN-ACK has come: after STATE_CB(SYN_SENT, ESTABLISHED), before the congestion control starts.",
	 "the SYN-ACK (5.10); none for a socket under repair", {}, "bpf_skops_established", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB,
	 "The ACK of the handshake has come, or with TCP Fast Open the SYN: before STATE_CB(SYN_RECV, ESTABLISHED), and before the congestion control starts. Of a simultaneous open on the socket that connected.",
	 "the ACK, or the SYN of TCP Fast Open (5.10)", {}, "bpf_skops_established", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_NEEDS_ECN,
	 "Is ECN wanted? Active: in connect(), whatever sysctl and route say. Passive: when a SYN that asks for ECN has come and nothing else has said yes; and for each SYN-ACK, also one that is sent again, whose TOS is not ECN-capable.",
	 "none", {}, "tcp_bpf_ca_needs_ecn", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_BASE_RTT,
	 "The congestion control nv starts: after the connection is established, or within bpf_setsockopt(TCP_CONGESTION).",
	 "none", {}, "tcp_bpf_base_rtt", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_RTO_CB,
	 "The retransmission timer has fired with something outstanding: before the segment is sent again, or the connection given up. Not for zero-window probes, keepalives, and SYN-ACKs of requests.",
	 "none",
	 {"retransmissions so far: 0 the first time", "the timeout that has run out, jiffies", "1: the connection is given up now; else 0"},
	 "tcp_bpf_rto", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_RETRANS_CB,
	 "A segment was handed down to be sent again, by timer, fast retransmission or probe. Not if that was refused before: it is still queued, no memory, no route.",
	 "none",
	 {"its first sequence number", "how many segments", "0, or the -errno of the transmission (as a u32)"},
	 "tcp_bpf_retrans", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_STATE_CB,
	 "Before the state changes: the field state is the old one. Also where both are the same. Not for the change to LISTEN, a child's to SYN_RECV, and to TIME_WAIT, of which the socket reports CLOSE.",
	 "none", {"the old state, TCP_*", "the new state, TCP_*"}, "tcp_bpf_state", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_TCP_LISTEN_CB,
	 "The socket has begun to listen. Not when listen() only changes the backlog.",
	 "none", {}, "tcp_bpf_listen", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_RTT_CB,
	 "A round trip has been measured: the first one, and then one a round trip. The field srtt_us is the one before, 0 the first time.",
	 "none", {"the measured round trip, microseconds (6.10; before: no arguments)", "the new smoothed one, microseconds << 3"},
	 "tcp_bpf_rtt", "call_sites.hpp"},
	{sockops::BPF_SOCK_OPS_PARSE_HDR_OPT_CB,
	 "A segment has come and passed all checks, and did not go the fast way of predicted ones: with PARSE_ALL each, with PARSE_UNKNOWN one that has an option that TCP does not know.",
	 "the one that came", {}, "bpf_skops_parse_hdr", "header_options.hpp"},
	{sockops::BPF_SOCK_OPS_HDR_OPT_LEN_CB,
	 "A header is sized, after all of TCP's own options: of each segment that is sent, and each time the MSS is worked out. Not if no room is left. The flag is asked of the socket whose programs run: for a request its listener, or the child of TCP Fast Open.",
	 "the one that is sent, of whose header nothing is there; none while the MSS is worked out",
	 {"0: a segment; 1: the MSS is worked out; 2: a SYN-ACK with a syncookie"}, "bpf_skops_hdr_opt_len", "header_options.hpp"},
	{sockops::BPF_SOCK_OPS_WRITE_HDR_OPT_CB,
	 "A header is written in which room was reserved, after all of TCP's own options, before the checksum.",
	 "the one that is sent, with the header so far", {"0: a segment; 2: a SYN-ACK with a syncookie"},
	 "bpf_skops_write_hdr_opt", "header_options.hpp"},
	{sockops::BPF_SOCK_OPS_TSTAMP_SCHED_CB,
	 "A segment of a sampled send enters the device's queue.",
	 "that one; no byte of it can be read", {}, "skb_tx_sched", "tx_timestamps.hpp"},
	{sockops::BPF_SOCK_OPS_TSTAMP_SND_SW_CB,
	 "The driver has it.", "that one; no byte of it can be read", {}, "skb_tx_software", "tx_timestamps.hpp"},
	{sockops::BPF_SOCK_OPS_TSTAMP_SND_HW_CB,
	 "The device has sent it, and says when: skb_hwtstamp.", "that one; no byte of it can be read", {},
	 "skb_tx_hardware", "tx_timestamps.hpp"},
	{sockops::BPF_SOCK_OPS_TSTAMP_ACK_CB,
	 "The last byte of a sampled send has been acknowledged.", "the one it was in; no byte of it can be read", {},
	 "tcp_ack_tstamp", "tx_timestamps.hpp"},
	{sockops::BPF_SOCK_OPS_TSTAMP_SENDMSG_CB,
	 "A send() has copied its bytes and is about to push them, on a socket with SK_BPF_CB_TX_TIMESTAMPING (bpf_setsockopt(SK_BPF_CB_FLAGS)). The program may sample it.",
	 "the last of this send; no byte of it can be read", {}, "tcp_bpf_tx_sendmsg", "tx_timestamps.hpp"},
};
// clang-format on

/// One for each op, with words for as many arguments.
constexpr bool describe_op_table() noexcept {
	for (const op_facts& each : all_op_facts) {
		const sockops::op_info* const row = sockops::find_op(each.op);
		if (!row || &each - all_op_facts != each.op)
			return false;
		for (int i = 0; i != 3; ++i)
			if (!each.args[i] != !row->args[i])
				return false;
	}
	return std::size(all_op_facts) == std::size(sockops::op_table);
}
static_assert(describe_op_table(), "an op of op_table has no facts, is out of order, or has other arguments");

} // namespace sockops_reference
