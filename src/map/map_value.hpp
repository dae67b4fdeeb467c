// SPDX-License-Identifier: MIT
// What a map does with one whole value, which may hold a struct bpf_spin_lock: the lock's bytes are never
// copied in (they are the map's), and come out as 0.
#pragma once

#include "value_words.hpp"

namespace sockops::detail {

class map_value {
  public:
	/// `lock_at`: where the lock is in a value, or -1. Both in bytes; the lock is aligned to 4.
	map_value(u32 size, s32 lock_at) noexcept : size_(size), lock_at_(lock_at) {}

	bool has_lock() const noexcept { return lock_at_ >= 0; }
	/// In a map that has no lock, an update with BPF_F_LOCK is -EINVAL, and so is a lookup.
	bool takes(u64 flags) const noexcept;

	/// Into a value that is new: its lock is free.
	void init(std::byte* to, const void* from) const noexcept;
	/// Into one that is there; `locked`: holding its lock.
	void assign(std::byte* to, const void* from, bool locked) const noexcept;
	void read(std::byte* from, void* to, bool locked) const noexcept;

  private:
	void copy_around_lock(std::byte* to, const std::byte* from) const noexcept;

	u32 size_;
	s32 lock_at_;
};

} // namespace sockops::detail
