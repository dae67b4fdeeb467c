// SPDX-License-Identifier: MIT
// Allocation where a caller can be told that there is no memory.
#pragma once

#include <new>
#include <utility>

namespace sockops::detail {

/// nullptr if there is no memory.
template <class T, class... Args>
[[nodiscard]] T* make(Args&&... args) noexcept {
	return new (std::nothrow) T(std::forward<Args>(args)...);
}

} // namespace sockops::detail
