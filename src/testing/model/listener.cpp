// SPDX-License-Identifier: MIT
// A listener: a SYN becomes a request, an ACK makes it a connection. One request at a time.

#include "stack.hpp"

namespace sockops::testing::model {

/// tcp_openreq_init_rwin(): a program's wish makes room, as far as a scaled window goes; one that has left
/// the range of a signed int leaves none.
u32 stack::request_window(u32 packets, u32 mss) const noexcept {
	constexpr u32 most = 65535u << 14;
	const u32 wanted = packets * mss;
	const s32 space = static_cast<s32>(std::max(wanted, connection::full_space));
	return listener_->initial_window(packets, mss,
									 space < 0 ? 0 : std::min<u32>(static_cast<u32>(space), most));
}

/// What the SYN offers and we do, too.
void stack::negotiate(pending_request& req, const segment& seg, u32 packets) {
	const netns_ipv4& sysctl = net_.ipv4;
	connection::negotiated& what = req.what;
	what.irs = seg.seq;
	what.mss = seg.options.mss.value_or(least_mss());
	what.ts = sysctl.sysctl_tcp_timestamps && seg.options.ts;
	what.ts_recent = what.ts ? seg.options.ts->value : 0;
	what.ts_offset = net_.get_random_u32();
	what.sack = sysctl.sysctl_tcp_sack && seg.options.sack_permitted;
	what.wscale = sysctl.sysctl_tcp_window_scaling && seg.options.window_scale;
	what.snd_wscale = what.wscale ? *seg.options.window_scale : u8{0};
	what.rcv_wscale = what.wscale ? connection::default_wscale : u8{0};
	req.mss = what.mss;
	what.rcv_wnd = request_window(packets, listener_->advertised_mss() - (what.ts ? 12u : 0u));
}

void stack::receive_syn(packet& what, const segment& seg) {
	auto req = std::make_unique<pending_request>(clock_);
	const bool with_cookie = net_.ipv4.sysctl_tcp_syncookies == 2;
	const bool as_request = !with_cookie || is_wrong(wrong_rule::cookie_asks_as_a_request);
	inet_reqsk_init(*req, as_request ? listener_ : nullptr, net_);
	set_addresses(*req);
	req->skc_dport = cpu_to_be16(seg.source);
	const bool asks = (seg.flags & (TCPHDR_ECE | TCPHDR_CWR)) == (TCPHDR_ECE | TCPHDR_CWR);
	const bool fast_open =
		listener_->takes_fast_open() && (net_.ipv4.sysctl_tcp_fastopen & 0x200) && seg.len != 0;
	const tcp_syn_params params = hook::tcp_conn_request(
		*req, {.syn_asks = asks, .decided_yes = !seg.ect && net_.ipv4.sysctl_tcp_ecn != 0}, fast_open);
	negotiate(*req, seg, params.rwnd_packets);
	sk_buff syn = what.skb();
	if (listener_->save_syn != 0 && !with_cookie)
		req->saved_syn.record(syn, listener_->save_syn == 2);
	req->what.isn = with_cookie ? cookie(seg) : net_.get_random_u32();
	begins_at(req->what.isn);
	if (fast_open)
		return start_fast_open(std::move(req), what, seg);
	req->what.synack_sent_ns = with_cookie ? 0 : clock_.now();
	if (with_cookie)
		return answer(*req, &syn);
	request_ = std::move(req);
	pending_request& kept = *request_;
	start_timer(kept);
	answer(kept, &syn);
}

/// A SYN-ACK; `syn` is nullptr when it is sent again.
void stack::answer(pending_request& req, sk_buff* syn) {
	const connection::negotiated& with = req.what;
	tcp_sock& owner = req.fast_open_child ? static_cast<tcp_sock&>(*req.fast_open_child) : *listener_;
	packet out(0);
	segment head{.seq = with.isn, .ack = req.fast_open_child ? req.fast_open_child->rcv_nxt : with.irs + 1};
	head.flags = static_cast<u8>(TCPHDR_SYN | TCPHDR_ACK | (req.ecn_ok ? TCPHDR_ECE : 0));
	head.window = static_cast<u16>(std::min(with.rcv_wnd, 65535u));
	head.source = port();
	head.dest = peer_port();
	head.options.mss = listener_->advertised_mss();
	if (with.ts)
		head.options.ts =
			time_stamp{static_cast<u32>(clock_.now() / 1'000'000) + with.ts_offset, with.ts_recent};
	head.options.sack_permitted = with.sack;
	if (with.wscale)
		head.options.window_scale = with.rcv_wscale;
	sk_buff payload{.data = out.payload(), .tcp_flags = head.flags, .seq = head.seq};
	hdr_opt_segment sized{.skb = &payload, .req = &req, .syn_skb = syn};
	if (!req.rsk_listener)
		sized.synack_type = tcp_synack_type::cookie;
	else if (req.fast_open_child)
		sized.synack_type = tcp_synack_type::fastopen;
	const tcp_out_options room = hook::tcp_synack_options(owner, sized, head.options.size_without_sacks());
	out.push_tcp(head, room.bpf_opt_len);
	sk_buff skb = out.skb();
	sized.skb = &skb;
	hook::bpf_skops_write_hdr_opt(owner, sized, room.bpf_opt_len);
	const bool unasked = !syn && is_wrong(wrong_rule::repeated_synack_asks_no_ecn);
	transmit(req, std::move(out), !unasked && hook::tcp_synack_ect(req, false));
}

u64 stack::request_timeout(const pending_request& req) const noexcept {
	const u64 jiffies = std::min<u64>(u64{req.timeout} << req.what.synack_timeouts, 120 * net_.profile.hz);
	return after_jiffies(net_, jiffies);
}

void stack::on_request_timer(pending_request& req) {
	link_.softirq([&] {
		connection* const child = req.fast_open_child;
		if (child)
			bh_lock_sock(*child);
		if (req.what.synack_timeouts < net_.ipv4.sysctl_tcp_synack_retries + (child ? 1u : 0u)) {
			if (child && req.what.synack_timeouts == 1) // the second time running: the path is bad
				child->enter_loss();
			++req.what.synack_timeouts;
			start_timer(req);
			answer_again(req);
		} else if (child) {
			child->done(); // takes the request with it
		} else {
			request_.reset();
		}
		if (child)
			bh_unlock_sock(*child);
	});
}

void stack::start_timer(pending_request& req) {
	req.resend.arm(request_timeout(req), [this, &req] { on_request_timer(req); });
}

void stack::answer_again(pending_request& req) {
	++req.what.synacks_repeated;
	req.what.synack_sent_ns = 0;
	if (req.fast_open_child)
		req.fast_open_child->synack_repeated();
	answer(req, nullptr);
}

/// The SYN has come again: so does the answer, but not too often. A Fast Open child's timer goes on.
void stack::repeat_synack() {
	constexpr u64 invalid_ratelimit_ns = 500'000'000;
	pending_request& req = *request_;
	if (req.answered_again_ns && clock_.now() - *req.answered_again_ns < invalid_ratelimit_ns)
		return;
	req.answered_again_ns = clock_.now();
	if (!req.fast_open_child)
		start_timer(req);
	answer_again(req);
}

void stack::fast_open_ends(const connection& child) noexcept {
	if (request_ && request_->fast_open_child == &child)
		request_.reset();
}

void stack::receive_for_request(packet& what, const segment& seg) {
	pending_request& req = *request_;
	if (seg.has(TCPHDR_RST)) {
		if (seg.seq == req.what.irs + 1)
			request_.reset();
		return;
	}
	if (seg.has(TCPHDR_SYN) && seg.seq == req.what.irs)
		return repeat_synack();
	if (!seg.has(TCPHDR_ACK) || seg.ack != req.what.isn + 1)
		return send_reset(seg);
	complete(req, what, seg);
}

/// The child is there, and takes the segment.
void stack::complete(pending_request& req, packet& what, const segment& seg) {
	if (req.what.ts && seg.options.ts)
		req.what.ts_recent = seg.options.ts->value;
	sockets_.push_back(std::make_unique<connection>(*this, *listener_, req));
	connection& child = *sockets_.back();
	child.adopt(req.what, *listener_);
	if (&req == request_.get())
		request_.reset();
	child.child_process(what, seg);
}

// --- cookies ------------------------------------------------------------------------------------

/// All that is kept of a SYN: our first sequence number. (Linux hides the options in it, too; here they are
/// read back from the time stamp's presence.)
u32 stack::cookie(const segment& seg) const noexcept {
	u32 mixed = secret_ ^ (u32{seg.source} << 16 | seg.dest) ^ seg.seq * 0x9e3779b1u;
	mixed ^= mixed >> 15;
	mixed *= 0x85ebca6bu;
	return mixed ^ mixed >> 13;
}

/// An ACK for nobody: it may answer a cookie.
void stack::receive_cookie(packet& what, const segment& seg) {
	segment syn = seg;
	syn.seq = seg.seq - 1;
	if (net_.ipv4.sysctl_tcp_syncookies == 0 || seg.ack != cookie(syn) + 1)
		return send_reset(seg);
	pending_request req(clock_);
	inet_reqsk_init(req, listener_, net_);
	set_addresses(req);
	req.skc_dport = cpu_to_be16(seg.source);
	syn.options.mss = listener_->advertised_mss();
	if (seg.options.ts) {
		syn.options.sack_permitted = true;
		syn.options.window_scale = connection::default_wscale;
	}
	negotiate(req, syn, 0);
	if (seg.options.ts)
		req.what.ts_offset = seg.options.ts->echo - static_cast<u32>(clock_.now() / 1'000'000);
	req.what.isn = seg.ack - 1;
	complete(req, what, seg);
}

// --- Fast Open ----------------------------------------------------------------------------------

/// The SYN's data is taken at once: the child comes before the SYN-ACK. The request stays until the ACK, for
/// its timer: a SYN-ACK that is lost is no loss of the child's.
void stack::start_fast_open(std::unique_ptr<pending_request> req, packet& syn, const segment& seg) {
	sockets_.push_back(std::make_unique<connection>(*this, *listener_, *req));
	connection& child = *sockets_.back();
	child.adopt(req->what, *listener_);
	child.begin_fast_open(syn, seg);
	request_ = std::move(req);
	request_->fast_open_child = &child;
	request_->timeout = child.icsk_rto;
	start_timer(*request_);
	sk_buff skb = syn.skb();
	answer(*request_, &skb);
	bh_unlock_sock(child);
}

} // namespace sockops::testing::model
