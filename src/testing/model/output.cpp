// SPDX-License-Identifier: MIT
// Sending: sizing and building headers, and what the windows let go.

#include "stack.hpp"

namespace sockops::testing::model {

tcp_options connection::established_options() const {
	tcp_options options;
	if (ts_ok_)
		options.ts = time_stamp{ts_now(), ts_recent_};
	if (!sack_ok_)
		return options;
	if (dsack_)
		options.sacks[options.num_sacks++] = *dsack_;
	for (const sack_block& block : out_of_order_)
		if (options.num_sacks != options.sacks.size())
			options.sacks[options.num_sacks++] = block;
	return options;
}

/// What fits into one segment now. Asks the programs.
u32 connection::current_mss() {
	if (is_wrong(wrong_rule::mss_is_not_asked))
		return mss_cache;
	return hook::tcp_current_mss(*this, own_option_bytes(), established_options().num_sacks);
}

/// One segment on its way: sized, built, written to by programs, counted.
void connection::send_segment(u32 seq, u32 len, u8 flags, out_segment* from) {
	packet out(len);
	const bool syn = flags & TCPHDR_SYN;
	segment head{.seq = seq, .len = len, .flags = flags, .source = host_.port()};
	head.dest = be16_to_cpu(skc_dport);
	head.options = syn ? syn_options() : established_options();
	sk_buff payload{.data = out.payload(), .len = len, .tcp_flags = flags, .seq = seq};
	payload.len += is_wrong(wrong_rule::length_with_header) ? tcp_header_len : 0u;
	const tcp_out_options room =
		syn ? hook::tcp_syn_options(*this, payload, head.options.size_without_sacks())
			: hook::tcp_established_options(*this, &payload, own_option_bytes(), head.options.num_sacks);
	head.options.num_sacks = room.num_sack_blocks;
	if (flags & TCPHDR_ACK)
		head.ack = rcv_nxt;
	head.window = syn ? static_cast<u16>(std::min(rcv_wnd_, 65535u)) : select_window();
	out.push_tcp(head, room.bpf_opt_len);
	sk_buff skb = out.skb();
	hook::bpf_skops_write_hdr_opt(*this, {.skb = &skb}, room.bpf_opt_len);
	if (flags & TCPHDR_ACK)
		ack_sent(1);
	if (len != 0) {
		data_sent();
		++data_segs_out;
	}
	++segs_out;
	dsack_.reset();
	if (from)
		out.original = from->kept;
	host_.transmit(*this, std::move(out), ect_ && (len != 0 || syn), from && from->tx_bpf ? this : nullptr);
}

void connection::transmit(out_segment& what) {
	const u64 now = skc_net->ktime_get_ns();
	what.sent_ns = now;
	if (!what.kept)
		what.kept = std::make_shared<const char>();
	const bool bare_syn = (what.flags & TCPHDR_SYN) && skc_state == TCP_SYN_SENT;
	u8 flags = static_cast<u8>(what.flags | (bare_syn ? 0 : TCPHDR_ACK));
	if (bare_syn && ecn_syn_)
		flags |= TCPHDR_ECE | TCPHDR_CWR;
	send_segment(what.seq, what.len, flags, &what);
}

void connection::transmit_bare(u32 seq, u8 flags) { send_segment(seq, 0, flags, nullptr); }

void connection::send_ack() {
	if (skc_state != TCP_CLOSE)
		transmit_bare(snd_nxt, TCPHDR_ACK);
}

void connection::send_reset() { transmit_bare(snd_nxt, TCPHDR_ACK | TCPHDR_RST); }

/// Appends to what is to be sent. Data ends the pushing that TCP_NODELAY began.
void connection::queue(u32 len, u8 flags) {
	if (!(flags & (TCPHDR_SYN | TCPHDR_FIN)))
		nonagle &= static_cast<u8>(~tcp_nagle::push);
	unsent_.push_back({.seq = write_seq_, .len = len, .flags = flags});
	write_seq_ = unsent_.back().end_seq();
}

/// Cuts `list[at]` after `len` bytes.
void connection::split(std::deque<out_segment>& list, std::size_t at, u32 len) {
	out_segment rest = list[at];
	rest.seq += len;
	rest.len -= len;
	list[at].len = len;
	list[at].flags &= static_cast<u8>(~(TCPHDR_FIN | TCPHDR_PSH));
	list[at].tx_bpf = false; // the stamp is for the last byte
	list.insert(list.begin() + static_cast<std::ptrdiff_t>(at) + 1, rest);
}

/// Nagle, as Minshall softened it: a short segment waits while an earlier short one is on its way.
bool connection::nagle_holds(const out_segment& next, u32 mss) const noexcept {
	if (next.len >= mss || (next.flags & TCPHDR_FIN) || no_delay_ || packets_out == 0)
		return false;
	return after(snd_sml_, snd_una) && !after(snd_sml_, snd_nxt);
}

/// Sends what the windows allow: all, or one segment; a probe goes whatever the congestion window says.
void connection::push(u32 mss, bool nagle, push_mode mode) {
	bool sent = false, limited = false;
	while (!unsent_.empty()) {
		if (snd_cwnd <= in_flight()) {
			limited = true;
			if (mode != push_mode::probe)
				break;
		}
		const out_segment& next = unsent_.front();
		if (after(next.len > mss ? next.seq + mss : next.end_seq(), snd_una + snd_wnd_))
			break;
		if (nagle && unsent_.size() == 1 && nagle_holds(next, mss))
			break;
		if (next.len > mss)
			split(unsent_, 0, mss);
		send_queued(mss);
		sent = true;
		if (mode != push_mode::all)
			break;
	}
	if (!sent)
		return;
	if (mode != push_mode::probe)
		schedule_loss_probe(false);
	validate_cwnd(limited || in_flight() >= snd_cwnd);
}

/// The first that waits goes.
void connection::send_queued(u32 mss) {
	out_segment now = unsent_.front();
	transmit(now);
	unsent_.pop_front();
	snd_nxt = now.end_seq();
	if (now.len != 0 && now.len < mss)
		snd_sml_ = now.end_seq();
	const bool was_idle = packets_out == 0;
	++packets_out;
	prr_out_ += ca_ == ca_state::recovery ? 1 : 0;
	rtx_.push_back(now);
	if (was_idle || pending_ == xmit_timer::loss_probe)
		rearm_rto();
}

void connection::push_pending() {
	if (!unsent_.empty())
		push(current_mss(), true);
}

void connection::send_fin() {
	if (!unsent_.empty()) {
		unsent_.back().flags |= TCPHDR_FIN;
		++write_seq_;
	} else {
		queue(0, TCPHDR_FIN);
	}
	push(current_mss(), false);
}

/// Into segments of the MSS; each that is full may go.
void connection::append(u32 bytes, u32 mss) {
	while (bytes != 0) {
		if (unsent_.empty() || unsent_.back().len >= mss || (unsent_.back().flags & TCPHDR_FIN))
			queue(0, 0);
		out_segment& tail = unsent_.back();
		const u32 more = std::min(bytes, mss - tail.len);
		tail.len += more;
		write_seq_ += more;
		bytes -= more;
		if (tail.len == mss && bytes != 0 && unsent_.size() == 1)
			push(mss, true, push_mode::one);
	}
}

void connection::app_send(u32 bytes) {
	const process_context held(*this);
	if (deferred_port_ != 0)
		return connect_now(std::exchange(deferred_port_, u16{0}), bytes);
	if (skc_state != TCP_ESTABLISHED && skc_state != TCP_CLOSE_WAIT)
		return;
	const u32 mss = current_mss();
	append(bytes, mss);
	if (unsent_.empty())
		return;
	out_segment& tail = unsent_.back();
	sk_buff payload{.len = tail.len, .tcp_flags = TCPHDR_ACK, .seq = tail.seq};
	payload.sk = this;
	if (is_wrong(wrong_rule::sendmsg_shows_push))
		payload.tcp_flags |= TCPHDR_PSH;
	const bool after = is_wrong(wrong_rule::sendmsg_after_transmission);
	if (!after)
		hook::tcp_bpf_tx_sendmsg(*this, payload);
	tail.tx_bpf |= payload.tx_bpf;
	tail.tskey = payload.tskey;
	tail.flags |= TCPHDR_PSH;
	push(mss, true);
	if (after)
		hook::tcp_bpf_tx_sendmsg(*this, payload);
}

} // namespace sockops::testing::model
