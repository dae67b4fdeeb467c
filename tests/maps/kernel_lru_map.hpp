// SPDX-License-Identifier: MIT
// An LRU_HASH of the machine's kernel, looked up by a program too.
#pragma once

#include "kernel_map.hpp"
#include "lru_invariants.hpp"

namespace maps_diff {

/// Calls that change something should come from one CPU: each has elements of its own with
/// BPF_F_NO_COMMON_LRU.
class kernel_lru_map final : public lru_map {
  public:
	kernel_lru_map(u32 max_entries, u32 flags);
	/// 0 or -errno, of the map and its program.
	long error() const noexcept { return map_.error() ? map_.error() : prog_ < 0 ? prog_ : 0; }

	long update(u32 key, u64 value, u64 flags) override { return map_.update(&key, &value, flags); }
	long lookup(u32 key, u64& value) override { return map_.lookup(&key, &value, 0); }
	long erase(u32 key) override { return map_.erase(&key); }
	long next_key(const u32* key, u32& next) override { return map_.next_key(key, &next); }
	void look_up_in_program(std::span<const u32> keys) override;
	u32 most() const override { return most_; }
	bool is_exact() const override { return false; }

  private:
	kernel_map map_;
	u32 most_;
	long prog_;
	kernel_diff::owned_fd owned_prog_;
};

} // namespace maps_diff
