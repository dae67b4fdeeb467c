// SPDX-License-Identifier: MIT
// struct bpf_spin_lock: four bytes in a value, which bpf_spin_lock() takes, and updates and lookups with
// BPF_F_LOCK. Its holder neither calls anything nor waits.
#pragma once

#include <atomic>

#include <sched.h>

#include <sockops/kern/types.hpp>

namespace sockops {

/// Takes it if nobody has it.
[[nodiscard]] inline bool bpf_spin_trylock(void* lock) noexcept {
	// M: acquire, pairs with bpf_spin_unlock()
	return std::atomic_ref<u32>(*static_cast<u32*>(lock)).exchange(1, std::memory_order_acquire) == 0;
}
/// Waits until it has the lock. `lock`: aligned to 4 bytes, 0 while nobody has it.
inline void bpf_spin_lock(void* lock) noexcept {
	const std::atomic_ref<u32> word(*static_cast<u32*>(lock));
	while (!bpf_spin_trylock(lock))
		// A thread is not a CPU: the holder may have been switched out.
		while (word.load(std::memory_order_relaxed) != 0)
			::sched_yield();
}
inline void bpf_spin_unlock(void* lock) noexcept {
	// M: release, pairs with bpf_spin_lock()
	std::atomic_ref<u32>(*static_cast<u32*>(lock)).store(0, std::memory_order_release);
}

} // namespace sockops
