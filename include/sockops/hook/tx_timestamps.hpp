// SPDX-License-Identifier: MIT
// Time stamps of what is sent, reported to programs (6.15 on): when a send was taken, went to the
// device, left it, and was acknowledged.
//
//   tcp_bpf_tx_sendmsg      TSTAMP_SENDMSG_CB: the program may sample this send
//                           (bpf_sock_ops_enable_tx_tstamp); then, for its last segment:
//   skb_tx_sched            TSTAMP_SCHED_CB    it enters the device's queue
//   skb_tx_software         TSTAMP_SND_SW_CB   the driver has it
//   skb_tx_hardware         TSTAMP_SND_HW_CB   the device has sent it and says when
//   tcp_ack_tstamp          TSTAMP_ACK_CB      the peer has it
//
// In all of them is_fullsock is 1 and guarded fields read 0: the socket counts as not locked. The
// time itself is the clock's when the program runs; the hardware's is skb_hwtstamp.
//
// Context: the calling thread; no lock of the socket is asked for. Programs run before a call returns;
// nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <sockops/hook/call_sites.hpp>

namespace sockops {

/// SK_BPF_CB_FLAGS: bit 0, and no other yet.
enum : u8 { SK_BPF_CB_TX_TIMESTAMPING = 1 << 0, SK_BPF_CB_MASK = 1 << 0 };

template <class Release = default_release>
class tcp_tx_timestamps {
	using dispatch = tcp_dispatch<Release>;

  public:
	/// bpf_skops_tx_timestamping(): not a full-socket question, and no lock is asked for.
	static void tx_timestamp(sock& sk, sk_buff& skb, bpf_sock_ops_op op) noexcept {
		if (!Release::observer::observes && !cgroup_bpf_enabled(CGROUP_SOCK_OPS))
			return;
		bpf_sock_ops_kern ctx;
		detail::begin_context(ctx, &sk, op, true);
		ctx.is_locked_tcp_sock = 0;
		ctx.skb = &skb;
		ctx.skb_data_end = skb.data;
		[[maybe_unused]] typename Release::observer observer(ctx, &sk);
		observer.done(dispatch::bpf_cgroup_run_prog_sock_ops_sk(&ctx, &sk));
	}

	/// A send() has copied its bytes and is about to push them; `tail` is the last segment of the write
	/// queue, its data and len the payload, its seq set. Fires if the socket's SK_BPF_CB_TX_TIMESTAMPING is
	/// set.
	static void tcp_bpf_tx_sendmsg(tcp_sock& tp, sk_buff& tail) noexcept {
		if (tp.sk_bpf_cb_flags & SK_BPF_CB_TX_TIMESTAMPING)
			tx_timestamp(tp, tail, BPF_SOCK_OPS_TSTAMP_SENDMSG_CB);
	}

	/// The segment reaches the device's transmit path. Does nothing unless it is sampled and has an owner,
	/// as the next two.
	static void skb_tx_sched(sk_buff& skb) noexcept {
		if (skb.tx_bpf && skb.sk)
			tx_timestamp(*skb.sk, skb, BPF_SOCK_OPS_TSTAMP_SCHED_CB);
	}

	/// The driver has taken the segment.
	static void skb_tx_software(sk_buff& skb) noexcept {
		if (skb.tx_bpf && skb.sk)
			tx_timestamp(*skb.sk, skb, BPF_SOCK_OPS_TSTAMP_SND_SW_CB);
	}

	/// The device reports when it sent the segment: nanoseconds of its own clock.
	static void skb_tx_hardware(sk_buff& skb, u64 hwtstamp_ns) noexcept {
		if (!skb.tx_bpf || !skb.sk)
			return;
		skb.hwtstamp = hwtstamp_ns;
		tx_timestamp(*skb.sk, skb, BPF_SOCK_OPS_TSTAMP_SND_HW_CB);
	}

	/// A segment leaves the retransmission queue, snd_una having moved on from `prior_snd_una`: fires if
	/// the acknowledgement covers the sampled send's last byte for the first time.
	static void tcp_ack_tstamp(tcp_sock& tp, sk_buff& skb, u32 prior_snd_una) noexcept {
		const bool newly =
			static_cast<s32>(skb.tskey - prior_snd_una) >= 0 && static_cast<s32>(skb.tskey - tp.snd_una) < 0;
		if (skb.ack_bpf && newly)
			tx_timestamp(tp, skb, BPF_SOCK_OPS_TSTAMP_ACK_CB);
	}
};

} // namespace sockops
