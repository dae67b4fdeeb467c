// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_PERCPU_HASH: a value for each key and CPU. Updates of a key that is there write to its values
// in place; a program's to its own CPU's, and a new key's are 0 on the others.
#include "hash_steps.hpp"
#include "keyed_map.hpp"
#include "map_type.hpp"
#include "percpu_values.hpp"

namespace sockops {

namespace {

struct percpu_hash_map final : detail::keyed_map {
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

	u32 sys_value_size() const noexcept override { return detail::percpu_values::all_bytes(attr.value_size); }
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;

	bpf_map_area area() const noexcept override { return values_.area(); }

  private:
	void* value_of(u32 slot) noexcept override { return values_.mine(slot); }
	u32 slot_of(const void* value) const noexcept override { return values_.slot_of(value); }
	void copy_out(u32 slot, void* value, u64 flags) noexcept override;
	/// Whose value is given.
	enum class cpus { mine, all };
	int update(const void* key, const void* value, u64 flags, cpus which) noexcept;

	detail::percpu_values values_; ///< by the table's slots, which begin with 1
};

percpu_hash_map::percpu_hash_map(const bpf_map_attr& with)
	: keyed_map(with, 0, with.max_entries), values_(with.max_entries + 1, with.value_size) {}

void* percpu_hash_map::lookup_percpu_elem(const void* key, u32 cpu) noexcept {
	const u32 found = cpu < num_possible_cpus ? table_.find(key, table_.hash(key)) : 0;
	return found ? values_.value(found, cpu) : nullptr;
}

int percpu_hash_map::update(const void* key, const void* value, u64 flags, cpus which) noexcept {
	if (detail::unknown_way(flags, false))
		return -EINVAL;
	tell_observers(key);
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (const int error = detail::refuse_hash_update(old != 0, flags))
		return error;
	if (!old && count_ == attr.max_entries)
		return -E2BIG;
	const u32 at = old ? old : table_.take();
	if (which == cpus::all)
		values_.assign_all(at, value);
	else if (old)
		values_.assign_mine(at, value);
	else
		values_.init(at, value);
	if (!old) {
		table_.insert(at, key, hash);
		++count_;
	}
	return 0;
}

int percpu_hash_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	return update(key, value, flags, cpus::mine);
}

int percpu_hash_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : update(key, value, flags, cpus::all);
}

void percpu_hash_map::copy_out(u32 slot, void* value, u64) noexcept { values_.read_all(slot, value); }

void check_percpu_hash(detail::attribute_check& check) { detail::keyed_map::check(check, {.percpu = true}); }

} // namespace

const detail::map_type detail::percpu_hash_type{check_percpu_hash, make_map<percpu_hash_map>};

} // namespace sockops
