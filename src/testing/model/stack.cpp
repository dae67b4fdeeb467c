// SPDX-License-Identifier: MIT

#include "stack.hpp"

#include <algorithm>
#include <stdexcept>

#include <sockops/testing/play.hpp>

namespace sockops::testing::model {

namespace {

/// Where Linux keeps an IPv4 address, an IPv6 socket has a placeholder, 127.0.0.6.
constexpr be32 placeholder = cpu_to_be32(0x7f000006);

u64 clock_of(void* context) { return static_cast<virtual_clock*>(context)->now(); }

} // namespace

stack::stack(side mine, virtual_clock& clock, model::link& out, cgroup& in, net_observer& calls,
			 const timeline_settings& settings, const std::array<timeline_address, 2>& addresses, u64 seed)
	: mine_(mine), clock_(clock), link_(out), cgroup_(in), settings_(settings), addresses_(addresses),
	  net_(net_profile{}, net_sources{.ktime_get_ns = clock_of, .context = &clock, .seed = seed}),
	  watching_(net_, calls), secret_(net_.get_random_u32()) {
	net_.debug_locks = true;
	if (is_wrong(wrong_rule::timeout_without_limit))
		net_.profile.clamp_timeout_init = false;
	link_.connect(other(mine), [this](packet& what) { arrives(what); });
}

stack::~stack() = default;

void stack::set_own_address(sock_common& sk) const noexcept {
	sk.skc_family = mine().ipv6 ? af_inet6 : af_inet;
	sk.skc_num = port();
	const in6_words& bound = mine().bound;
	if (mine().ipv6)
		sk.skc_v6_rcv_saddr = bound;
	if (mine().is_bound())
		sk.skc_rcv_saddr = timeline_address::is_mapped(bound) ? bound[3] : placeholder;
}

/// Over IPv4 both addresses then stand in the IPv6 fields, too, mapped; over IPv6 there is no placeholder of
/// the peer's.
void stack::set_peer_address(sock_common& sk) const noexcept {
	sk.skc_rcv_saddr = ipv6() ? placeholder : mine().ip[3];
	if (!ipv6())
		sk.skc_daddr = peer().ip[3];
	sk.skc_v6_rcv_saddr = mine().ip;
	sk.skc_v6_daddr = peer().ip;
}

void stack::set_addresses(sock_common& sk) const noexcept {
	set_own_address(sk);
	set_peer_address(sk);
	sk.skc_daddr = ipv6() ? placeholder : peer().ip[3];
}

void stack::set_addresses_of_peer(sock_common& sk) const noexcept {
	set_addresses(sk);
	std::swap(sk.skc_rcv_saddr, sk.skc_daddr);
	std::swap(sk.skc_v6_rcv_saddr, sk.skc_v6_daddr);
}

/// A link's MTU may be larger than the longest packet.
u32 stack::link_mss() const noexcept {
	constexpr u32 longest_ipv4 = 65535, longest_ipv6 = 65535 + 40, least = 48;
	if (ipv6())
		return std::min(settings_.mtu, longest_ipv6) - 60;
	return std::max(std::min(settings_.mtu, longest_ipv4) - 40, least);
}

connection& stack::new_socket() {
	sockets_.push_back(std::make_unique<connection>(*this, cgroup_));
	connection& made = *sockets_.back();
	if (made.error != 0)
		throw std::runtime_error("the cgroup of the " + std::string(side_name(mine_)) +
								 " has been removed: no socket can be made in it");
	made.use_backend();
	for (const timeline_sockopt& each : settings_.sockopts[static_cast<int>(mine_)])
		made.set_option(each);
	return made;
}

connection* stack::acceptable() const noexcept {
	for (const auto& each : sockets_)
		if (listener_ && each->is_child_of(*listener_) && !each->accepted && !each->orphan() &&
			each->skc_state != TCP_SYN_RECV)
			return each.get();
	return nullptr;
}

void stack::perform(const timeline_event& event) {
	constexpr u64 call_ns = 10'000; // what a call of an application takes
	switch (event.what) {
	case timeline_action::listen:
		if (!listener_)
			listener_ = &new_socket();
		return listener_->app_listen();
	case timeline_action::connect:
		if (!current_)
			current_ = &new_socket();
		return current_->app_connect(peer_port());
	case timeline_action::accept:
		current_ = acceptable();
		if (!current_)
			throw no_connection("line " + std::to_string(event.line) + ": '" + event.text +
									"': no connection has come that could be accepted",
								event.line);
		current_->accepted = true;
		return;
	case timeline_action::send:
		for (u32 calls = 0; calls != event.count; ++calls) {
			current_->app_send(event.bytes);
			clock_.spend(call_ns);
		}
		return;
	case timeline_action::read:
		return current_->app_read();
	case timeline_action::shutdown:
		return current_->app_shutdown();
	case timeline_action::disconnect:
		return current_->app_disconnect();
	case timeline_action::close:
	case timeline_action::abort: {
		connection& which = current_ ? *current_ : *listener_;
		(current_ ? current_ : listener_) = nullptr;
		return event.what == timeline_action::close ? which.app_close() : which.app_abort();
	}
	default:
		return;
	}
}

void stack::reap(const std::function<void(const sock_common&)>& going) {
	std::erase_if(sockets_, [&](const auto& each) {
		const bool over = each->over();
		if (over && going)
			going(*each);
		return over;
	});
}

void stack::transmit(const sock_common& from, packet&& what, bool ect, sock* sampled) {
	what.push_ip(from, ipv6(), ect);
	if (sampled) {
		sk_buff frame = what.frame();
		frame.sk = sampled;
		frame.tx_bpf = true;
		hook::skb_tx_sched(frame);
		hook::skb_tx_software(frame);
	}
	link_.send(mine_, std::move(what));
}

connection* stack::find(const segment& seg) noexcept {
	for (const auto& each : sockets_)
		if (each->skc_state != TCP_CLOSE && each->skc_state != TCP_LISTEN &&
			be16_to_cpu(each->skc_dport) == seg.source)
			return each.get();
	return nullptr;
}

/// The most exact socket first: a connection, a request, a time-wait socket, a listener; else a reset.
void stack::arrives(packet& what) {
	const segment seg = what.parse();
	if (connection* const sk = find(seg))
		return sk->arrives(what);
	if (request_)
		return receive_for_request(what, seg);
	const auto tw = std::find_if(time_waits_.begin(), time_waits_.end(), [&](const time_wait_sock& each) {
		return be16_to_cpu(each.skc_dport) == seg.source;
	});
	if (tw != time_waits_.end()) {
		const bool new_syn = seg.has(TCPHDR_SYN) && !seg.has(TCPHDR_ACK | TCPHDR_RST) && listener_;
		if (!new_syn)
			return arrives_in_time_wait(*tw, seg);
		time_waits_.erase(tw);
	}
	if (listener_ && seg.has(TCPHDR_SYN) && !seg.has(TCPHDR_ACK | TCPHDR_RST))
		return receive_syn(what, seg);
	if (listener_ && seg.has(TCPHDR_ACK) && !seg.has(TCPHDR_SYN | TCPHDR_RST))
		return receive_cookie(what, seg);
	if (!seg.has(TCPHDR_RST))
		send_reset(seg);
}

/// A header that no connection sends: programs are not asked.
void stack::send_bare(const segment& head) {
	sock_common nobody;
	set_addresses(nobody);
	packet out(0);
	segment to = head;
	to.source = port();
	to.dest = peer_port();
	out.push_tcp(to, 0);
	transmit(nobody, std::move(out), false);
}

void stack::send_reset(const segment& to) {
	segment reset{.flags = TCPHDR_RST};
	if (to.has(TCPHDR_ACK)) {
		reset.seq = to.ack;
	} else {
		reset.flags |= TCPHDR_ACK;
		reset.ack = to.end_seq();
	}
	send_bare(reset);
}

void stack::arrives_in_time_wait(time_wait_sock& tw, const segment& seg) {
	if (seg.has(TCPHDR_RST)) {
		tw.fin_wait2 = false;
		return;
	}
	const bool fin_in_order = seg.has(TCPHDR_FIN) && seg.end_seq() == tw.rcv_nxt + 1;
	if (tw.fin_wait2 && after(seg.end_seq(), tw.rcv_nxt) && !fin_in_order) {
		std::erase_if(time_waits_, [&](const time_wait_sock& each) { return &each == &tw; });
		return send_reset(seg);
	}
	if (tw.fin_wait2 && !fin_in_order)
		return;
	if (tw.fin_wait2) {
		tw.fin_wait2 = false;
		tw.rcv_nxt = seg.end_seq();
	} else if (seg.end_seq() == seg.seq) {
		return;
	}
	segment ack{.seq = tw.snd_nxt, .ack = tw.rcv_nxt, .flags = TCPHDR_ACK};
	ack.window = static_cast<u16>(tw.rcv_wnd >> connection::default_wscale);
	if (tw.ts)
		ack.options.ts = time_stamp{static_cast<u32>(clock_.now() / 1'000'000) + tw.ts_offset,
									seg.options.ts ? seg.options.ts->value : tw.ts_recent};
	send_bare(ack);
}

void stack::stop_listening(const connection& listener) {
	request_.reset();
	for (const auto& each : sockets_)
		if (each->is_child_of(listener) && !each->accepted && !each->orphan())
			each->forget_by_listener();
}

} // namespace sockops::testing::model
