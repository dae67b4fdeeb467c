// SPDX-License-Identifier: MIT
// Counting down to the allocation that a test wants to fail.

#include "alloc.hpp"

#include <atomic>

#include <sockops/testing/alloc_faults.hpp>

namespace sockops {

namespace {
std::atomic<int> allocations_left{-1};
std::atomic<u64> allocations{0};
} // namespace

u64 detail::allocations_so_far() noexcept { return allocations.load(std::memory_order_relaxed); }

bool detail::allocation_allowed() noexcept {
	// Not an atomic addition: the count is for tests that allocate on one thread.
	allocations.store(allocations.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
	int left = allocations_left.load(std::memory_order_relaxed);
	while (left > 0)
		if (allocations_left.compare_exchange_weak(left, left - 1, std::memory_order_relaxed))
			return true;
	return left < 0;
}

void testing::fail_allocations_after(int after) noexcept {
	allocations_left.store(after, std::memory_order_relaxed);
}

} // namespace sockops
