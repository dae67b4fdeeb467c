// SPDX-License-Identifier: MIT
// Creating, cloning and freeing sockets.

#include <sockops/cgroup/sock_life.hpp>

#include <cerrno>
#include <cstring>

#include <sockops/kern/check.hpp>
#include <sockops/map/sk_storage_map.hpp>

#include "../net/profile.hpp"
#include "cgroup_internal.hpp"

namespace sockops {

void detail::expect_own_copy(const char* call, const sock& sk) noexcept {
	if (const cgroup* const in = sk.sk_cgrp_data)
		(void)is_of_other_copy(call, *in, "Programs of that copy do not run in this call");
}

bool detail::never_initialised(const char* call) noexcept {
	illegal_use(call,
				"the socket is of no net: it was never initialised, or that failed (tcp_init_sock and "
				"inet_csk_clone answer with an errno, scoped_tcp_sock has it in `error`); nothing is done");
	return false;
}

int tcp_init_sock(tcp_sock& tp, net& in, cgroup& cgrp) noexcept {
	if (tp.sk_cgrp_data) {
		illegal_use("tcp_init_sock", "the socket is alive, in %s: sk_free() it first; nothing changes",
					tp.sk_cgrp_data->path().c_str());
		return -EBUSY;
	}
	if (!in.profile.has_possible_hz()) {
		detail::report_hz("tcp_init_sock", in.profile, "nothing changes");
		return -EINVAL;
	}
	if (detail::is_of_other_copy("tcp_init_sock", cgrp, detail::not_changed))
		return -EXDEV;
	{
		std::lock_guard held(detail::cgroup_mutex());
		if (!cgrp.online)
			return -ENOENT;
		cgroup_get(cgrp);
	}
	tp.sk_cgrp_data = &cgrp;
	tp.skc_net = &in;
	tp.skc_state = TCP_CLOSE;
	tp.skc_cookie = 0; // memory that is used again is a new socket
	tp.bpf_sock_ops_cb_flags = 0;
	tp.sk_bpf_cb_flags = 0;
	tp.saved_syn.reset();
	leave_all(tp);
	tp.sk_lock = in.debug_locks ? sock_lock_state::free : sock_lock_state::untracked;
	tp.sk_txhash = in.get_random_u32() | 1; // 0 means "none"
	tp.icsk_rto = in.profile.hz;
	tp.icsk_rto_min = in.profile.part_of_second(5);
	tp.icsk_delack_max = in.profile.part_of_second(5);
	std::memcpy(tp.icsk_ca_name, in.ipv4.tcp_congestion_control, sizeof tp.icsk_ca_name);
	tp.icsk_rto_max = msecs_to_jiffies(in, in.ipv4.sysctl_tcp_rto_max_ms);
	tp.mss_cache = tcp_mss_default;
	tp.sk_sndbuf = in.ipv4.sysctl_tcp_wmem[1];
	tp.sk_rcvbuf = in.ipv4.sysctl_tcp_rmem[1];
	tp.sk_txrehash = in.core.sysctl_txrehash;
	return 0;
}

void inet_reqsk_init(request_sock& req, sock* listener, net& in) noexcept {
	req = request_sock{};
	req.rsk_listener = listener;
	req.skc_net = &in;
	if (listener) {
		req.skc_family = listener->skc_family;
		req.skc_num = listener->skc_num;
		req.skc_ipv6only = listener->skc_ipv6only;
	}
	req.timeout = in.profile.hz;
}

int inet_csk_clone(tcp_sock& child, const tcp_sock& listener, request_sock& req) noexcept {
	if (!req.skc_net) {
		illegal_use("inet_csk_clone",
					"the request was never initialised (inet_reqsk_init); no child is made");
		return -EINVAL;
	}
	if (listener.sk_cgrp_data &&
		detail::is_of_other_copy("inet_csk_clone", *listener.sk_cgrp_data, "-EXDEV, no child is made"))
		return -EXDEV;
	if (child.sk_cgrp_data) {
		illegal_use("inet_csk_clone", "the child is alive, in %s: sk_free() it first; freed now",
					child.sk_cgrp_data->path().c_str());
		sk_free(child);
	}
	child = listener;
	cgroup* const shared = listener.sk_cgrp_data;
	if (shared)
		cgroup_get(*shared);
	child.sk_cgrp_data = shared;
	static_cast<sock_common&>(child) = req;
	child.saved_syn = std::move(req.saved_syn);
	child.skc_state = TCP_SYN_RECV;
	set_lock_state(child, sock_lock_state::bh_locked);
	child.sk_txhash = child.skc_net->get_random_u32() | 1;
	child.icsk_rto = child.skc_net->profile.hz;
	tcp_begin_connection(child);
	child.sk_socket = false;
	child.sk_priority = 0;
	child.mss_cache = req.mss ? req.mss : tcp_mss_default;
	child.ecn_flags = req.ecn_ok ? 1 : 0; // TCP_ECN_OK
	const int error = bpf_sk_storage_clone(listener, child);
	if (error)
		sk_free(child);
	return error;
}

void sk_free(sock& sk) noexcept {
	leave_all(sk);
	if (cgroup* const held = sk.sk_cgrp_data) {
		sk.sk_cgrp_data = nullptr;
		cgroup_put(*held);
	}
}

} // namespace sockops
