// SPDX-License-Identifier: MIT
#include "cgroup_folder.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include <dirent.h>
#include <fcntl.h>
#include <mntent.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kernel_diff {

namespace {

constexpr char prefix[] = "sockops-test-";

/// Calls `each(name)` for every folder in `path`.
template <class Each>
void for_each_folder(const std::string& path, Each each) {
	DIR* const folder = ::opendir(path.c_str());
	if (!folder)
		return;
	while (const dirent* entry = ::readdir(folder))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			each(entry->d_name);
	::closedir(folder);
}

/// Removes a cgroup and all below. One that still has a task in it becomes empty in a moment.
void remove_tree(const std::string& path) {
	for_each_folder(path, [&](const char* name) { remove_tree(path + "/" + name); });
	for (int attempt = 0; ::rmdir(path.c_str()) != 0 && errno == EBUSY && attempt != 100; ++attempt)
		::usleep(10'000);
}

/// Is it held by a test that lives? The name tells its process, the lock even one whose process
/// number is another's here.
bool is_abandoned(const std::string& path, const char* name) {
	const int pid = std::atoi(name + std::strlen(prefix));
	if (pid <= 0 || ::kill(pid, 0) == 0 || errno != ESRCH)
		return false;
	const owned_fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return directory && ::flock(directory.get(), LOCK_EX | LOCK_NB) == 0;
}

void remove_abandoned(const std::string& root) {
	for_each_folder(root, [&](const char* name) {
		const std::string path = root + "/" + name;
		if (std::strncmp(name, prefix, std::strlen(prefix)) == 0 && is_abandoned(path, name))
			remove_tree(path);
	});
}

/// The guardian: it holds nothing that the test or who waits for the test's output might wait for.
[[noreturn]] void guard(int pipe, const std::string& path) {
	::setsid();
	::dup2(pipe, 0);
	::close_range(1, ~0u, 0);
	for (const int ignored : {SIGINT, SIGTERM, SIGHUP})
		::signal(ignored, SIG_IGN);
	char byte;
	while (::read(0, &byte, 1) < 0 && errno == EINTR)
		;
	remove_tree(path);
	::_exit(0);
}

} // namespace

std::string find_cgroup2() {
	FILE* const mounts = ::setmntent("/proc/self/mounts", "r");
	if (!mounts)
		return "";
	std::string found;
	while (const mntent* mount = ::getmntent(mounts))
		if (found.empty() && std::strcmp(mount->mnt_type, "cgroup2") == 0)
			found = mount->mnt_dir;
	::endmntent(mounts);
	return found;
}

cgroup_folder::cgroup_folder() {
	const std::string root = find_cgroup2();
	if (root.empty()) {
		error_ = "cgroup2 is not mounted";
		return;
	}
	remove_abandoned(root);
	char name[64];
	std::snprintf(name, sizeof(name), "/%s%d-%08x", prefix, ::getpid(), std::random_device{}());
	path_ = root + name;
	if (!make()) {
		error_ = "no cgroup can be made in " + root + ": " + std::strerror(errno);
		return;
	}
	start_guardian();
}

cgroup_folder::~cgroup_folder() {
	if (directory_)
		remove_tree(path_);
}

bool cgroup_folder::make() {
	if (::mkdir(path_.c_str(), 0755) != 0)
		return false;
	directory_ = owned_fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return directory_ && ::flock(directory_.get(), LOCK_EX | LOCK_NB) == 0;
}

void cgroup_folder::start_guardian() {
	int ends[2];
	if (::pipe2(ends, O_CLOEXEC) != 0)
		return;
	const owned_fd read_end(ends[0]);
	guardian_ = owned_fd(ends[1]);
	// Forked twice: whoever kills the test with all its children must not find the guardian.
	const int child = ::fork();
	if (child == 0) {
		if (::fork() == 0)
			guard(read_end.get(), path_);
		::_exit(0);
	}
	if (child > 0)
		::waitpid(child, nullptr, 0);
}

} // namespace kernel_diff
