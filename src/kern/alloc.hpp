// SPDX-License-Identifier: MIT
// The allocations of attach and mkdir, which tests can make fail.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

#include <sockops/kern/types.hpp>

namespace sockops::detail {

/// False if this allocation is to fail; counts it.
[[nodiscard]] bool allocation_allowed() noexcept;
/// How many were asked for.
[[nodiscard]] u64 allocations_so_far() noexcept;

/// new (std::nothrow), or nullptr by order of a test.
template <class T, class... Args>
[[nodiscard]] T* make(Args&&... args) noexcept {
	return allocation_allowed() ? new (std::nothrow) T(std::forward<Args>(args)...) : nullptr;
}

} // namespace sockops::detail
