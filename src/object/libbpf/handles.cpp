// SPDX-License-Identifier: MIT
// Descriptors that stand for objects.
#include "handles.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sockops::object {
namespace {

int duplicate(int fd) noexcept { return ::fcntl(fd, F_DUPFD_CLOEXEC, 0); }

/// The memory of a map that has some, else a new memfd: a descriptor that the table keeps.
int kept_descriptor(const handled_object& object) noexcept {
	const auto* const map = std::get_if<bpf_map_ptr>(&object);
	const int memory = map ? map->get()->memory_fd() : -1;
	return memory >= 0 ? duplicate(memory) : handle_table::open_nothing();
}

} // namespace

handle_table::~handle_table() {
	for (const auto& [id, each] : entries_)
		::close(each.kept);
}

int handle_table::open_nothing() noexcept {
	const int fd = ::memfd_create("sockops", MFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int handle_table::open(handled_object object) {
	const int kept = kept_descriptor(object);
	if (kept < 0)
		return kept == -1 ? -errno : kept;
	const int theirs = duplicate(kept);
	inode id;
	if (theirs < 0 || !inode_of(kept, id)) {
		const int error = errno;
		::close(kept);
		return -error;
	}
	if (!entries_.try_emplace(id, entry{std::move(object), kept}).second)
		::close(kept); // the memory of a map that is in the table already
	return theirs;
}

bool handle_table::inode_of(int fd, inode& id) noexcept {
	struct stat about {};
	if (::fstat(fd, &about) != 0)
		return false;
	id = {about.st_dev, about.st_ino};
	return true;
}

const handled_object* handle_table::find_object(int fd) const noexcept {
	inode id;
	if (!inode_of(fd, id))
		return nullptr;
	const auto found = entries_.find(id);
	return found == entries_.end() ? nullptr : &found->second.object;
}

} // namespace sockops::object
