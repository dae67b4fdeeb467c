// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_HASH: values by a key of any bytes. An update makes a new value in the place of the old one:
// who looked it up before keeps the old, which is used again at once, as the kernel's. With BPF_F_NO_PREALLOC
// or without, memory is committed as elements come, and kept until the map goes.
#pragma once

#include <sockops/map/keyed_map.hpp>
#include <sockops/map/map_value.hpp>

namespace sockops {

struct hash_map final : keyed_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit hash_map(const bpf_map_attr& with);
	/// Was there memory?
	bool valid() const noexcept { return table_.valid(); }

	void* lookup_elem(const void* key) noexcept override {
		const u32 found = table_.find(key, table_.hash(key));
		return found ? table_.value(found) : nullptr;
	}
	/// In this order: -EINVAL for flags; -EEXIST with NOEXIST, -ENOENT with EXIST; -E2BIG for a further key
	/// of a full map. BPF_F_LOCK: a value that is there is written to in place, holding its lock.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;

	bpf_map_area area() const noexcept override { return table_.area(attr.value_size); }

  private:
	void copy_out(u32 slot, void* value, u64 flags) noexcept override;

	map_value value_;
};

} // namespace sockops
