// SPDX-License-Identifier: MIT
// A socket takes its cgroup from the process that creates it: a child is born there, and shares the
// table of open files.
#include "socket_in_cgroup.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>

#include <linux/sched.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sockopt_diff {

namespace {

int make_socket(bool v6, bool v6only) {
	const int fd = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int only = v6only;
	if (fd >= 0 && v6)
		(void)::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
	return fd;
}

} // namespace

int open_socket_in(int cgroup_fd, bool v6, bool v6only) {
	constexpr int none = 255; // as an exit status, which has 8 bits
	clone_args how{};
	how.flags = CLONE_INTO_CGROUP | CLONE_FILES;
	how.exit_signal = SIGCHLD;
	how.cgroup = static_cast<std::uint64_t>(cgroup_fd);
	const long child = ::syscall(SYS_clone3, &how, sizeof how);
	if (child < 0)
		return -errno;
	if (child == 0) {
		const int fd = make_socket(v6, v6only);
		::_exit(fd >= 0 && fd < none ? fd : none);
	}
	int status = 0;
	while (::waitpid(static_cast<int>(child), &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) != none ? WEXITSTATUS(status) : -EMFILE;
}

} // namespace sockopt_diff
