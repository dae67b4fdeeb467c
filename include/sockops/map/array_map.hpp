// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_ARRAY: a value for each index, all 0 to begin with. None can be deleted.
#pragma once

#include <cstring>

#include <sockops/map/bpf_map.hpp>
#include <sockops/map/map_value.hpp>
#include <sockops/map/reserved_memory.hpp>

namespace sockops {

struct array_map final : bpf_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit array_map(const bpf_map_attr& with);
	~array_map() override;
	/// Was there memory?
	bool valid() const noexcept { return memory_.valid(); }

	/// nullptr beyond max_entries.
	std::byte* at(u32 index) const noexcept {
		return index < attr.max_entries ? values_ + index * stride_ : nullptr;
	}

	void* lookup_elem(const void* key) noexcept override {
		u32 index;
		std::memcpy(&index, key, sizeof index);
		return at(index);
	}
	/// -EINVAL for flags, -E2BIG beyond max_entries, -EEXIST with NOEXIST: all are there; in this order.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;
	/// -EINVAL.
	int delete_elem(const void* key) noexcept override;
	int for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept override;

	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	int sys_delete_elem(const void* key) noexcept override;
	int get_next_key(const void* key, void* next) noexcept override;

	bpf_map_area area() const noexcept override;
	int memory_fd() const noexcept override { return memory_fd_; }

  protected:
	const void* key_of_value(const void* value, u32& index) const noexcept override {
		index = static_cast<u32>(static_cast<std::size_t>(static_cast<const std::byte*>(value) - values_) /
								 stride_);
		return &index;
	}

  private:
	map_value value_;
	std::size_t stride_;
	int memory_fd_ = -1;
	reserved_memory memory_;
	std::byte* values_;
};

} // namespace sockops
