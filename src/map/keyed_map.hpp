// SPDX-License-Identifier: MIT
// What HASH, LRU_HASH and PERCPU_HASH have in common: a table of keys, its writers' lock, and all that does
// not depend on where the values are and how they come and go.
#pragma once

#include <mutex>

#include "attribute_check.hpp"
#include "hash_table.hpp"

namespace sockops::detail {

class keyed_map : public bpf_map {
  public:
	/// What makes a difference to the attributes.
	struct kind {
		bool lru = false, percpu = false;
	};
	static void check(detail::attribute_check& check, kind of);

	/// -ENOENT.
	int delete_elem(const void* key) noexcept final;
	int for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept final;
	s64 sum_elem_count() noexcept final;

	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept final;
	int sys_lookup_and_delete_elem(const void* key, void* value, u64 flags) noexcept final;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	int sys_delete_elem(const void* key) noexcept final;
	/// After a key that is not there (any more): the first.
	int get_next_key(const void* key, void* next) noexcept final;

  protected:
	/// `value_size`: bytes of a value beside its key, 0: none there. `slots`: elements at a time.
	keyed_map(const bpf_map_attr& with, u32 value_size, u32 slots)
		: bpf_map(with), table_(with.key_size, value_size, with.max_entries, slots) {}

	const void* key_of_value(const void* value, u32&) const noexcept final {
		return table_.key(slot_of(value));
	}
	virtual u32 slot_of(const void* value) const noexcept { return table_.of_value(value); }
	/// The value of a slot that programs on this CPU see.
	virtual void* value_of(u32 slot) noexcept { return table_.value(slot); }
	/// Copies a value out for user space; under the lock.
	virtual void copy_out(u32 slot, void* value, u64 flags) noexcept = 0;
	/// Takes an element out; under the lock.
	virtual void drop(u32 slot) noexcept {
		table_.remove(slot);
		table_.give_back(slot);
		--count_;
	}

	std::mutex lock_;
	u32 count_ = 0; ///< elements; under the lock, as the table's writers
	detail::hash_table table_;
};

} // namespace sockops::detail
