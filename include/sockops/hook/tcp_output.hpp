// SPDX-License-Identifier: MIT
// Sizing outgoing headers, with the header options of programs as the last of them. A stack says how
// many bytes of options it writes itself; what comes back says how long the header gets. Once that
// is written, bpf_skops_write_hdr_opt() fills the end of it.
//
//   tcp_out_options room = tcp_established_options(tp, &payload, 12, sack_blocks);
//   … build the header: 20 + room.size bytes, of which the last room.bpf_opt_len are the programs' …
//   bpf_skops_write_hdr_opt(tp, {.skb = &segment}, room.bpf_opt_len);
//
// Every packet sent is sized once: SYN, SYN-ACK, data, ACK, FIN, a reset sent by a connection. Not
// what no connection sends: resets to nowhere, ACKs of time-wait sockets and requests.
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <sockops/hook/header_options.hpp>

namespace sockops {

inline constexpr u32 tcp_min_snd_mss = 48; ///< TCP_MIN_SND_MSS, bytes

/// The options of an outgoing header, bytes.
struct tcp_out_options {
	u32 size;            ///< all of them: the stack's own, SACK blocks, the programs'
	u32 num_sack_blocks; ///< as many as fit
	u32 bpf_opt_len;     ///< the programs', at the end: for bpf_skops_write_hdr_opt()
};

template <class Release = default_release>
class tcp_output {
	using header_options = tcp_header_options<Release>;

  public:
	/// tcp_syn_options(): a SYN, or the SYN-ACK of a simultaneous open. `used`: the stack's own options in
	/// bytes, padded to a multiple of 4, at most 40.
	[[nodiscard]] static tcp_out_options tcp_syn_options(tcp_sock& tp, sk_buff& skb, u32 used) noexcept {
		return with_bpf_options(tp, {.skb = &skb}, used);
	}

	/// tcp_synack_options(): the SYN-ACK of a request. `owner`: the listener, or the child of TCP Fast Open;
	/// `segment` needs skb and req, and syn_skb if it is the first answer to the SYN.
	[[nodiscard]] static tcp_out_options tcp_synack_options(tcp_sock& owner, const hdr_opt_segment& segment,
															u32 used) noexcept {
		return with_bpf_options(owner, segment, used);
	}

	/// tcp_established_options(): any segment of an established connection; skb is nullptr while the MSS is
	/// worked out. `used` is without SACK blocks, of which as many are taken as fit; if there are some and
	/// not even one fits, the programs are not asked.
	[[nodiscard]] static tcp_out_options tcp_established_options(tcp_sock& tp, sk_buff* skb, u32 used,
																 u32 sack_blocks = 0) noexcept {
		constexpr u32 sack_base = 4, sack_block = 8;
		if (sack_blocks != 0 && used <= max_tcp_option_space) {
			const u32 room = max_tcp_option_space - used;
			if (room < sack_base + sack_block)
				return {used, 0, 0};
			sack_blocks = detail::min(sack_blocks, (room - sack_base) / sack_block);
			used += sack_base + sack_blocks * sack_block;
		}
		return with_bpf_options(tp, {.skb = skb}, used, sack_blocks);
	}

	/// tcp_current_mss(): payload bytes that fit into one segment now: mss_cache, less what the options
	/// take beyond tcp_header_len; at least tcp_min_snd_mss. Asks the programs (kind 1, no segment) each
	/// time; nothing is remembered.
	[[nodiscard]] static u32 tcp_current_mss(tcp_sock& tp, u32 used, u32 sack_blocks = 0) noexcept {
		const u32 header = tcp_header_size + tcp_established_options(tp, nullptr, used, sack_blocks).size;
		return detail::max(tp.mss_cache + tp.tcp_header_len, header + tcp_min_snd_mss) - header;
	}

  private:
	static tcp_out_options with_bpf_options(tcp_sock& owner, const hdr_opt_segment& segment, u32 used,
											u32 sack_blocks = 0) noexcept {
		// More than the space there is wraps round, and is reported as room of an impossible size.
		const u32 reserved =
			header_options::bpf_skops_hdr_opt_len(owner, segment, max_tcp_option_space - used);
		return {used + reserved, sack_blocks, reserved};
	}
};

} // namespace sockops
