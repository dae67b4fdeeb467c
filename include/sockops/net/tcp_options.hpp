// SPDX-License-Identifier: MIT
// TCP options on the wire: kinds, sizes, and whether a segment carries one that TCP does not know.
//
// Context: anywhere; only the segment is read.
#pragma once

#include <sockops/net/sk_buff.hpp>

namespace sockops {

/// TCPOPT_*: the kinds that 6.18's TCP knows.
namespace tcpopt {
inline constexpr u8 eol = 0, nop = 1, mss = 2, window = 3, sack_perm = 4, sack = 5, timestamp = 8,
					md5sig = 19, ao = 29, fastopen = 34,
					exp = 254, ///< experimental, told apart by a magic of 2 or 4 bytes
	exp_alt = 253;             ///< experimental too (RFC 4727)
} // namespace tcpopt
inline constexpr u8 tcp_timestamp_size = 10; ///< TCPOLEN_TIMESTAMP, bytes

/// Does the header carry an option that TCP itself has no use for (tcp_options_received::saw_unknown)?
/// The question that PARSE_UNKNOWN_HDR_OPT_CB_FLAG asks. A malformed option ends the search.
[[nodiscard]] bool tcp_saw_unknown_option(const sk_buff& skb) noexcept;

} // namespace sockops
