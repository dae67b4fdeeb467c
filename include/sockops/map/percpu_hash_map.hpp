// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_PERCPU_HASH: a value for each key and CPU. Updates of a key that is there write to its values
// in place; a program's to its own CPU's, and a new key's are 0 on the others.
#pragma once

#include <sockops/map/keyed_map.hpp>
#include <sockops/map/percpu_values.hpp>

namespace sockops {

struct percpu_hash_map final : keyed_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit percpu_hash_map(const bpf_map_attr& with);
	/// Was there memory?
	bool valid() const noexcept { return table_.valid() && values_.valid(); }

	void* lookup_elem(const void* key) noexcept override {
		const u32 found = table_.find(key, table_.hash(key));
		return found ? values_.mine(found) : nullptr;
	}
	void* lookup_percpu_elem(const void* key, u32 cpu) noexcept override;
	/// As of a HASH; BPF_F_LOCK is not known.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;

	u32 sys_value_size() const noexcept override { return percpu_values::all_bytes(attr.value_size); }
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;

	bpf_map_area area() const noexcept override { return values_.area(); }

  private:
	void* value_of(u32 slot) noexcept override { return values_.mine(slot); }
	u32 slot_of(const void* value) const noexcept override { return values_.slot_of(value); }
	void copy_out(u32 slot, void* value, u64 flags) noexcept override;
	/// Whose value is given.
	enum class cpus { mine, all };
	int update(const void* key, const void* value, u64 flags, cpus which) noexcept;

	percpu_values values_; ///< by the table's slots, which begin with 1
};

} // namespace sockops
