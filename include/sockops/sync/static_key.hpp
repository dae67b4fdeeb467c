// SPDX-License-Identifier: MIT
// A static key: a counter that hot code asks whether anybody wants it to do something.
//
// The kernel patches a jump; here the question is one relaxed load and a test. A thread that is
// told of an attach (by any synchronisation) sees the key too; one that is not may miss the first
// dispatches after it, as if they had run before.
//
// Context: any thread, in signal handlers too; never waits.
#pragma once

#include <atomic>

#include <sockops/kern/types.hpp>

namespace sockops {

struct static_key {
	std::atomic<u32> enabled{0};
};

/// static_branch_unlikely(): is the count above 0?
[[nodiscard, gnu::always_inline]] inline bool static_branch_unlikely(const static_key& key) noexcept {
	return key.enabled.load(std::memory_order_relaxed) != 0;
}
/// The count: how many want it.
[[nodiscard]] inline u32 static_key_count(const static_key& key) noexcept {
	return key.enabled.load(std::memory_order_relaxed);
}
/// One more wants it; one less, which must have wanted it.
inline void static_branch_inc(static_key& key) noexcept {
	key.enabled.fetch_add(1, std::memory_order_relaxed);
}
inline void static_branch_dec(static_key& key) noexcept {
	key.enabled.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace sockops
