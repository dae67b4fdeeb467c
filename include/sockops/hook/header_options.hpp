// SPDX-License-Identifier: MIT
// Header options: what a stack calls when it sizes, writes and receives TCP headers (5.10 on).
//
//   bpf_skops_hdr_opt_len    while options are sized, after all of TCP's own: bytes to reserve
//   bpf_skops_write_hdr_opt  once the header is complete: fills what was reserved
//   bpf_skops_parse_hdr      a valid segment came in on the slow path
//
// tcp_output.hpp calls the first where tcp_syn_options() and its kin do; a stack calls the other two. Whose
// programs run, and whose flag is asked, is the owner's: the connection, or the listener of a request (with
// TCP Fast Open its child). ctx.sk is the request, if there is one.
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <cstring>

#include <sockops/hook/call_sites.hpp>
#include <sockops/net/tcp_options.hpp>

namespace sockops {

/// enum tcp_synack_type.
enum class tcp_synack_type : u8 { normal, fastopen, cookie };

/// An outgoing segment as HDR_OPT_LEN_CB and WRITE_HDR_OPT_CB see it.
struct hdr_opt_segment {
	sk_buff* skb = nullptr;      ///< nullptr: nothing is sent, the MSS is being worked out
	request_sock* req = nullptr; ///< a SYN-ACK for this request
	sk_buff* syn_skb = nullptr;  ///< with req: the SYN that is answered; nullptr for a retransmission
	tcp_synack_type synack_type = tcp_synack_type::normal;

	/// args[0] of both ops.
	u32 kind() const noexcept {
		if (!skb)
			return BPF_WRITE_HDR_TCP_CURRENT_MSS;
		return synack_type == tcp_synack_type::cookie ? BPF_WRITE_HDR_TCP_SYNACK_COOKIE : 0u;
	}
};

namespace detail {

// Misuse, reported out of line.
[[gnu::cold]] void bad_option_room(u32 remaining) noexcept;
[[gnu::cold]] void bad_option_area(const sk_buff* skb, u32 reserved) noexcept;

/// The context of ops 14 and 15, but for the segment.
inline void begin_hdr_opt(bpf_sock_ops_kern& ctx, tcp_sock& owner, const hdr_opt_segment& segment,
						  bpf_sock_ops_op op, u32 room) noexcept {
	if (segment.req) {
		begin_context(ctx, segment.req, op, false);
		ctx.syn_skb = segment.syn_skb;
	} else {
		sock_owned_by_me(&owner);
		begin_context(ctx, &owner, op, true);
	}
	ctx.args[0] = segment.kind();
	ctx.remaining_opt_len = static_cast<u8>(room);
}

} // namespace detail

template <class Release = default_release>
class tcp_header_options {
	using dispatch = tcp_dispatch<Release>;
	using sites = tcp_call_sites<Release>;

  public:
	/// HDR_OPT_LEN_CB, if the owner's WRITE_HDR_OPT_CB_FLAG is set and there is room. `remaining`: bytes
	/// of option space left, a multiple of 4, at most 40. Returns what the programs reserved together,
	/// rounded up to 4; 0 if one denied. Add it to the header's length, and hand it to
	/// bpf_skops_write_hdr_opt(). The segment's data is the payload.
	[[nodiscard]] static u32 bpf_skops_hdr_opt_len(tcp_sock& owner, const hdr_opt_segment& segment,
												   u32 remaining) noexcept {
		if (!sites::template bpf_sock_ops_wanted<BPF_SOCK_OPS_HDR_OPT_LEN_CB>(owner) || remaining == 0)
			[[likely]]
			return 0;
		return ask_hdr_opt_len(owner, segment, remaining);
	}

	/// The same, whatever the owner's flags: for tests (testing/fire.hpp).
	static u32 ask_hdr_opt_len(tcp_sock& owner, const hdr_opt_segment& segment, u32 remaining) noexcept {
		if (remaining > max_tcp_option_space || remaining % 4 != 0) [[unlikely]] {
			detail::bad_option_room(remaining);
			return 0;
		}
		bpf_sock_ops_kern ctx;
		detail::begin_hdr_opt(ctx, owner, segment, BPF_SOCK_OPS_HDR_OPT_LEN_CB, remaining);
		if (segment.skb) {
			ctx.skb = segment.skb;
			ctx.skb_data_end = segment.skb->data;
		}
		if (run_hdr_opt(ctx, owner) != 0)
			return 0;
		return (remaining - ctx.remaining_opt_len + 3) / 4 * 4;
	}

	/// WRITE_HDR_OPT_CB, if `reserved` (what bpf_skops_hdr_opt_len() returned) is not 0. The segment's data
	/// is the TCP header, its data offset counts the reserved bytes, and everything before them is written.
	/// Afterwards they hold what the programs stored, then NOPs; only NOPs if one denied.
	static void bpf_skops_write_hdr_opt(tcp_sock& owner, const hdr_opt_segment& segment,
										u32 reserved) noexcept {
		if (reserved == 0) [[likely]]
			return;
		sk_buff* const skb = segment.skb;
		if (!skb || reserved > max_tcp_option_space || skb->tcp_header_len() < tcp_header_size + reserved)
			[[unlikely]]
			return detail::bad_option_area(skb, reserved);
		u8* const area = skb->data + skb->tcp_header_len() - reserved;
		bpf_sock_ops_kern ctx;
		detail::begin_hdr_opt(ctx, owner, segment, BPF_SOCK_OPS_WRITE_HDR_OPT_CB, reserved);
		ctx.skb = skb;
		ctx.skb_data_end = area;
		const bool denied = run_hdr_opt(ctx, owner) != 0;
		const u32 written = denied ? 0 : reserved - ctx.remaining_opt_len;
		std::memset(area + written, tcpopt::nop, reserved - written);
	}

	/// PARSE_HDR_OPT_CB: the last step of validating an incoming segment (tcp_validate_incoming). Fires
	/// with PARSE_ALL_HDR_OPT_CB_FLAG, or with PARSE_UNKNOWN_HDR_OPT_CB_FLAG if the segment carries an
	/// option that TCP does not know (or the last segment did that had more options than the usual time
	/// stamp, and this one has not); not in SYN_SENT, SYN_RECV and LISTEN. A segment that header
	/// prediction took never gets here: do not call it for one.
	static void bpf_skops_parse_hdr(tcp_sock& tp, sk_buff& skb) noexcept {
		if (!sites::template bpf_sock_ops_wanted<BPF_SOCK_OPS_PARSE_HDR_OPT_CB>(tp)) [[likely]]
			return;
		// A header without options, or with the usual time stamp alone, is not parsed: what was seen last
		// stands.
		const u32 header = skb.tcp_header_len();
		const bool usual = header == tcp_header_size ||
						   (header == tp.tcp_header_len && skb.data[tcp_header_size] == tcpopt::nop &&
							skb.data[tcp_header_size + 1] == tcpopt::nop &&
							skb.data[tcp_header_size + 2] == tcpopt::timestamp &&
							skb.data[tcp_header_size + 3] == tcp_timestamp_size);
		if (!usual)
			tp.saw_unknown = tcp_saw_unknown_option(skb);
		const bool all = tp.bpf_sock_ops_cb_flags & BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG;
		if (!all && !tp.saw_unknown)
			return;
		if (tp.skc_state == TCP_SYN_SENT || tp.skc_state == TCP_SYN_RECV || tp.skc_state == TCP_LISTEN)
			return;
		sites::call_with_segment(tp, BPF_SOCK_OPS_PARSE_HDR_OPT_CB, &skb, skb.tcp_header_len());
	}

  private:
	/// Runs the owner's programs; 0, or -errno if one denied.
	static int run_hdr_opt(bpf_sock_ops_kern& ctx, tcp_sock& owner) noexcept {
		[[maybe_unused]] typename Release::observer observer(ctx, &owner);
		const int error = dispatch::bpf_cgroup_run_prog_sock_ops_sk(&ctx, &owner);
		observer.done(error);
		return error;
	}
};

} // namespace sockops
