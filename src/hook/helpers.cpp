// SPDX-License-Identifier: MIT
// Socket options.

#include <sockops/hook/helpers.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sockops/kern/errno.hpp>
#include <sockops/net/net.hpp>

namespace sockops {

namespace {

/// Helpers that need a locked socket go by the op's number, not by is_locked_tcp_sock.
bool is_locked_op(const bpf_sock_ops_kern& ctx) noexcept { return ctx.op <= BPF_SOCK_OPS_WRITE_HDR_OPT_CB; }

tcp_backend& backend_of(const tcp_sock& tp) noexcept {
	static struct final_backend final : tcp_backend {
	} without;
	return tp.backend ? *tp.backend : without;
}

/// Why the context has no socket to set options on: 0 or the errno.
int check_full_socket(const bpf_sock_ops_kern& ctx) noexcept {
	if (!is_locked_op(ctx))
		return -EOPNOTSUPP;
	return sk_fullsock(ctx.sk) ? 0 : -EINVAL;
}

bool known_level(int level) noexcept {
	return level == sol::socket || level == sol::ip || level == sol::ipv6 || level == sol::tcp;
}

/// A timer bound in jiffies from one in microseconds; 0: out of range.
u32 timer_bound(const tcp_sock& tp, int us) noexcept {
	if (us < 0)
		return 0;
	const net& in = *tp.skc_net;
	const u64 jiffies = usecs_to_jiffies(in, static_cast<u64>(us));
	return jiffies < 2 || jiffies > in.profile.hz / 5 ? 0 : static_cast<u32>(jiffies);
}

int set_iw(tcp_sock& tp, int packets) noexcept {
	if (packets <= 0 || tp.data_segs_out > static_cast<u32>(tp.syn_data))
		return -EINVAL;
	tp.snd_cwnd = static_cast<u32>(packets);
	return 0;
}

int set_sndcwnd_clamp(tcp_sock& tp, int packets) noexcept {
	if (packets <= 0)
		return -EINVAL;
	tp.snd_cwnd_clamp = tp.snd_ssthresh = static_cast<u32>(packets);
	return 0;
}

int set_timer_bound(tcp_sock& tp, u32 inet_connection_sock::*bound, int us) noexcept {
	const u32 jiffies = timer_bound(tp, us);
	if (jiffies == 0)
		return -EINVAL;
	tp.*bound = jiffies;
	return 0;
}

int set_cb_flags(tcp_sock& tp, int flags) noexcept {
	if (flags & ~BPF_SOCK_OPS_ALL_CB_FLAGS)
		return -EINVAL;
	tp.bpf_sock_ops_cb_flags = static_cast<u8>(flags);
	return 0;
}

/// The options of 4 bytes that change a tcp_sock.
int set_tcp_bpf(tcp_sock& tp, int optname, int value) noexcept {
	switch (optname) {
	case TCP_BPF_IW:
		return set_iw(tp, value);
	case TCP_BPF_SNDCWND_CLAMP:
		return set_sndcwnd_clamp(tp, value);
	case TCP_BPF_DELACK_MAX:
		return set_timer_bound(tp, &tcp_sock::icsk_delack_max, value);
	case TCP_BPF_RTO_MIN:
		return set_timer_bound(tp, &tcp_sock::icsk_rto_min, value);
	case TCP_BPF_SOCK_OPS_CB_FLAGS:
		return set_cb_flags(tp, value);
	default: // TCP_BPF_SYN, _SYN_IP, _SYN_MAC can only be read
		return -EINVAL;
	}
}

int set_congestion(tcp_sock& tp, const void* optval, int optlen) noexcept {
	if (optlen < 2)
		return -EINVAL;
	if (optlen >= 3 &&
		std::strncmp(static_cast<const char*>(optval), "cdg", static_cast<std::size_t>(optlen)) == 0)
		return -kern_errno::notsupp;
	if (tp.bpf_chg_cc_inprogress)
		return -EBUSY;
	char name[sizeof tp.icsk_ca_name] = {};
	std::memcpy(name, optval, std::min(static_cast<std::size_t>(optlen), sizeof name - 1));
	if (std::strcmp(name, backend_of(tp).congestion_control(tp)) == 0)
		return 0;
	tp.bpf_chg_cc_inprogress = true;
	const int error = backend_of(tp).set_congestion_control(tp, name);
	if (error == 0) {
		std::memcpy(tp.icsk_ca_name, name, sizeof name);
		tp.icsk_ca_initialized = tp.skc_state != TCP_CLOSE && tp.skc_state != TCP_LISTEN;
		if (tp.icsk_ca_initialized)
			backend_of(tp).init_congestion_control(tp); // may fire BASE_RTT, inside this call
	}
	tp.bpf_chg_cc_inprogress = false;
	return error;
}

int set_tcp(tcp_sock& tp, int optname, const void* optval, int optlen) noexcept {
	if (optname == tcp_option::congestion)
		return set_congestion(tp, optval, optlen);
	if (optname < TCP_BPF_IW || optname > TCP_BPF_SOCK_OPS_CB_FLAGS)
		return backend_of(tp).setsockopt(tp, sol::tcp, optname, optval, optlen);
	if (optlen != sizeof(int))
		return -EINVAL;
	int value = 0;
	std::memcpy(&value, optval, sizeof value);
	const int error = set_tcp_bpf(tp, optname, value);
	if (error == 0)
		backend_of(tp).sockopt_set(tp, sol::tcp, optname);
	return error;
}

int get_congestion(const tcp_sock& tp, void* optval, int optlen) noexcept {
	if (optlen < 2)
		return -EINVAL;
	const char* name = backend_of(tp).congestion_control(tp);
	const auto room = static_cast<std::size_t>(optlen);
	std::memset(optval, 0, room);
	std::memcpy(optval, name, std::min(std::strlen(name), room - 1));
	return 0;
}

/// The values of 4 bytes that a tcp_sock has.
int get_tcp_bpf(const tcp_sock& tp, int optname, int& value) noexcept {
	const net& in = *tp.skc_net;
	switch (optname) {
	case TCP_BPF_DELACK_MAX:
		value = static_cast<int>(jiffies_to_usecs(in, tp.icsk_delack_max));
		return 0;
	case TCP_BPF_RTO_MIN:
		value = static_cast<int>(jiffies_to_usecs(in, tp.icsk_rto_min));
		return 0;
	case TCP_BPF_SOCK_OPS_CB_FLAGS:
		value = tp.bpf_sock_ops_cb_flags;
		return 0;
	default:
		return -EINVAL;
	}
}

int get_tcp(tcp_sock& tp, int optname, void* optval, int optlen) noexcept {
	if (optname == tcp_option::congestion)
		return get_congestion(tp, optval, optlen);
	if (optname < TCP_BPF_IW || optname > TCP_BPF_SOCK_OPS_CB_FLAGS)
		return backend_of(tp).getsockopt(tp, sol::tcp, optname, optval, optlen);
	if (optlen != sizeof(int))
		return -EINVAL;
	int value = 0;
	const int error = get_tcp_bpf(tp, optname, value);
	std::memcpy(optval, &value, sizeof value);
	return error;
}

int get_option(bpf_sock_ops_kern& ctx, int level, int optname, void* optval, int optlen) noexcept {
	if (level == sol::tcp && optname >= TCP_BPF_SYN && optname <= TCP_BPF_SYN_MAC)
		return -ENOENT;
	if (!sk_fullsock(ctx.sk) || !known_level(level))
		return -EINVAL;
	auto& tp = static_cast<tcp_sock&>(*ctx.sk);
	sock_owned_by_me(&tp);
	return level == sol::tcp ? get_tcp(tp, optname, optval, optlen)
							 : backend_of(tp).getsockopt(tp, level, optname, optval, optlen);
}

/// The verifier lets no program do this.
bool lacks_value(const char* call, const void* optval, int optlen) noexcept {
	if (optval || optlen <= 0)
		return false;
	illegal_use(call, "optval is null and optlen %d; the result is -EINVAL", optlen);
	return true;
}

} // namespace

int bpf_setsockopt(bpf_sock_ops& skops, int level, int optname, const void* optval, int optlen) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (lacks_value("bpf_setsockopt", optval, optlen))
		return -EINVAL;
	if (const int error = check_full_socket(ctx))
		return error;
	auto& tp = static_cast<tcp_sock&>(*ctx.sk);
	sock_owned_by_me(&tp);
	if (!known_level(level))
		return -EINVAL;
	return level == sol::tcp ? set_tcp(tp, optname, optval, optlen)
							 : backend_of(tp).setsockopt(tp, level, optname, optval, optlen);
}

int bpf_getsockopt(bpf_sock_ops& skops, int level, int optname, void* optval, int optlen) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (lacks_value("bpf_getsockopt", optval, optlen))
		return -EINVAL;
	if (!is_locked_op(ctx))
		return -EOPNOTSUPP;
	const int error = get_option(ctx, level, optname, optval, optlen);
	if (error < 0 && optlen > 0)
		std::memset(optval, 0, static_cast<std::size_t>(optlen));
	return error;
}

} // namespace sockops
