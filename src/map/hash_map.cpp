// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_HASH: values by a key of any bytes. An update makes a new value in the place of the old one:
// who looked it up before keeps the old, which is used again at once, as the kernel's. With BPF_F_NO_PREALLOC
// or without, memory is committed as elements come, and kept until the map goes.
#include "hash_steps.hpp"
#include "keyed_map.hpp"
#include "map_type.hpp"
#include "map_value.hpp"

namespace sockops {

namespace {

struct hash_map final : detail::keyed_map {
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

	detail::map_value value_;
};

/// One slot more than elements: the new value of a key stands beside the old one for a moment.
hash_map::hash_map(const bpf_map_attr& with)
	: keyed_map(with, with.value_size, with.max_entries + 1), value_(with.value_size, with.spin_lock_off) {}

int hash_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (detail::unknown_way(flags, true) || !value_.takes(flags))
		return -EINVAL;
	tell_observers(key);
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (const int error = detail::refuse_hash_update(old != 0, flags))
		return error;
	if (old && (flags & BPF_F_LOCK)) {
		value_.assign(table_.value(old), value, true);
		return 0;
	}
	if (!old && count_ == attr.max_entries)
		return -E2BIG;
	const u32 fresh = table_.take();
	value_.init(table_.value(fresh), value);
	if (old) {
		table_.replace(old, fresh, key, hash);
		table_.give_back(old);
	} else {
		table_.insert(fresh, key, hash);
		++count_;
	}
	return 0;
}

void hash_map::copy_out(u32 slot, void* value, u64 flags) noexcept {
	value_.read(table_.value(slot), value, flags & BPF_F_LOCK);
}

void check_hash(detail::attribute_check& check) { detail::keyed_map::check(check, {}); }

} // namespace

const detail::map_type detail::hash_type{check_hash, make_map<hash_map>, true};

} // namespace sockops
