// SPDX-License-Identifier: MIT
// The ends: close(), shutdown(), resets, TIME_WAIT.

#include <sockops/map/sock_map.hpp>

#include "stack.hpp"

namespace sockops::testing::model {

/// A child gives its port back with its last state; a socket that was bound keeps it.
void connection::set_state(tcp_state to) {
	const u8 from = skc_state;
	if (is_wrong(wrong_rule::state_after_change)) {
		skc_state = to;
		if (bpf_sock_ops_cb_flags & BPF_SOCK_OPS_STATE_CB_FLAG)
			(void)hook::tcp_call_bpf_2arg(this, BPF_SOCK_OPS_STATE_CB, from, to);
	} else {
		hook::tcp_set_state(*this, to);
	}
	if (fast_open_child_ && from == TCP_SYN_RECV)
		host_.fast_open_ends(*this);
	if (to == TCP_CLOSE && listener_ && !is_wrong(wrong_rule::child_keeps_its_port))
		skc_num = 0;
}

/// tcp_close_state(): the next state, reported also where it is the same. True: a FIN is due.
bool connection::close_state() {
	switch (skc_state) {
	case TCP_ESTABLISHED:
	case TCP_SYN_RECV:
		set_state(TCP_FIN_WAIT1);
		return true;
	case TCP_CLOSE_WAIT:
		set_state(TCP_LAST_ACK);
		return true;
	case TCP_SYN_SENT:
		set_state(TCP_CLOSE);
		return false;
	default:
		set_state(static_cast<tcp_state>(skc_state));
		return false;
	}
}

bool connection::needs_reset() const noexcept {
	return skc_state == TCP_ESTABLISHED || skc_state == TCP_CLOSE_WAIT || skc_state == TCP_FIN_WAIT1 ||
		   skc_state == TCP_FIN_WAIT2 || skc_state == TCP_SYN_RECV;
}

/// Nothing is sent again, nothing is acknowledged.
void connection::forget_everything() noexcept {
	rtx_.clear();
	unsent_.clear();
	packets_out = sacked_out = lost_out = retrans_out = 0;
	pending_ = xmit_timer::none;
	xmit_timer_.stop();
	delack_timer_.stop();
	ack_ = {};
	deferred_port_ = 0;
}

void connection::done() {
	set_state(TCP_CLOSE);
	forget_everything();
	shut_rcv_ = shut_snd_ = true;
}

/// What was on its way is forgotten before the change of state, which programs see.
void connection::reset_received() {
	if (skc_state == TCP_CLOSE)
		return;
	rtx_.clear();
	unsent_.clear();
	packets_out = 0;
	done();
}

/// A small socket answers from now on.
void connection::go_time_wait(tcp_state substate) {
	stack::time_wait_sock tw;
	static_cast<sock_common&>(tw) = *this;
	tw.skc_state = TCP_TIME_WAIT;
	tw.fin_wait2 = substate == TCP_FIN_WAIT2;
	tw.snd_nxt = snd_nxt;
	tw.rcv_nxt = rcv_nxt;
	tw.rcv_wnd = receive_window();
	tw.ts = ts_ok_;
	tw.ts_recent = ts_recent_;
	tw.ts_offset = ts_offset_;
	host_.adopt(tw);
	if (is_wrong(wrong_rule::time_wait_is_reported))
		hook::tcp_bpf_state(*this, TCP_TIME_WAIT);
	hook::tcp_time_wait(*this);
	forget_everything();
}

void connection::app_shutdown() {
	const process_context held(*this);
	shut_snd_ = true;
	if (skc_state != TCP_ESTABLISHED && skc_state != TCP_SYN_SENT && skc_state != TCP_CLOSE_WAIT)
		return;
	if (close_state())
		send_fin();
}

void connection::app_close() {
	sock_map_close(*this);
	const process_context held(*this);
	shut_rcv_ = shut_snd_ = true;
	if (skc_state == TCP_LISTEN) {
		set_state(TCP_CLOSE);
		host_.stop_listening(*this);
	} else if (skc_state == TCP_CLOSE) {
		// it was reset
	} else if (unread()) {
		set_state(TCP_CLOSE);
		send_reset();
		forget_everything();
	} else if (close_state()) {
		send_fin();
	} else if (skc_state == TCP_CLOSE) {
		forget_everything();
	}
	orphan_ = true;
	host_.out().softirq([this] {
		while (!backlog_.empty()) {
			packet next = std::move(backlog_.front());
			backlog_.pop_front();
			receive(next);
		}
	});
	if (skc_state == TCP_FIN_WAIT2)
		go_time_wait(TCP_FIN_WAIT2);
}

/// tcp_disconnect().
void connection::disconnect_now() {
	const bool reset = needs_reset();
	const u32 last_sent = snd_nxt;
	if (!reset)
		return hook::tcp_disconnect(*this), forget_everything();
	set_state(TCP_CLOSE);
	snd_nxt = last_sent;
	send_reset();
	hook::tcp_disconnect(*this);
	forget_everything();
}

/// close() with SO_LINGER 0.
void connection::app_abort() {
	if (skc_state == TCP_LISTEN)
		return app_close();
	sock_map_close(*this);
	const process_context held(*this);
	shut_rcv_ = shut_snd_ = true;
	if (skc_state != TCP_CLOSE)
		disconnect_now();
	orphan_ = true;
}

/// connect() to nowhere: the socket may connect again.
void connection::app_disconnect() {
	const process_context held(*this);
	disconnect_now();
	shut_rcv_ = shut_snd_ = false;
	out_of_order_.clear();
	ts_recent_ = 0;
	copied_seq_ = rcv_end_ = rcv_nxt;
	ca_ = ca_state::open;
	fast_path_ = false;
	rack_ = {};
	tlp_high_seq_ = 0;
}

/// A child in the listener's queue: it goes as by close() with SO_LINGER 0.
void connection::forget_by_listener() {
	lock_sock(*this);
	disconnect_now();
	orphan_ = true;
	release_sock(*this);
}

} // namespace sockops::testing::model
