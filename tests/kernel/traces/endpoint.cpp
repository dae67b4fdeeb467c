// SPDX-License-Identifier: MIT
#include "endpoint.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <linux/sched.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.hpp"

namespace traces {

namespace {

/// "" for what succeeded or only has not ended yet.
std::string words(const char* what, bool succeeded) {
	if (succeeded)
		return "";
	return std::string(what) + ": " + std::strerror(errno);
}

int make_socket(const socket_address& here) {
	const int fd = ::socket(here.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (::bind(fd, here.get(), here.size) != 0)
		return -errno;
	return fd;
}

} // namespace

int open_tcp_socket(int cgroup, const socket_address& here) {
	void* const page =
		::mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	int* const made = static_cast<int*>(page);
	*made = -ECHILD;
	clone_args how{};
	how.flags = CLONE_INTO_CGROUP | CLONE_FILES; // the table of open files is shared
	how.exit_signal = SIGCHLD;
	how.cgroup = static_cast<std::uint64_t>(cgroup);
	const long child = ::syscall(SYS_clone3, &how, sizeof(how));
	if (child == 0) {
		*made = make_socket(here);
		::_exit(0);
	}
	if (child < 0)
		*made = -errno;
	while (child > 0 && ::waitpid(static_cast<int>(child), nullptr, 0) < 0 && errno == EINTR)
		;
	const int fd = *made;
	::munmap(page, sizeof(int));
	return fd;
}

endpoint::endpoint(side who, const both_addresses& where, int cgroup, std::vector<socket_option> options)
	: mine_(where[static_cast<std::size_t>(who)]), other_(where[static_cast<std::size_t>(other(who))]),
	  cgroup_(cgroup), options_(std::move(options)) {}

endpoint::~endpoint() {
	(void)abort();
	(void)abort();
}

std::string endpoint::perform(const timeline_event& one) {
	switch (one.what) {
	case timeline_action::listen:
		return listen();
	case timeline_action::connect:
		return connect();
	case timeline_action::accept:
		return accept(one.blocking);
	case timeline_action::send:
		return send(one);
	case timeline_action::read:
		return read();
	case timeline_action::close:
		return close();
	case timeline_action::shutdown:
		return words("shutdown", ::shutdown(connection_.get(), SHUT_WR) == 0);
	case timeline_action::abort:
		return abort();
	case timeline_action::disconnect:
		return disconnect();
	case timeline_action::drop:
	case timeline_action::wait:
	case timeline_action::peer_sends:
	case timeline_action::fire:
		break;
	}
	return "not an action of a socket";
}

std::string endpoint::open(kernel_diff::owned_fd& into) {
	const int fd = open_tcp_socket(cgroup_, socket_address(mine_.bound, mine_.port, mine_.ipv6));
	if (fd < 0)
		return std::string("a socket: ") + std::strerror(-fd);
	into = kernel_diff::owned_fd(fd);
	for (const socket_option& each : options_) {
		const void* const value =
			each.text.empty() ? static_cast<const void*>(&each.value) : each.text.c_str();
		const std::size_t size = each.text.empty() ? sizeof(each.value) : each.text.size();
		const int done = ::setsockopt(fd, each.level, each.name, value, static_cast<socklen_t>(size));
		if (done != 0)
			return words(("socket option " + std::to_string(each.name)).c_str(), false);
	}
	return "";
}

std::string endpoint::listen() {
	if (!listener_)
		if (std::string error = open(listener_); !error.empty())
			return error;
	return words("listen", ::listen(listener_.get(), 8) == 0);
}

std::string endpoint::connect() {
	if (!connection_)
		if (std::string error = open(connection_); !error.empty())
			return error;
	const socket_address there(other_.ip, other_.port, mine_.ipv6);
	return words("connect", ::connect(connection_.get(), there.get(), there.size) == 0 ||
								errno == EINPROGRESS || errno == ECONNREFUSED);
}

std::string endpoint::accept(bool blocking) {
	constexpr int patience_ms = 130'000;
	pollfd one{listener_.get(), POLLIN, 0};
	if (blocking)
		(void)::poll(&one, 1, patience_ms);
	connection_ =
		kernel_diff::owned_fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
	return words("accept", static_cast<bool>(connection_));
}

std::string endpoint::send(const timeline_event& one) {
	const std::vector<char> bytes(one.bytes, 'x');
	for (std::uint32_t call = 0; call != one.count; ++call) {
		const ssize_t sent = ::send(connection_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
		// A connect() that waits for its first data to send it with the SYN says EINPROGRESS.
		if (sent < 0 && errno != EINPROGRESS)
			return words("send", false);
		if (sent >= 0 && sent != static_cast<ssize_t>(one.bytes))
			return "send: no room for all bytes";
	}
	return "";
}

std::string endpoint::read() {
	char bytes[65536];
	for (;;) {
		const ssize_t got = ::recv(connection_.get(), bytes, sizeof(bytes), 0);
		if (got <= 0)
			return words("read", got == 0 || errno == EAGAIN || errno == ECONNRESET);
	}
}

std::string endpoint::close() {
	kernel_diff::owned_fd& open = connection_ ? connection_ : listener_;
	if (!open)
		return "close: nothing is open";
	open.close();
	return "";
}

std::string endpoint::abort() {
	const kernel_diff::owned_fd& open = connection_ ? connection_ : listener_;
	if (!open)
		return "abort: nothing is open";
	const linger at_once{1, 0};
	(void)::setsockopt(open.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	return close();
}

std::string endpoint::disconnect() {
	sockaddr nowhere{};
	nowhere.sa_family = AF_UNSPEC;
	return words("disconnect", ::connect(connection_.get(), &nowhere, sizeof(nowhere)) == 0);
}

} // namespace traces
