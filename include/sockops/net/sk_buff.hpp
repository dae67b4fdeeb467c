// SPDX-License-Identifier: MIT
// struct sk_buff, as far as the hook sees a segment. It points at the caller's bytes: nothing is
// copied, and the caller keeps them alive for as long as the call that it hands the segment to.
//
//   received           … link header | IP header | TCP header and options | payload
//                                                 ^ data                           ^ data + len
//   HDR_OPT_LEN_CB     the header does not exist yet: data and len are the payload
//   WRITE_HDR_OPT_CB   data is the TCP header, complete but for what programs write at its end
//
// Context: whoever has the segment; it alone is read.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

struct sock;

/// Bits of the byte at offset 13 of a TCP header.
enum tcp_header_flag : u8 {
	TCPHDR_FIN = 1 << 0,
	TCPHDR_SYN = 1 << 1,
	TCPHDR_RST = 1 << 2,
	TCPHDR_PSH = 1 << 3,
	TCPHDR_ACK = 1 << 4,
	TCPHDR_URG = 1 << 5,
	TCPHDR_ECE = 1 << 6,
	TCPHDR_CWR = 1 << 7,
};

inline constexpr u32 tcp_header_size = 20;      ///< sizeof(struct tcphdr), bytes
inline constexpr u32 max_tcp_option_space = 40; ///< MAX_TCP_OPTION_SPACE, bytes

struct sk_buff {
	u8* data = nullptr;
	u32 len = 0;               ///< bytes from data
	u8 tcp_flags = 0;          ///< TCP_SKB_CB(skb)->tcp_flags
	u8 network_header_len = 0; ///< bytes of IP header right before data; 0: not there
	u8 mac_header_len = 0;     ///< bytes of link header right before the IP header; 0: not there
	u32 seq = 0;               ///< TCP_SKB_CB(skb)->seq, host order
	u64 hwtstamp = 0;          ///< hardware time stamp, ns

	/// Time stamping for programs (6.15): set by bpf_sock_ops_enable_tx_tstamp().
	sock* sk = nullptr;   ///< who sends it; no TSTAMP op without
	bool tx_bpf = false;  ///< SKBTX_BPF: its way out is reported
	bool ack_bpf = false; ///< TSTAMP_ACK_BPF: so is its acknowledgement
	u32 tskey = 0;        ///< the last sequence number of the send that is sampled

	/// Header length in bytes by its data offset; 0 if there are fewer than 20 bytes, or if the offset
	/// says less than 20 or more than there are.
	u32 tcp_header_len() const noexcept {
		const u32 says = len < tcp_header_size ? 0u : (data[12] >> 4) * 4u;
		return says < tcp_header_size || says > len ? 0u : says;
	}
};

} // namespace sockops
