// SPDX-License-Identifier: MIT
// No cgroup of these tests outlives them: not if a test is killed, and not for ever if its guardian
// is killed too.
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_world.hpp"

namespace {

using namespace kernel_diff;

bool exists(const std::string& path) {
	struct stat found {};
	return ::stat(path.c_str(), &found) == 0;
}

/// Polls for as long as a loaded machine may need.
bool vanishes(const std::string& path) {
	for (int waited = 0; waited != 500; ++waited) {
		if (!exists(path))
			return true;
		::usleep(10'000);
	}
	return false;
}

/// In a child: cgroups, programs, a link and a socket; it says where, and waits to be killed.
[[noreturn]] void use_and_wait(int pipe) {
	kernel_world kernel;
	kernel.reset();
	kernel.apply({.kind = op_kind::mkdir, .cgroup = 1, .parent = 0});
	kernel.apply({.kind = op_kind::attach, .cgroup = 1, .prog = 1, .flags = flag::allow_multi});
	kernel.apply({.kind = op_kind::link_create, .cgroup = 1, .prog = 2, .link = 0});
	kernel.apply({.kind = op_kind::socket_open, .cgroup = 1, .socket = 0});
	const std::string& path = kernel.folder().path();
	(void)!::write(pipe, path.c_str(), path.size());
	for (;;)
		::pause();
}

/// A process that uses cgroups; `path` is its folder.
int start_user(std::string& path) {
	int ends[2];
	if (::pipe(ends) != 0)
		return -1;
	const owned_fd read_end(ends[0]);
	owned_fd write_end(ends[1]);
	const int child = ::fork();
	if (child == 0)
		use_and_wait(write_end.get());
	write_end.close();
	char text[512];
	const ssize_t size = ::read(read_end.get(), text, sizeof(text));
	path.assign(text, size > 0 ? static_cast<std::size_t>(size) : 0);
	return child;
}

TEST(kernel_cleanup, a_killed_test_leaves_no_cgroup) {
	if (const kernel_world kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	std::string path;
	const int child = start_user(path);
	ASSERT_GT(child, 0);
	EXPECT_TRUE(exists(path + "/tree2/c1"));
	::kill(child, SIGKILL);
	::waitpid(child, nullptr, 0);
	EXPECT_TRUE(vanishes(path)) << path;
}

TEST(kernel_cleanup, the_next_test_removes_what_a_dead_one_left) {
	if (const kernel_world kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	const int child = ::fork();
	if (child == 0)
		::_exit(0);
	::waitpid(child, nullptr, 0);
	const std::string left = find_cgroup2() + print("/sockops-test-%d-00000000", child);
	ASSERT_EQ(::mkdir(left.c_str(), 0755), 0);
	ASSERT_EQ(::mkdir((left + "/a").c_str(), 0755), 0);
	const kernel_world kernel;
	EXPECT_FALSE(exists(left));
}

TEST(kernel_cleanup, a_living_test_is_left_alone) {
	const kernel_world one;
	if (!one.unusable().empty())
		GTEST_SKIP() << one.unusable();
	const kernel_world another;
	EXPECT_TRUE(exists(one.folder().path()));
	EXPECT_TRUE(exists(another.folder().path()));
}

} // namespace
