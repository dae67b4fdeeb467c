// SPDX-License-Identifier: MIT
// READ_ONCE and WRITE_ONCE: one untorn access, in no particular order with others.
#pragma once

#include <atomic>

namespace sockops {

/// READ_ONCE(x): a relaxed load that the compiler neither splits, repeats nor invents.
template <class T>
[[nodiscard]] inline T read_once(const T& x) noexcept {
	return std::atomic_ref<T>(const_cast<T&>(x)).load(std::memory_order_relaxed);
}

/// WRITE_ONCE(x, value): the store to match.
template <class T>
inline void write_once(T& x, T value) noexcept {
	std::atomic_ref<T>(x).store(value, std::memory_order_relaxed);
}

} // namespace sockops
