// SPDX-License-Identifier: MIT
// bpf_setsockopt() and bpf_getsockopt(): the checks, in the kernel's order.

#include <sockops/hook/sockopt.hpp>

#include <cerrno>
#include <cstring>

#include <sockops/net/observer.hpp>

#include "locked_op.hpp"
#include "sockopt_special.hpp"

namespace sockops {

namespace {

using namespace detail;

/// A call that has passed the checks of the context.
struct call {
	tcp_sock& tp;
	int level, optname, optlen;
};

/// Setting TCP_NODELAY pushes segments, which fire HDR_OPT_LEN_CB: since 7.1 that is refused.
bool refuses_nodelay(const bpf_sock_ops_kern& ctx, int level, int optname) noexcept {
	return (ctx.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB || ctx.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB) &&
		   level == sol::tcp && optname == tcp_option::nodelay && sock_profile(ctx.sk).no_nodelay_in_hdr_opt;
}

/// Has the release of the socket's net the option for this way? Another answers -EINVAL.
bool is_in_release(const sockopt_info& row, const sock_common& sk, bool reads) noexcept {
	const kernel_release since = reads && row.read_since != 0 ? row.read_since : row.since;
	return since == sockopt_info::by_6_1 || since <= sock_profile(&sk).kernel;
}

bool is_syn_option(int level, int optname) noexcept {
	return level == sol::tcp && optname >= TCP_BPF_SYN && optname <= TCP_BPF_SYN_MAC;
}

/// Has the socket the protocol of that level?
bool level_fits(const tcp_sock& tp, int level) noexcept {
	switch (level) {
	case sol::ip:
		return tp.skc_family == af_inet || (tp.skc_family == af_inet6 && !tp.skc_ipv6only);
	case sol::ipv6:
		return tp.skc_family == af_inet6;
	case sol::tcp:
		return tp.sk_protocol == ipproto_tcp;
	default:
		return level == sol::socket;
	}
}

bool has_special_set(const sockopt_info& row) noexcept { return row.optlen == sockopt_info::length::name; }

/// 0, or what makes the call fail before the socket is looked at.
int check_set(const call& at, const sockopt_info& row, const void* optval, int& value) noexcept {
	if (has_special_set(row))
		return 0;
	if (row.level == sol::tcp && row.optname == tcp_option::saved_syn)
		return at.optlen < static_cast<int>(sizeof value) ? -EINVAL : -ENOPROTOOPT;
	if (at.optlen != sizeof value || !row.set)
		return -EINVAL;
	std::memcpy(&value, optval, sizeof value);
	return value < row.min || value > row.max ? -EINVAL : 0;
}

/// 0, or the -errno with which the stack refuses an option that it has to know of.
int refused(const call& at, const sockopt_info& row) noexcept {
	const bool asks = row.used_by == sockopt_info::user::stack;
	return asks ? backend_of(at.tp).sockopt_refused(at.tp, at.level, at.optname) : 0;
}

int set_row(const call& at, const sockopt_info& row, const void* optval) noexcept {
	int value = 0;
	if (const int error = check_set(at, row, optval, value))
		return error;
	if (row.level == sol::tcp && row.optname == tcp_option::congestion)
		return set_congestion(at.tp, optval, at.optlen);
	if (const int error = refused(at, row))
		return error;
	const int error = row.set ? row.set(at.tp, value) : set_bindtodevice(at.tp, optval, at.optlen);
	if (error == 0)
		backend_of(at.tp).sockopt_set(at.tp, at.level, at.optname);
	return error;
}

int get_row(const call& at, const sockopt_info& row, void* optval) noexcept {
	if (row.level == sol::tcp && row.optname == tcp_option::congestion)
		return get_congestion(at.tp, optval, at.optlen);
	if (row.level == sol::tcp && row.optname == tcp_option::saved_syn)
		return get_saved_syn(at.tp, optval, at.optlen);
	if (!row.get || at.optlen != sizeof(int))
		return -EINVAL;
	if (const int error = refused(at, row))
		return error;
	const int value = row.get(at.tp);
	std::memcpy(optval, &value, sizeof value);
	return 0;
}

/// Why there is no socket whose options could be used: 0 or -errno.
int check_socket(const bpf_sock_ops_kern& ctx, int level, int optlen) noexcept {
	if (!sk_fullsock(ctx.sk))
		return -EINVAL;
	auto& tp = static_cast<tcp_sock&>(*ctx.sk);
	sock_owned_by_me(&tp);
	return level_fits(tp, level) && optlen > 0 ? 0 : -EINVAL;
}

int get_option(bpf_sock_ops_kern& ctx, int level, int optname, void* optval, int optlen) noexcept {
	if (const int error = check_socket(ctx, level, optlen))
		return error;
	const call at{static_cast<tcp_sock&>(*ctx.sk), level, optname, optlen};
	const sockopt_info* const row = find_sockopt(level, optname);
	if (row && !is_in_release(*row, at.tp, true))
		return -EINVAL;
	return row ? get_row(at, *row, optval)
			   : backend_of(at.tp).getsockopt(at.tp, level, optname, optval, optlen);
}

/// Out of line, so that a call that nobody is told of goes straight on to it.
[[gnu::noinline]] int set_unobserved(bpf_sock_ops_kern& ctx, int level, int optname, const void* optval,
									 int optlen) noexcept {
	if (!is_locked_tcp_sock_ops(ctx) || refuses_nodelay(ctx, level, optname))
		return -EOPNOTSUPP;
	if (const int error = check_socket(ctx, level, optlen))
		return error;
	const call at{static_cast<tcp_sock&>(*ctx.sk), level, optname, optlen};
	const sockopt_info* const row = find_sockopt(level, optname);
	if (row && !is_in_release(*row, at.tp, false))
		return -EINVAL;
	return row ? set_row(at, *row, optval)
			   : backend_of(at.tp).setsockopt(at.tp, level, optname, optval, optlen);
}

[[gnu::noinline]] int set_and_tell(const net_watch* whom, bpf_sock_ops_kern& ctx, int level, int optname,
								   const void* optval, int optlen) noexcept {
	const int result = set_unobserved(ctx, level, optname, optval, optlen);
	const set_option what{*ctx.sk, ctx.op, level, optname, optval, optlen, result};
	tell_observers(whom, [&](net_observer& who) { who.option_set(what); });
	return result;
}

/// The verifier lets no program do this.
bool lacks_value(const char* helper, int level, int optname, const void* optval, int optlen) noexcept {
	if (optval || optlen <= 0)
		return false;
	const sockopt_info* const row = find_sockopt(level, optname);
	illegal_use(helper, "%s (level %d, option %d): optval is null and optlen %d; the result is -EINVAL",
				row ? row->name : "no option of the kernel's", level, optname, optlen);
	return true;
}

} // namespace

tcp_backend& detail::backend_of(const tcp_sock& tp) noexcept {
	static struct final_backend final : tcp_backend {
	} without;
	return tp.backend ? *tp.backend : without;
}

int bpf_setsockopt(bpf_sock_ops& skops, int level, int optname, const void* optval, int optlen) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (lacks_value("bpf_setsockopt", level, optname, optval, optlen))
		return -EINVAL;
	if (const net_watch* const observers = sock_observers(ctx.sk)) [[unlikely]]
		return set_and_tell(observers, ctx, level, optname, optval, optlen);
	return set_unobserved(ctx, level, optname, optval, optlen);
}

int bpf_getsockopt(bpf_sock_ops& skops, int level, int optname, void* optval, int optlen) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (lacks_value("bpf_getsockopt", level, optname, optval, optlen))
		return -EINVAL;
	if (!is_locked_tcp_sock_ops(ctx))
		return -EOPNOTSUPP;
	if (is_syn_option(level, optname) && is_in_release(*find_sockopt(level, optname), *ctx.sk, true))
		return optlen > 0 ? get_syn(ctx, optname, optval, optlen) : -EINVAL;
	const int error = get_option(ctx, level, optname, optval, optlen);
	if (error < 0 && optlen > 0)
		std::memset(optval, 0, static_cast<std::size_t>(optlen));
	return error;
}

} // namespace sockops
