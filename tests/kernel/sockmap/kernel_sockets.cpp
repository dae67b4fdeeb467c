// SPDX-License-Identifier: MIT
#include "kernel_sockets.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>

#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "../kernel_world.hpp"

namespace sockmap_diff {

using kernel_diff::owned_fd;

namespace {

tcp_info info_of(int fd) {
	tcp_info info{};
	socklen_t size = sizeof info;
	(void)::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
	return info;
}

} // namespace

std::string enter_own_network() {
	if (::unshare(CLONE_NEWNET) != 0)
		return std::string("no network namespace can be made: ") + std::strerror(errno);
	const owned_fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	ifreq lo{};
	std::strcpy(lo.ifr_name, "lo");
	lo.ifr_flags = IFF_UP;
	return ::ioctl(any.get(), SIOCSIFFLAGS, &lo) == 0 ? "" : "the loopback of a network namespace stays down";
}

owned_fd open_socket(int cgroup_fd) { return owned_fd(kernel_diff::open_socket_in(cgroup_fd)); }

bool listen_on(int fd) {
	const timeval most{1, 0};
	(void)::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	return ::listen(fd, 64) == 0;
}

bool connect_to(int fd, int listener) {
	sockaddr_in to{};
	socklen_t size = sizeof to;
	const timeval most{1, 0};
	(void)::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
	const std::uint32_t before = info_of(listener).tcpi_unacked; // of a listener: children in the queue
	if (::getsockname(listener, reinterpret_cast<sockaddr*>(&to), &size) != 0 ||
		::connect(fd, reinterpret_cast<const sockaddr*>(&to), size) != 0)
		return false;
	const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(2);
	while (info_of(listener).tcpi_unacked == before)
		if (std::chrono::steady_clock::now() > patience)
			return false;
	return true;
}

owned_fd accept_from(int listener) {
	pollfd ready{listener, POLLIN, 0};
	return ::poll(&ready, 1, 0) == 1 ? owned_fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC))
									 : owned_fd();
}

bool disconnect(int fd) {
	sockaddr none{};
	none.sa_family = AF_UNSPEC;
	return ::connect(fd, &none, sizeof none) == 0;
}

void reset_at_close(int fd) {
	const linger reset{1, 0};
	(void)::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

void send_some(int fd) {
	char bytes[100] = {};
	(void)::send(fd, bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::uint64_t cookie_of(int fd) {
	std::uint64_t cookie = 0;
	socklen_t size = sizeof cookie;
	(void)::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size);
	return cookie;
}

std::uint8_t state_of(int fd) { return info_of(fd).tcpi_state; }

} // namespace sockmap_diff
