// SPDX-License-Identifier: MIT
// Values with a lock are copied 4 bytes at a time: nothing else may store to the lock's own.

#include <sockops/map/map_flags.hpp>

#include "map_value.hpp"
#include "spin_lock.hpp"

namespace sockops::detail {

namespace {

constexpr u32 half = sizeof(u32);

void store_half(std::byte* to, const std::byte* from, u32 bytes) noexcept {
	u32 part = 0;
	std::memcpy(&part, from, bytes);
	std::atomic_ref<u32>(*reinterpret_cast<u32*>(to)).store(part, std::memory_order_relaxed);
}

} // namespace

bool map_value::takes(u64 flags) const noexcept { return !(flags & BPF_F_LOCK) || has_lock(); }

void map_value::copy_around_lock(std::byte* to, const std::byte* from) const noexcept {
	for (u32 at = 0; at < size_; at += half)
		if (at != static_cast<u32>(lock_at_))
			store_half(to + at, from + at, size_ - at < half ? size_ - at : half);
}

void map_value::init(std::byte* to, const void* from) const noexcept {
	if (!has_lock())
		return detail::store_words(to, from, size_);
	detail::zero_words(to, detail::padded(size_));
	copy_around_lock(to, static_cast<const std::byte*>(from));
}

void map_value::assign(std::byte* to, const void* from, bool locked) const noexcept {
	if (!has_lock())
		return detail::store_words(to, from, size_);
	if (locked)
		bpf_spin_lock(to + lock_at_);
	copy_around_lock(to, static_cast<const std::byte*>(from));
	if (locked)
		bpf_spin_unlock(to + lock_at_);
}

void map_value::read(std::byte* from, void* to, bool locked) const noexcept {
	if (locked)
		bpf_spin_lock(from + lock_at_);
	detail::load_words(to, from, size_);
	if (locked)
		bpf_spin_unlock(from + lock_at_);
	if (has_lock())
		std::memset(static_cast<std::byte*>(to) + lock_at_, 0, half);
}

} // namespace sockops::detail
