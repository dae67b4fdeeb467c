// SPDX-License-Identifier: MIT
// A socket takes its cgroup from the process that creates it, and keeps it. To move a process costs
// the kernel a grace period; to be born in a cgroup costs little.
#include <cerrno>
#include <csignal>
#include <cstdint>

#include <linux/sched.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_world.hpp"

namespace kernel_diff {

namespace {

/// One int that a child process can write.
class shared_int {
  public:
	shared_int()
		: value_(static_cast<int*>(
			  ::mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
	~shared_int() { ::munmap(value_, sizeof(int)); }
	shared_int(const shared_int&) = delete;
	shared_int& operator=(const shared_int&) = delete;
	int& operator*() const noexcept { return *value_; }

  private:
	int* value_;
};

/// A TCP socket that will listen for this machine alone.
int make_socket() {
	const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	sockaddr_in here{};
	here.sin_family = AF_INET;
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	(void)::bind(fd, reinterpret_cast<sockaddr*>(&here), sizeof(here));
	return fd;
}

} // namespace

int open_socket_in(int cgroup_fd) {
	const shared_int made;
	*made = -ECHILD;
	clone_args how{};
	how.flags = CLONE_INTO_CGROUP | CLONE_FILES; // the table of open files is shared
	how.exit_signal = SIGCHLD;
	how.cgroup = static_cast<std::uint64_t>(cgroup_fd);
	const long child = ::syscall(SYS_clone3, &how, sizeof(how));
	if (child < 0)
		return -errno;
	if (child == 0) {
		*made = make_socket();
		::_exit(0);
	}
	while (::waitpid(static_cast<int>(child), nullptr, 0) < 0 && errno == EINTR)
		;
	return *made;
}

} // namespace kernel_diff
