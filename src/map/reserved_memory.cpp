// SPDX-License-Identifier: MIT
// Memory by mmap(2), committed by the system as it is written to.

#include <limits>

#include <sys/mman.h>
#include <unistd.h>

#include "reserved_memory.hpp"

namespace sockops::detail {

namespace {

std::byte* map_pages(u64 bytes, int flags, int fd) noexcept {
	if (bytes > std::numeric_limits<std::size_t>::max())
		return nullptr;
	void* const begin = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags | MAP_NORESERVE, fd, 0);
	return begin == MAP_FAILED ? nullptr : static_cast<std::byte*>(begin);
}

} // namespace

reserved_memory::reserved_memory(u64 bytes) noexcept
	: begin_(map_pages(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1)), bytes_(bytes) {}

reserved_memory::reserved_memory(u64 bytes, int memfd) noexcept
	: begin_(memfd < 0 ? nullptr : map_pages(bytes, MAP_SHARED, memfd)), bytes_(bytes) {}

reserved_memory::~reserved_memory() {
	if (begin_)
		::munmap(begin_, bytes_);
}

int make_memfd(const char* name, u64 bytes) noexcept {
	const int fd = ::memfd_create(name, MFD_CLOEXEC);
	if (fd >= 0 && ::ftruncate(fd, static_cast<off_t>(bytes)) == 0)
		return fd;
	if (fd >= 0)
		::close(fd);
	return -1;
}

} // namespace sockops::detail
