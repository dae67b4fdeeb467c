// SPDX-License-Identifier: MIT
#include "locked_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../object_failure.hpp"

namespace sockops::object {

namespace {

bool write_all(int fd, std::string_view text) noexcept {
	while (!text.empty()) {
		const ssize_t written = ::write(fd, text.data(), text.size());
		if (written >= 0)
			text.remove_prefix(static_cast<std::size_t>(written));
		else if (errno != EINTR)
			return false;
	}
	return true;
}

bool lock(int fd) noexcept {
	int result = 0;
	do
		result = ::flock(fd, LOCK_EX);
	while (result != 0 && errno == EINTR);
	return result == 0;
}

/// What a symbolic link leads to.
std::string real_path(const std::string& path) {
	char* const real = ::realpath(path.c_str(), nullptr);
	std::string found = real ? real : path;
	std::free(real);
	return found;
}

} // namespace

locked_file::locked_file(const std::string& path) : path_(real_path(path)) {
	while (!open()) {
	}
	if (is_regular_)
		read();
}

locked_file::~locked_file() {
	if (fd_ >= 0)
		::close(fd_);
}

void locked_file::fail(const char* what) {
	const int error = errno;
	if (fd_ >= 0)
		::close(fd_);
	fd_ = -1;
	std::string message = path_ + ": it cannot be " + what + ": " + std::strerror(error);
	if (error == ENOENT)
		message.append("; its folder has to be made before");
	fail_object(error, message);
}

/// The one who had it before has put another file in its place: false, and the lock was that of the old one.
bool locked_file::open() {
	fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd_ < 0)
		fail("opened for writing");
	struct stat mine {
	}, there{};
	if (!lock(fd_) || ::fstat(fd_, &mine) != 0)
		fail("locked");
	is_regular_ = S_ISREG(mine.st_mode);
	mode_ = mine.st_mode & 0777;
	if (::stat(path_.c_str(), &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
		return true;
	::close(fd_);
	fd_ = -1;
	return false;
}

void locked_file::read() {
	char part[1 << 16];
	ssize_t size = 0;
	while ((size = ::read(fd_, part, sizeof part)) > 0 || (size < 0 && errno == EINTR))
		text_.append(part, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
	if (size < 0)
		fail("read");
}

void locked_file::replace(const std::string& text) {
	if (!is_regular_) { // /dev/stdout, /dev/full
		if (!write_all(fd_, text))
			fail("written");
		return;
	}
	std::string beside = path_ + ".XXXXXX"; // by a name that nobody has
	const int made = ::mkostemp(beside.data(), O_CLOEXEC);
	const bool is_written = made >= 0 && ::fchmod(made, mode_) == 0 && write_all(made, text);
	const int error = errno;
	const bool is_closed = made >= 0 && ::close(made) == 0;
	if (is_written && is_closed && ::rename(beside.c_str(), path_.c_str()) == 0)
		return;
	const int why = is_written ? errno : error;
	if (made >= 0)
		::unlink(beside.c_str());
	errno = why;
	fail("written");
}

} // namespace sockops::object
