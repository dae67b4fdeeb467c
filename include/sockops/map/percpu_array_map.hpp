// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_PERCPU_ARRAY: a value for each index and CPU, all 0 to begin with. None can be deleted.
#pragma once

#include <sockops/map/percpu_values.hpp>

namespace sockops {

struct percpu_array_map final : bpf_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit percpu_array_map(const bpf_map_attr& with);
	/// Was there memory?
	bool valid() const noexcept { return values_.valid(); }

	void* lookup_elem(const void* key) noexcept override {
		u32 index;
		std::memcpy(&index, key, sizeof index);
		return index < attr.max_entries ? values_.mine(index) : nullptr;
	}
	void* lookup_percpu_elem(const void* key, u32 cpu) noexcept override;
	/// As of an ARRAY; BPF_F_LOCK is not known.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;
	/// -EINVAL.
	int delete_elem(const void* key) noexcept override;
	int for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept override;

	u32 sys_value_size() const noexcept override { return percpu_values::all_bytes(attr.value_size); }
	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	int sys_delete_elem(const void* key) noexcept override;
	int get_next_key(const void* key, void* next) noexcept override;

	bpf_map_area area() const noexcept override { return values_.area(); }

  protected:
	const void* key_of_value(const void* value, u32& index) const noexcept override {
		index = values_.slot_of(value);
		return &index;
	}

  private:
	percpu_values values_;
};

} // namespace sockops
