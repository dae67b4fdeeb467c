// SPDX-License-Identifier: MIT
// The two steps on which it hangs that a grace period misses no reader. A template, so that a build of the
// tests can specialize it; what ships has this one.
#pragma once

#include <cstddef>

#include <sys/syscall.h>
#include <unistd.h>

namespace sockops::detail {

template <class = void>
struct grace_period_rules {
	/// membarrier(2). False: errno says why.
	static bool membarrier(int command) noexcept { return syscall(SYS_membarrier, command, 0, 0) == 0; }
	/// Threads that were inside a section when it began, and still are, hold it back.
	static bool is_over(std::size_t holders) noexcept { return holders == 0; }
};

} // namespace sockops::detail
