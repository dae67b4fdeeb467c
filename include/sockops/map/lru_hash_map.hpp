// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_LRU_HASH: a HASH that is never full: a further key evicts another. The oldest goes that no
// program has looked up since it was entered, or was last spared; a lookup from user space does not count.
//
// The kernel evicts by the same two lists for all CPUs, but in batches, and keeps free elements for each CPU,
// so that a map evicts before it has max_entries elements. Here it has them all. With BPF_F_NO_COMMON_LRU
// each CPU evicts for itself there; here this changes nothing.
#pragma once

#include <sockops/map/keyed_map.hpp>
#include <sockops/map/reserved_memory.hpp>

namespace sockops {

namespace detail {

/// Slots from the youngest to the oldest.
class age_list {
  public:
	explicit age_list(u32 slots) noexcept : memory_((u64{slots} + 1) * sizeof(neighbours)) {}
	bool valid() const noexcept { return memory_.valid(); }

	u32 oldest() const noexcept { return at(0).younger; }
	void push_youngest(u32 slot) noexcept;
	void remove(u32 slot) noexcept;

  private:
	/// Those of slot 0, which does not exist, are the ends: the list is a ring.
	struct neighbours {
		u32 older, younger;
	};
	neighbours& at(u32 slot) const noexcept { return reinterpret_cast<neighbours*>(memory_.begin())[slot]; }

	reserved_memory memory_;
};

} // namespace detail

struct lru_hash_map final : keyed_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit lru_hash_map(const bpf_map_attr& with);
	/// Was there memory?
	bool valid() const noexcept { return table_.valid() && ages_.valid(); }

	void* lookup_elem(const void* key) noexcept override {
		const u32 found = table_.find(key, table_.hash(key));
		if (!found)
			return nullptr;
		table_.touch(found);
		return table_.value(found);
	}
	/// As of a HASH, but never -E2BIG; BPF_F_LOCK is not known.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;

	bpf_map_area area() const noexcept override { return table_.area(attr.value_size); }

  private:
	void evict() noexcept;
	void drop(u32 slot) noexcept override;
	void copy_out(u32 slot, void* value, u64 flags) noexcept override;

	detail::age_list ages_;
};

} // namespace sockops
