// SPDX-License-Identifier: MIT
// A backend's defaults, and cookies.

#include <sockops/net/tcp_sock.hpp>

#include <atomic>
#include <cerrno>

#include <sockops/kern/check.hpp>

namespace sockops {

int tcp_backend::set_congestion_control(tcp_sock&, const char*) noexcept { return -ENOENT; }
const char* tcp_backend::congestion_control(const tcp_sock& tp) noexcept { return tp.icsk_ca_name; }
void tcp_backend::init_congestion_control(tcp_sock&) noexcept {}
int tcp_backend::sockopt_refused(const tcp_sock&, int, int) noexcept { return 0; }
void tcp_backend::sockopt_set(tcp_sock&, int, int) noexcept {}
int tcp_backend::setsockopt(tcp_sock&, int, int, const void*, int) noexcept { return -EINVAL; }
int tcp_backend::getsockopt(tcp_sock&, int, int, void*, int) noexcept { return -EINVAL; }

void tcp_begin_connection(tcp_sock& tp) noexcept {
	tp.icsk_retransmits = 0;
	tp.icsk_backoff = 0;
	tp.icsk_ca_initialized = false;
	tp.total_rto = 0;
	tp.retrans_stamp = 0;
	tp.syn_data = false;
	tp.saw_unknown = false;
	tp.snd_cwnd = tcp_init_cwnd;
	tp.snd_ssthresh = tcp_infinite_ssthresh;
	for (u32 tcp_sock::*counter :
		 {&tcp_sock::srtt_us, &tcp_sock::rtt_seq, &tcp_sock::rcv_nxt, &tcp_sock::snd_nxt, &tcp_sock::snd_una,
		  &tcp_sock::rate_delivered, &tcp_sock::rate_interval_us, &tcp_sock::delivered,
		  &tcp_sock::delivered_ce, &tcp_sock::dsack_dups, &tcp_sock::packets_out, &tcp_sock::retrans_out,
		  &tcp_sock::total_retrans, &tcp_sock::segs_in, &tcp_sock::data_segs_in, &tcp_sock::segs_out,
		  &tcp_sock::data_segs_out, &tcp_sock::lost_out, &tcp_sock::sacked_out})
		tp.*counter = 0;
	tp.bytes_received = 0;
	tp.bytes_acked = 0;
}

u64 sock_gen_cookie(sock_common* sk) noexcept {
	std::atomic_ref<u64> cookie(sk->skc_cookie);
	u64 seen = cookie.load(std::memory_order_relaxed);
	if (seen != 0)
		return seen;
	if (!sk->skc_net) [[unlikely]] {
		illegal_use("sock_gen_cookie",
					"the socket is in no net: tcp_init_sock() or inet_reqsk_init() comes first; 0");
		return 0;
	}
	const u64 fresh = sk->skc_net->next_sock_cookie();
	return cookie.compare_exchange_strong(seen, fresh, std::memory_order_relaxed) ? fresh : seen;
}

} // namespace sockops
