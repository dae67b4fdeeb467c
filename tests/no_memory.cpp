// SPDX-License-Identifier: MIT
#include "no_memory.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <new>

#include <sys/mman.h>

namespace {

std::atomic<int> left{-1};
std::atomic<unsigned long> asked_for{0};

bool is_allowed() noexcept {
	asked_for.fetch_add(1, std::memory_order_relaxed);
	int now = left.load(std::memory_order_relaxed);
	while (now > 0)
		if (left.compare_exchange_weak(now, now - 1, std::memory_order_relaxed))
			return true;
	return now < 0;
}

template <class Allocate>
void* allocate(Allocate by) noexcept {
	if (!is_allowed())
		return nullptr;
	try {
		return by();
	} catch (const std::bad_alloc&) {
		return nullptr;
	}
}

} // namespace

void fail_allocations_after(int after) noexcept { left.store(after, std::memory_order_relaxed); }
unsigned long allocations_so_far() noexcept { return asked_for.load(std::memory_order_relaxed); }

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
	return allocate([=] { return ::operator new(size); });
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
	return allocate([=] { return ::operator new[](size); });
}
void* operator new(std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
	return allocate([=] { return ::operator new(size, align); });
}
void* operator new[](std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
	return allocate([=] { return ::operator new[](size, align); });
}

// By the linker's --wrap=mmap, which those who link this are given: an mmap() of the library's comes here.
extern "C" {
void* __real_mmap(void*, std::size_t, int, int, int, off_t);                        // NOLINT
void* __wrap_mmap(void* at, std::size_t n, int prot, int flags, int fd, off_t from) // NOLINT
{
	if (is_allowed())
		return __real_mmap(at, n, prot, flags, fd, from);
	errno = ENOMEM;
	return MAP_FAILED;
}
}
