// SPDX-License-Identifier: MIT
// One side: its sockets, and who gets what arrives.
#pragma once

#include <functional>
#include <memory>

#include "connection.hpp"

namespace sockops::testing::model {

/// A SYN that was answered; the ACK has not come.
struct pending_request : request_sock {
	explicit pending_request(virtual_clock& clock) : resend(clock) {}

	connection::negotiated what;
	std::optional<u64> answered_again_ns; ///< when a repeated SYN was answered last
	timer resend;
	connection* fast_open_child = nullptr;
};

class stack {
  public:
	stack(side mine, virtual_clock& clock, link& out, cgroup& in, net_observer& calls,
		  const timeline_settings& settings, const std::array<timeline_address, 2>& addresses, u64 seed);
	stack(const stack&) = delete;
	stack& operator=(const stack&) = delete;
	~stack();

	/// The application's calls of a timeline.
	void perform(const timeline_event& event);
	/// Is there a connection that accept() would give?
	bool can_accept() const noexcept { return acceptable() != nullptr; }
	/// What the application holds: connects, or was accepted. nullptr: nothing.
	const connection* current() const noexcept { return current_; }
	/// Frees what is over, and tells `going` of each before. Between events, when nothing is on the way.
	void reap(const std::function<void(const sock_common&)>& going);

	// --- for sockets
	net& in() noexcept { return net_; }
	virtual_clock& clock() noexcept { return clock_; }
	model::link& out() noexcept { return link_; }
	/// What a packet carries of TCP besides headers without options, bytes: as long as an IP packet may be.
	u32 link_mss() const noexcept;
	u16 port() const noexcept { return mine().port; }
	u16 peer_port() const noexcept { return peer().port; }
	/// Of packets; sockets may be IPv6's all the same.
	bool ipv6() const noexcept { return settings_.ipv6; }
	const timeline_settings& settings() const noexcept { return settings_; }
	/// What bind() leaves: this side's address and port.
	void set_own_address(sock_common& sk) const noexcept;
	/// What connect() adds, without the port.
	void set_peer_address(sock_common& sk) const noexcept;
	/// What a request has, and so an accepted connection.
	void set_addresses(sock_common& sk) const noexcept;
	/// The same with own and peer's exchanged.
	void set_addresses_of_peer(sock_common& sk) const noexcept;
	/// What every peer takes in a segment that has not said more: bytes.
	u16 least_mss() const noexcept { return ipv6() ? 1220 : 536; }
	/// To the device. `sampled`: whose programs are told of it.
	void transmit(const sock_common& from, packet&& what, bool ect, sock* sampled = nullptr);
	/// Where this side's sequence numbers begin.
	const u32& first_seq() const noexcept { return first_seq_; }
	void begins_at(u32 isn) noexcept { first_seq_ = isn; }

	struct time_wait_sock : inet_timewait_sock {
		bool fin_wait2 = false;
		u32 snd_nxt = 0, rcv_nxt = 0, rcv_wnd = 0, ts_recent = 0, ts_offset = 0;
		bool ts = false;
	};
	void adopt(const time_wait_sock& tw) { time_waits_.push_back(tw); }
	/// The listener closes: what nobody has accepted goes.
	void stop_listening(const connection& listener);
	/// The SYN of the one request has come again.
	void repeat_synack();
	/// The child has left SYN_RECV: its request goes.
	void fast_open_ends(const connection& child) noexcept;

  private:
	connection* acceptable() const noexcept;
	void arrives(packet& what);
	connection* find(const segment& seg) noexcept;
	connection& new_socket();
	void send_reset(const segment& to);
	void send_bare(const segment& head);
	void arrives_in_time_wait(time_wait_sock& tw, const segment& seg);

	// listener.cpp
	void receive_syn(packet& what, const segment& seg);
	void answer(pending_request& req, sk_buff* syn);
	void answer_again(pending_request& req);
	void start_timer(pending_request& req);
	void on_request_timer(pending_request& req);
	void receive_for_request(packet& what, const segment& seg);
	void complete(pending_request& req, packet& what, const segment& seg);
	void receive_cookie(packet& what, const segment& seg);
	void start_fast_open(std::unique_ptr<pending_request> req, packet& syn, const segment& seg);
	u32 cookie(const segment& seg) const noexcept;
	void negotiate(pending_request& req, const segment& seg, u32 packets);
	u64 request_timeout(const pending_request& req) const noexcept;
	u32 request_window(u32 packets, u32 mss) const noexcept;

	const side mine_;
	virtual_clock& clock_;
	model::link& link_;
	cgroup& cgroup_;
	const timeline_address& mine() const noexcept { return addresses_[static_cast<std::size_t>(mine_)]; }
	const timeline_address& peer() const noexcept {
		return addresses_[static_cast<std::size_t>(other(mine_))];
	}

	const timeline_settings& settings_;
	const std::array<timeline_address, 2> addresses_;
	net net_;
	const net_watch watching_;
	u32 first_seq_ = 0;
	const u32 secret_;
	std::vector<std::unique_ptr<connection>> sockets_;
	connection* listener_ = nullptr;
	connection* current_ = nullptr; ///< what the application holds
	std::unique_ptr<pending_request> request_;
	std::vector<time_wait_sock> time_waits_;

	friend class connection;
};

} // namespace sockops::testing::model
