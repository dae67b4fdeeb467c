// SPDX-License-Identifier: MIT
// struct sk_buff, as far as the hook sees a segment. It points at the caller's bytes.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

struct sk_buff {
	u8* data = nullptr; ///< the TCP header, where there is one already
	u32 len = 0;        ///< bytes from data
	u8 tcp_flags = 0;   ///< TCP_SKB_CB(skb)->tcp_flags: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, …
	u64 hwtstamp = 0;   ///< hardware time stamp, ns

	/// Header length in bytes by its data offset; 0 if there are fewer than 20 bytes.
	u32 tcp_header_len() const noexcept { return len < 20 ? 0u : (data[12] >> 4) * 4u; }
};

} // namespace sockops
