// SPDX-License-Identifier: MIT
// A backend's defaults, and cookies.

#include <sockops/net/tcp_sock.hpp>

#include <atomic>
#include <cerrno>

namespace sockops {

int tcp_backend::set_congestion_control(tcp_sock&, const char*) noexcept { return -ENOENT; }
const char* tcp_backend::congestion_control(const tcp_sock& tp) noexcept { return tp.icsk_ca_name; }
int tcp_backend::sockopt_refused(const tcp_sock&, int, int) noexcept { return 0; }
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

} // namespace sockops
