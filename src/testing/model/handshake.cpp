// SPDX-License-Identifier: MIT
// connect(), and what the handshake brings a socket: SYN_SENT, SYN_RECV.

#include "stack.hpp"

namespace sockops::testing::model {

connection::connection(stack& host, cgroup& in)
	: scoped_tcp_sock(host.in(), in), host_(host), xmit_timer_(host.clock()), delack_timer_(host.clock()) {
	host.set_own_address(*this);
}

connection::connection(stack& host, const connection& listener, request_sock& req)
	: scoped_tcp_sock(listener, req), host_(host), listener_(&listener), xmit_timer_(host.clock()),
	  delack_timer_(host.clock()) {
	no_delay_ = listener.no_delay_;
	if (is_wrong(wrong_rule::child_inherits_no_flags))
		bpf_sock_ops_cb_flags = 0;
}

void connection::app_listen() {
	const process_context held(*this);
	if (skc_state == TCP_LISTEN && is_wrong(wrong_rule::second_listen_fires))
		hook::tcp_bpf_listen(*this);
	(void)hook::inet_listen(*this);
}

void connection::app_connect(u16 port) {
	const process_context held(*this);
	if (skc_state != TCP_CLOSE)
		return;
	if (fast_open_connect_ && (skc_net->ipv4.sysctl_tcp_fastopen & 4))
		deferred_port_ = port; // the first send() will make the SYN
	else
		connect_now(port, 0);
}

/// With `data` bytes in the SYN.
void connection::connect_now(u16 port, u32 data) {
	skc_dport = cpu_to_be16(port);
	host_.set_peer_address(*this);
	set_state(TCP_SYN_SENT);
	const netns_ipv4& sysctl = skc_net->ipv4;
	iss_ = write_seq_ = snd_una = snd_nxt = skc_net->get_random_u32();
	host_.begins_at(iss_);
	ts_offset_ = skc_net->get_random_u32();
	ts_ok_ = sysctl.sysctl_tcp_timestamps != 0;
	sack_ok_ = sysctl.sysctl_tcp_sack != 0;
	wscale_ok_ = sysctl.sysctl_tcp_window_scaling != 0;
	rcv_wscale_ = wscale_ok_ ? default_wscale : u8{0};
	tcp_header_len = static_cast<u16>(tcp_header_size + own_option_bytes());
	const tcp_syn_params params = ask_for_syn();
	rcv_wnd_ = rcv_ssthresh_ = initial_window(params.rwnd_packets, advertised_mss());
	if (is_wrong(wrong_rule::window_in_bytes) && params.rwnd_packets != 0)
		rcv_wnd_ = params.rwnd_packets;
	if (is_wrong(wrong_rule::timeout_in_milliseconds) && params.timeout != skc_net->profile.hz)
		icsk_rto = params.timeout * skc_net->profile.hz / 1000;
	send_syn(params, data);
}

/// tcp_connect(). Between its calls the MSS becomes known, and the SYN is queued.
tcp_syn_params connection::ask_for_syn() {
	hook::tcp_bpf_connect(*this);
	mss_cache = std::min(advertised_mss(), user_mss_ ? user_mss_ : host_.least_mss()) - own_option_bytes();
	const u32 rwnd_packets = hook::tcp_rwnd_init_bpf(this);
	icsk_rto = hook::tcp_timeout_init(this);
	icsk_retransmits = 0;
	retrans_stamp = skc_net->ktime_get_ns();
	packets_out = 1;
	return {rwnd_packets, icsk_rto, hook::tcp_bpf_ca_needs_ecn(this)};
}

void connection::send_syn(const tcp_syn_params& params, u32 data) {
	ecn_syn_ = params.ecn || skc_net->ipv4.sysctl_tcp_ecn == 1;
	ect_ = params.ecn;
	queue(0, TCPHDR_SYN);
	out_segment syn = unsent_.front();
	unsent_.clear();
	if (data != 0) // is sized as if the peer took all that the link does
		mss_cache = host_.link_mss() - own_option_bytes();
	syn.len = data;
	syn_data = data != 0;
	first_syn_ts_ = ts_now();
	transmit(syn);
	syn.len = 0;
	snd_nxt = write_seq_;
	rtx_.push_back(syn);
	if (data != 0) {
		queue(data, TCPHDR_PSH);
		out_segment with_syn = unsent_.front();
		unsent_.clear();
		with_syn.sent_ns = syn.sent_ns;
		rtx_.push_back(with_syn);
		snd_nxt = write_seq_;
		packets_out = 2;
	}
	arm(xmit_timer::retransmission, icsk_rto);
}

/// Of what one would like: the answer to a SYN that our own has met offers no less, whatever that one lacks.
tcp_options connection::syn_options() const {
	const netns_ipv4& sysctl = skc_net->ipv4;
	tcp_options options;
	options.mss = advertised_mss();
	if (sysctl.sysctl_tcp_timestamps)
		options.ts = time_stamp{ts_now(), ts_recent_};
	options.sack_permitted = sysctl.sysctl_tcp_sack;
	if (sysctl.sysctl_tcp_window_scaling)
		options.window_scale = rcv_wscale_;
	return options;
}

/// What the peer's SYN or SYN-ACK offers; what it does not offer is off.
void connection::take_syn_options(const segment& seg) {
	const tcp_options& offered = seg.options;
	ts_ok_ = ts_ok_ && offered.ts;
	sack_ok_ = sack_ok_ && offered.sack_permitted;
	wscale_ok_ = wscale_ok_ && offered.window_scale;
	snd_wscale_ = wscale_ok_ ? *offered.window_scale : u8{0};
	if (!wscale_ok_)
		rcv_wscale_ = 0;
	if (ts_ok_)
		ts_recent_ = offered.ts->value;
	tcp_header_len = static_cast<u16>(tcp_header_size + own_option_bytes());
	peer_mss_ = offered.mss.value_or(host_.least_mss());
	snd_wnd_ = max_window_ = seg.window;
	sync_mss();
	ack_.rcv_mss = std::max(std::min({u32{advertised_mss()}, mss_cache, rcv_wnd_ / 2, 536u}), 88u);
	irs_ = seg.seq;
	rcv_nxt = rcv_wup_ = copied_seq_ = rcv_end_ = seg.seq + 1;
	snd_wl1_ = seg.seq;
	ack_.last_received = jiffies();
}

void connection::receive_in_syn_sent(packet& what, const segment& seg) {
	if (seg.has(TCPHDR_ACK)) {
		if (!after(seg.ack, iss_) || after(seg.ack, snd_nxt)) {
			if (icsk_retransmits == 0)
				arm(xmit_timer::retransmission, 2); // our SYN may have been taken for an old one's
			if (!seg.has(TCPHDR_RST))
				host_.send_reset(seg);
			return;
		}
		if (seg.has(TCPHDR_RST))
			return reset_received();
		if (seg.has(TCPHDR_SYN))
			finish_connect(what, seg);
	} else if (seg.has(TCPHDR_SYN) && !seg.has(TCPHDR_RST)) {
		simultaneous_open(what, seg);
	}
}

void connection::finish_connect(packet& synack, const segment& seg) {
	const bool ecn = ecn_syn_ && seg.has(TCPHDR_ECE) && !seg.has(TCPHDR_CWR);
	ecn_flags = ecn ? 1 : 0; // TCP_ECN_OK
	ect_ = ecn;
	(void)acknowledge(seg, slow_path);
	take_syn_options(seg);
	if (!rtx_.empty() && after(rtx_.front().end_seq(), snd_una)) { // the data of the SYN was not taken
		for (out_segment& sent : rtx_)
			sent.lost = true, ++lost_out;
	}
	fast_path_ = !wscale_ok_ || snd_wscale_ == 0;
	sk_buff skb = synack.skb();
	saw_unknown = tcp_saw_unknown_option(skb);
	set_state(TCP_ESTABLISHED); // tcp_finish_connect(), and the window between its two calls
	const bool first_arrived = ts_ok_ && seg.options.ts->echo == first_syn_ts_;
	snd_cwnd = total_retrans > 1 && !first_arrived ? 1 : initial_cwnd;
	snd_ssthresh = tcp_infinite_ssthresh; // a lost SYN says nothing of the path
	hook::tcp_init_transfer(*this, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, &skb);
	init_buffer_space();
	if (syn_data && delivered > 1)
		--delivered; // the SYN and its data were one segment
	if (lost_out != 0)
		retransmit_lost();
	send_ack();
}

/// Our SYN meets one: both of us have connected.
void connection::simultaneous_open(packet& what, const segment& seg) {
	(void)what;
	set_state(TCP_SYN_RECV); // tcp_simultaneous_open(), and the options between its two calls
	take_syn_options(seg);
	const bool ecn = ecn_syn_ && seg.has(TCPHDR_ECE) && seg.has(TCPHDR_CWR);
	ecn_flags = ecn ? 1 : 0;
	ect_ = ecn && hook::tcp_bpf_ca_needs_ecn(this);
	out_segment& syn = rtx_.front();
	syn.retransmitted = false;
	syn.sent_ns = skc_net->ktime_get_ns();
	send_segment(syn.seq, 0, static_cast<u8>(TCPHDR_SYN | TCPHDR_ACK | (ecn ? TCPHDR_ECE : 0)), nullptr);
	arm(xmit_timer::retransmission, icsk_rto);
}

/// A listener's child, or a simultaneous open, whose ACK takes back what lost SYNs did to the window.
void connection::child_established(packet& ack) {
	sk_buff skb = ack.skb();
	snd_ssthresh = tcp_infinite_ssthresh;
	if (!listener_)
		snd_cwnd = initial_cwnd;
	if (is_wrong(wrong_rule::established_before_the_call)) {
		set_state(TCP_ESTABLISHED);
		hook::tcp_init_transfer(*this, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, &skb);
	} else {
		hook::tcp_child_established(*this, &skb);
	}
	init_buffer_space();
}

/// The ACK that was missing. False: that was no ACK for us.
bool connection::finish_syn_recv(packet& what, const segment& seg) {
	if (!seg.has(TCPHDR_ACK))
		return false;
	++delivered; // the SYN-ACK, which was in no queue
	if (srtt_us == 0 && !is_wrong(wrong_rule::no_rtt_of_the_synack)) {
		u32 rtt_us = 0;
		if (synack_sent_ns_ != 0)
			measure_rtt(static_cast<u32>((skc_net->ktime_get_ns() - synack_sent_ns_) / 1000));
		else if (!fast_open_child_ && ts_rtt(seg, rtt_us))
			measure_rtt(rtt_us);
	}
	snd_wnd_ = max_window_ = u32{seg.window} << (seg.has(TCPHDR_SYN) ? 0 : snd_wscale_);
	snd_wl1_ = seg.seq;
	if (fast_open_child_)
		ca_ = ca_state::open, set_state(TCP_ESTABLISHED);
	else
		child_established(what);
	fast_open_child_ = false;
	ack_.last_received = jiffies();
	try_fast_path();
	return true;
}

// --- the listener's child -----------------------------------------------------------------------

void connection::adopt(const negotiated& from, const connection& listener) {
	listener_ = &listener;
	irs_ = from.irs;
	iss_ = from.isn;
	rcv_nxt = rcv_wup_ = copied_seq_ = rcv_end_ = from.irs + 1;
	snd_una = snd_nxt = write_seq_ = from.isn + 1;
	rcv_wnd_ = rcv_ssthresh_ = from.rcv_wnd;
	snd_wscale_ = from.snd_wscale;
	rcv_wscale_ = from.rcv_wscale;
	wscale_ok_ = from.wscale;
	ts_ok_ = from.ts;
	sack_ok_ = from.sack;
	ts_recent_ = from.ts_recent;
	ts_offset_ = from.ts_offset;
	tcp_header_len = static_cast<u16>(tcp_header_size + own_option_bytes());
	peer_mss_ = from.mss;
	sync_mss();
	ack_.rcv_mss = std::max(std::min({u32{advertised_mss()}, mss_cache, rcv_wnd_ / 2, 536u}), 88u);
	synack_sent_ns_ = from.synack_sent_ns;
	segs_in = 1; // the SYN
	total_retrans = from.synacks_repeated;
	if (total_retrans > 1 && from.synack_timeouts != 0)
		snd_cwnd = 1;
	ect_ = ecn_flags != 0;
	ack_.last_received = jiffies();
}

void connection::begin_fast_open(packet& syn, const segment& seg) {
	fast_open_child_ = true;
	snd_wnd_ = max_window_ = seg.window;
	sk_buff skb = syn.skb();
	hook::tcp_fastopen_create_child(*this, skb);
	init_buffer_space();
	segment data = seg;
	data.seq = rcv_nxt;
	data.flags &= static_cast<u8>(~TCPHDR_SYN);
	take_in_order(syn, data);
	++data_segs_in;
	synack_sent_ns_ = skc_net->ktime_get_ns();
}

void connection::synack_repeated() noexcept {
	++total_retrans;
	synack_sent_ns_ = 0;
}

/// The ACK (or what came in its place), in SYN_RECV; the child is locked.
void connection::child_process(packet& ack, const segment& seg) {
	count_arrival(seg);
	if (!fast_open_child_) {
		snd_wnd_ = max_window_ = u32{seg.window} << (seg.has(TCPHDR_SYN) ? 0 : snd_wscale_);
		sync_mss();
	}
	receive_in_state(ack, seg);
	bh_unlock_sock(*this);
}

} // namespace sockops::testing::model
