// SPDX-License-Identifier: MIT
// One TCP socket of the model, from socket() to its end: a listener too, until it has children.
//
// It is small, and clear before it is complete. It has handshakes (simultaneous open, cookies, Fast Open
// without a cookie), MSS, window scale, time stamps, SACK, slow start and Reno, retransmission timer with
// backoff, tail loss probe, loss detection by time (RACK), quick and delayed ACKs, header prediction,
// every way to close, TIME_WAIT. It calls the hook where the kernel does, by the library's call sites.
//
// It lacks: segmentation offload (each segment is sent by itself, as on a device without), urgent data,
// zero-window probes and keepalive, path MTU discovery, F-RTO and undo, pacing, congestion control other
// than Reno, slow start after idle, CE marks and AccECN, Fast Open with a cookie, a listener's backlog limit,
// MD5/AO, MPTCP, tuning of the buffers; payload is zeros and only counted; checksums are 0.
//
//   handshake.cpp   connect(), SYN_SENT, SYN_RECV              output.cpp   what may be sent now, headers
//   input.cpp       a segment arrives: prediction, validity    ack.cpp      what an ACK brings
//   receive.cpp     data, order, FIN                           loss.cpp     what is lost, recovery
//   delack.cpp      when to acknowledge                        timers.cpp   timeout, probe
//   window.cpp      the receive window                         close.cpp    close(), shutdown(), RST, the end
#pragma once

#include <deque>

#include <sockops/cgroup/sock_life.hpp>
#include <sockops/hook/tcp_hook.hpp>
#include <sockops/trace/trace.hpp>

#include "link.hpp"
#include "rules.hpp"

namespace sockops::testing::model {

class stack;

using hook = tcp_hook<rules<>::release>;

/// Something with sequence numbers: to be sent, or sent and not acknowledged.
struct out_segment {
	u32 seq = 0, len = 0;
	u8 flags = 0; ///< SYN, FIN, PSH
	u64 sent_ns = 0;
	bool retransmitted = false; ///< its latest transmission is not its first
	bool ever_retransmitted = false;
	bool sacked = false, lost = false;
	bool tx_bpf = false; ///< sampled by bpf_sock_ops_enable_tx_tstamp()
	u32 tskey = 0;
	std::shared_ptr<const char> kept{}; ///< since it was first sent

	u32 end_seq() const noexcept { return seq + len + (flags & (TCPHDR_SYN | TCPHDR_FIN) ? 1 : 0); }
};

class connection : public scoped_tcp_sock {
  public:
	connection(stack& host, cgroup& in);
	connection(stack& host, const connection& listener, request_sock& req);

	// --- what the application does; each call owns the socket while it lasts
	void app_listen();
	void app_connect(u16 port);
	void app_send(u32 bytes);
	void app_read();
	void app_shutdown();
	void app_close();
	void app_abort();
	void app_disconnect();

	// --- what the stack hands over
	void arrives(packet& what); ///< softirq: now, or when the application's call is over
	bool is_child_of(const connection& listener) const noexcept { return listener_ == &listener; }
	bool over() const noexcept { return skc_state == TCP_CLOSE && orphan_; }
	bool orphan() const noexcept { return orphan_; }
	void forget_by_listener(); ///< nobody has accepted it

	// --- handshake, for the listener's part (listener.cpp)
	struct negotiated {
		u32 irs = 0, isn = 0;
		u16 mss = 536;
		u8 snd_wscale = 0, rcv_wscale = 0;
		bool wscale = false, ts = false, sack = false;
		u32 ts_recent = 0, ts_offset = 0;
		u32 rcv_wnd = 0;
		u64 synack_sent_ns = 0; ///< 0: not known, or sent more than once
		u32 synacks_repeated = 0, synack_timeouts = 0;
	};
	void adopt(const negotiated& from, const connection& listener);
	void child_process(packet& ack, const segment& seg);
	/// The SYN has made this child, and brings data; the handshake goes on.
	void begin_fast_open(packet& syn, const segment& seg);
	/// Of a Fast Open child, by the request that made it.
	void synack_repeated() noexcept;
	bool takes_fast_open() const noexcept { return fast_open_listen_; }

	u16 advertised_mss() const noexcept;
	void sync_mss() noexcept;
	/// Bytes, whole segments, of so much `space`; at most `packets` of them, if it is not 0.
	u32 initial_window(u32 packets, u32 mss, u32 space = full_space) const noexcept;
	static constexpr u32 receive_buffer = 131072; ///< the default; it is not tuned
	static constexpr u32 full_space = receive_buffer / 2;
	static constexpr u32 packet_overhead = 832; ///< what a packet takes of it besides payload, on 64 bits
	static constexpr u8 default_wscale = 10;
	static constexpr u32 initial_cwnd = 10;

	/// setsockopt() of the application.
	void set_option(const timeline_sockopt& option);
	void use_backend() noexcept;
	bool knows_congestion_control(std::string_view name) const noexcept;
	bool accepted = false;

	/// What TCP_INFO says.
	struct facts {
		u32 rto_us = 0, rcv_wnd = 0;
		bool ecn = false;
	};
	facts info() const noexcept;

  private:
	friend class stack;

	class process_context;
	void add_to_backlog(packet&& what);
	void release_backlog();

	// handshake.cpp
	void connect_now(u16 port, u32 data);
	tcp_syn_params ask_for_syn();
	void send_syn(const tcp_syn_params& params, u32 data);
	tcp_options syn_options() const;
	void receive_in_syn_sent(packet& what, const segment& seg);
	void simultaneous_open(packet& what, const segment& seg);
	void take_syn_options(const segment& seg);
	void finish_connect(packet& synack, const segment& seg);
	void child_established(packet& ack);
	bool finish_syn_recv(packet& what, const segment& seg);

	// output.cpp
	u32 current_mss();
	tcp_options established_options() const;
	u32 own_option_bytes() const noexcept { return ts_ok_ ? 12u : 0u; }
	void transmit(out_segment& what);
	void transmit_bare(u32 seq, u8 flags);
	void send_segment(u32 seq, u32 len, u8 flags, out_segment* from);
	void queue(u32 len, u8 flags);
	enum class push_mode : u8 { all, one, probe };
	void push(u32 mss, bool nagle, push_mode mode = push_mode::all);
	void send_queued(u32 mss);
	void push_pending();
	bool nagle_holds(const out_segment& next, u32 mss) const noexcept;
	void split(std::deque<out_segment>& list, std::size_t at, u32 len);
	u32 in_flight() const noexcept { return packets_out - sacked_out - lost_out + retrans_out; }
	void send_ack();
	void send_reset();
	void send_fin();
	void append(u32 bytes, u32 mss);

	// input.cpp
	void count_arrival(const segment& seg) noexcept;
	void receive(packet& what);
	void receive_established(packet& what, const segment& seg);
	bool predicted(const packet& what, const segment& seg) const noexcept;
	bool validate(packet& what, const segment& seg);
	void receive_in_state(packet& what, const segment& seg);
	void out_of_window(const segment& seg);
	void try_fast_path() noexcept;

	// ack.cpp
	enum ack_flag : u32 { slow_path = 1, update_ts = 2, with_data = 4 };
	bool acknowledge(const segment& seg, u32 flags);
	void take_ts(const segment& seg, u32 flags);
	bool update_send_window(const segment& seg);
	struct ack_result {
		u32 prior_una = 0, prior_packets = 0;
		u32 acked = 0, newly_sacked = 0;
		std::optional<u64> first_sent_ns{}, sacked_sent_ns{};
		bool una_advanced = false, data_acked = false, syn_acked = false, retrans_acked = false;
		bool window_updated = false, had_data = false, dsack = false;
	};
	void take_sacks(const segment& seg, ack_result& result);
	void count_duplicates(const sack_block& had_before) noexcept;
	void clean_retransmission_queue(const segment& seg, ack_result& result);
	void update_rtt(const segment& seg, const ack_result& result);
	bool ts_rtt(const segment& seg, u32& rtt_us) const noexcept;
	void measure_rtt(u32 rtt_us);
	void end_tail_loss_probe(const segment& seg, const ack_result& result) noexcept;
	void grow_window(const ack_result& result);
	bool is_cwnd_limited() const noexcept;
	void validate_cwnd(bool limited) noexcept;

	// loss.cpp
	void advance_rack(const out_segment& arrived) noexcept;
	bool detect_losses();
	void fast_recovery(const ack_result& result, bool newly_lost = false);
	void enter_recovery();
	void reduce_cwnd(const ack_result& result, bool newly_lost) noexcept;
	void enter_loss();
	void retransmit_lost();
	int send_again(std::size_t at);
	int retransmit(std::size_t at);

	// timers.cpp
	enum class xmit_timer : u8 { none, retransmission, loss_probe, reorder };
	void arm(xmit_timer what, u64 jiffies);
	void rearm_rto();
	u64 rto_left_us() const noexcept;
	bool schedule_loss_probe(bool advancing_rto);
	void on_xmit_timer();
	void on_retransmission_timer();
	void send_loss_probe();

	// delack.cpp
	void data_received(u32 header, const segment& seg);
	/// TCP_ECN_SEEN: the peer marks its data as ECN-capable.
	void see_ecn(const segment& seg) noexcept { ecn_flags |= (ecn_flags & 1) && seg.ect ? 8 : 0; }
	void measure_rcv_mss(u32 header, const segment& seg) noexcept;
	void enter_quick_ack(u32 most) noexcept;
	bool in_quick_ack() const noexcept { return ack_.quick != 0 && !in_pingpong(); }
	bool in_pingpong() const noexcept { return ack_.pingpong >= 1; }
	void check_ack_needed(bool maybe_out_of_order);
	void send_delayed_ack();
	void ack_sent(u32 packets) noexcept;
	void data_sent() noexcept;
	void clean_receive_buffer(u32 copied);

	// receive.cpp
	void queue_data(packet& what, const segment& seg);
	void queue_out_of_order(const segment& seg);
	void take_in_order(const packet& what, const segment& seg);
	void fin_received();

	// window.cpp
	u32 receive_window() const noexcept;
	u32 wanted_window() const noexcept;
	u16 select_window() noexcept;
	u32 payload_in(u32 bytes) const noexcept;
	u32 free_space() const noexcept;
	void init_buffer_space() noexcept;
	void measure_payload_ratio(u32 len) noexcept;
	void grow_receive_window(u32 len, u32 size) noexcept;
	/// Of a segment that the peer may send.
	u32 own_mss() const noexcept { return advertised_mss() - own_option_bytes(); }

	// close.cpp
	void set_state(tcp_state to);
	bool close_state();
	void done();
	void reset_received();
	void go_time_wait(tcp_state substate);
	void forget_everything() noexcept;
	void disconnect_now();
	bool needs_reset() const noexcept;
	bool unread() const noexcept { return rcv_end_ != copied_seq_; }

	u32 jiffies() const noexcept { return static_cast<u32>(skc_net->jiffies()); }
	u64 now_us() const noexcept { return skc_net->ktime_get_ns() / 1000; }
	u32 ts_now() const noexcept;

	stack& host_;
	const connection* listener_ = nullptr;

	// Sending.
	std::deque<out_segment> rtx_, unsent_;
	u32 write_seq_ = 0, snd_wnd_ = 0, snd_wl1_ = 0, max_window_ = 0, snd_sml_ = 0, iss_ = 0;
	u8 snd_wscale_ = 0;
	u32 high_seq_ = 0;
	enum class ca_state : u8 { open, recovery, loss } ca_ = ca_state::open;
	u32 cwnd_count_ = 0;
	bool cwnd_limited_ = false; ///< in the flight that ends at cwnd_usage_seq_
	u32 cwnd_usage_seq_ = 0, max_packets_out_ = 0, cwnd_used_ = 0;
	u32 cwnd_stamp_ = 0; ///< jiffies: the window was full then
	u32 prior_cwnd_ = 0, prr_delivered_ = 0, prr_out_ = 0;
	bool no_delay_ = false;

	// Time.
	u32 mdev_us_ = 0, mdev_max_us_ = 0, rttvar_us_ = 0;
	struct {
		u64 sent_ns = 0;
		u32 end_seq = 0, rtt_us = 0;
		bool advanced = false;
	} rack_;
	u32 tlp_high_seq_ = 0;
	bool tlp_retrans_ = false;
	xmit_timer pending_ = xmit_timer::none;
	timer xmit_timer_, delack_timer_;

	// Receiving.
	u32 irs_ = 0;
	u32 rcv_wnd_ = 0, rcv_wup_ = 0, copied_seq_ = 0, rcv_end_ = 0, rcv_ssthresh_ = full_space;
	u32 window_clamp_ = full_space, payload_ratio_ = 128; ///< of 256
	u8 rcv_wscale_ = 0;
	bool fast_path_ = false;
	std::deque<sack_block> out_of_order_; ///< the latest first
	u32 held_packets_ = 0;                ///< of what is not read; what is merged counts once
	u32 ooo_packets_ = 0;
	std::weak_ptr<const char> last_original_; ///< of the last of them
	bool ooo_fin_ = false;
	u32 ooo_fin_seq_ = 0;
	std::optional<sack_block> dsack_;
	struct {
		bool scheduled = false, pushed = false, pushed2 = false, now = false, deferred = false;
		u32 quick = 0, pingpong = 0, ato = 0, last_received = 0, last_seg_size = 0, rcv_mss = 536;
	} ack_;

	// Options.
	bool ts_ok_ = false, sack_ok_ = false, wscale_ok_ = false;
	u32 ts_recent_ = 0, ts_offset_ = 0, first_syn_ts_ = 0;
	u16 peer_mss_ = 536, user_mss_ = 0;
	bool ecn_syn_ = false, ect_ = false;

	// Life.
	bool owned_ = false, orphan_ = false;
	bool shut_rcv_ = false, shut_snd_ = false;
	bool fast_open_child_ = false, fast_open_connect_ = false, fast_open_listen_ = false;
	u64 synack_sent_ns_ = 0;
	u16 deferred_port_ = 0; ///< Fast Open: connect() has only kept where to
	std::deque<packet> backlog_;
};

/// lock_sock() to release_sock(): while the application's call owns the socket, what arrives waits.
class connection::process_context {
  public:
	explicit process_context(connection& sk) : sk_(sk) {
		lock_sock(sk_);
		sk_.owned_ = true;
	}
	process_context(const process_context&) = delete;
	process_context& operator=(const process_context&) = delete;
	~process_context() { sk_.release_backlog(); }

  private:
	connection& sk_;
};

} // namespace sockops::testing::model
