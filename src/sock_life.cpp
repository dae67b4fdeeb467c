// SPDX-License-Identifier: MIT
// Creating, cloning and freeing sockets; what the hook reports about sockets that are not alive.

#include <sockops/cgroup/sock_life.hpp>

#include <atomic>
#include <cerrno>

#include <sockops/bpf/uapi.hpp>
#include <sockops/hook/dispatch.hpp>
#include <sockops/kern/check.hpp>

#include "cgroup_internal.hpp"

namespace sockops {

int tcp_backend::set_congestion_control(tcp_sock&, const char*) noexcept { return -ENOENT; }
const char* tcp_backend::congestion_control(const tcp_sock& tp) noexcept { return tp.icsk_ca_name; }
void tcp_backend::sockopt_set(tcp_sock&, int, int) noexcept {}
int tcp_backend::setsockopt(tcp_sock&, int, int, const void*, int) noexcept { return -EINVAL; }
int tcp_backend::getsockopt(tcp_sock&, int, int, void*, int) noexcept { return -EINVAL; }

u64 sock_gen_cookie(sock_common* sk) noexcept {
	std::atomic_ref<u64> cookie(sk->skc_cookie);
	u64 seen = cookie.load(std::memory_order_relaxed);
	if (seen != 0)
		return seen;
	const u64 fresh = sk->skc_net->next_sock_cookie();
	return cookie.compare_exchange_strong(seen, fresh, std::memory_order_relaxed) ? fresh : seen;
}

int tcp_init_sock(tcp_sock& tp, net& in, cgroup& cgrp) noexcept {
	{
		std::lock_guard held(detail::cgroup_mutex());
		if (!cgrp.online)
			return -ENOENT;
		cgroup_get(cgrp);
	}
	tp.sk_cgrp_data = &cgrp;
	tp.skc_net = &in;
	tp.skc_state = TCP_CLOSE;
	tp.sk_lock = in.debug_locks ? sock_lock_state::free : sock_lock_state::untracked;
	tp.sk_txhash = in.get_random_u32() | 1; // 0 means "none"
	tp.icsk_rto = in.profile.hz;
	tp.icsk_rto_min = in.profile.hz / 5;
	tp.icsk_delack_max = in.profile.hz / 5;
	return 0;
}

void inet_reqsk_init(request_sock& req, sock* listener, net& in) noexcept {
	req = request_sock{};
	req.rsk_listener = listener;
	req.skc_net = &in;
	if (listener) {
		req.skc_family = listener->skc_family;
		req.skc_num = listener->skc_num;
	}
	req.timeout = in.profile.hz;
}

void inet_csk_clone(tcp_sock& child, const tcp_sock& listener, const request_sock& req) noexcept {
	const tcp_sock fresh;
	child = listener;
	if (child.sk_cgrp_data)
		cgroup_get(*child.sk_cgrp_data);
	static_cast<sock_common&>(child) = req;
	child.skc_state = TCP_SYN_RECV;
	set_lock_state(child, sock_lock_state::bh_locked);
	child.sk_txhash = child.skc_net->get_random_u32() | 1;
	child.icsk_rto = child.skc_net->profile.hz;
	child.icsk_retransmits = 0;
	child.icsk_ca_initialized = false;
	child.snd_cwnd = fresh.snd_cwnd;
	child.snd_ssthresh = fresh.snd_ssthresh;
	child.mss_cache = req.mss;
	child.ecn_flags = req.ecn_ok ? 1 : 0; // TCP_ECN_OK
	child.syn_data = false;
	for (u32 tcp_sock::*counter :
		 {&tcp_sock::srtt_us, &tcp_sock::rtt_min, &tcp_sock::rtt_seq, &tcp_sock::rcv_nxt, &tcp_sock::snd_nxt,
		  &tcp_sock::snd_una, &tcp_sock::rate_delivered, &tcp_sock::rate_interval_us, &tcp_sock::packets_out,
		  &tcp_sock::retrans_out, &tcp_sock::total_retrans, &tcp_sock::segs_in, &tcp_sock::data_segs_in,
		  &tcp_sock::segs_out, &tcp_sock::data_segs_out, &tcp_sock::lost_out, &tcp_sock::sacked_out})
		child.*counter = 0;
	child.bytes_received = 0;
	child.bytes_acked = 0;
}

void sk_free(sock& sk) noexcept {
	if (cgroup* const held = sk.sk_cgrp_data) {
		sk.sk_cgrp_data = nullptr;
		cgroup_put(*held);
	}
}

int detail::sock_in_no_cgroup(const sock*, const bpf_sock_ops_kern* ctx) noexcept {
	illegal_use("tcp_call_bpf",
				"op %s on a socket that is in no cgroup: it was never initialised (tcp_init_sock, "
				"inet_csk_clone) or has been freed (sk_free); no program runs, the result is -1",
				op_name(ctx->op));
	return -EPERM;
}

int detail::bad_tcp_call_bpf(const sock_common* sk, int op, u32 nargs) noexcept {
	if (!sk)
		illegal_use("tcp_call_bpf", "op %d on a null socket; the result is -1", op);
	else if (nargs > 4)
		illegal_use("tcp_call_bpf", "nargs %u: a context has room for 4 arguments; the result is -1", nargs);
	else
		illegal_use("tcp_call_bpf", "op %d: an op is a number from 0 to 255; the result is -1", op);
	return -1;
}

} // namespace sockops
