// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_PERCPU_ARRAY: a value for each index and CPU, all 0 to begin with. None can be deleted.
#include "array_index.hpp"
#include "map_type.hpp"
#include "percpu_values.hpp"

namespace sockops {

namespace {

struct percpu_array_map final : bpf_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit percpu_array_map(const bpf_map_attr& with);
	/// Was there memory?
	bool valid() const noexcept { return values_.valid(); }

	void* lookup_elem(const void* key) noexcept override {
		const u32 index = detail::index_of(key);
		return index < attr.max_entries ? values_.mine(index) : nullptr;
	}
	void* lookup_percpu_elem(const void* key, u32 cpu) noexcept override;
	/// As of an ARRAY; BPF_F_LOCK is not known.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;
	/// -EINVAL.
	int delete_elem(const void* key) noexcept override;
	int for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept override;

	u32 sys_value_size() const noexcept override { return detail::percpu_values::all_bytes(attr.value_size); }
	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	int sys_delete_elem(const void* key) noexcept override;
	int get_next_key(const void* key, void* next) noexcept override;

	map_btf btf() const noexcept override { return map_btf::index; }
	bpf_map_area area() const noexcept override { return values_.area(); }

  protected:
	const void* key_of_value(const void* value, u32& index) const noexcept override {
		index = values_.slot_of(value);
		return &index;
	}

  private:
	detail::percpu_values values_;
};

percpu_array_map::percpu_array_map(const bpf_map_attr& with)
	: bpf_map(with), values_(with.max_entries, with.value_size) {}

void* percpu_array_map::lookup_percpu_elem(const void* key, u32 cpu) noexcept {
	const u32 index = detail::index_of(key);
	return index < attr.max_entries && cpu < num_possible_cpus ? values_.value(index, cpu) : nullptr;
}

int percpu_array_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	const u32 index = detail::index_of(key);
	if (const int error = detail::refuse_array_update(index, attr.max_entries, flags, false))
		return error;
	tell_observers(key);
	values_.assign_mine(index, value);
	return 0;
}

int percpu_array_map::delete_elem(const void*) noexcept { return -EINVAL; }

int percpu_array_map::for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept {
	for (u32 index = 0; index != attr.max_entries; ++index) {
		u32 key = index;
		if (visit(&key, values_.mine(index), arg) != 0)
			return static_cast<int>(index + 1);
	}
	return static_cast<int>(attr.max_entries);
}

int percpu_array_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	const u32 index = detail::index_of(key);
	if (index >= attr.max_entries)
		return -ENOENT;
	values_.read_all(index, value);
	return 0;
}

int percpu_array_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (const int error = refuse_writing(flags))
		return error;
	const u32 index = detail::index_of(key);
	if (const int error = detail::refuse_array_update(index, attr.max_entries, flags, false))
		return error;
	tell_observers(key);
	values_.assign_all(index, value);
	return 0;
}

int percpu_array_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : delete_elem(key);
}

int percpu_array_map::get_next_key(const void* key, void* next) noexcept {
	const int error = refuse_reading();
	return error ? error : detail::next_index(key, next, attr.max_entries);
}

void check_percpu_array(detail::attribute_check& check) {
	check.has_entries()
		.key_is_index()
		.has_value()
		.flags_among(detail::one_way | detail::prog_one_way)
		.percpu_value_fits();
}

} // namespace

const detail::map_type detail::percpu_array_type{check_percpu_array, make_map<percpu_array_map>};

} // namespace sockops
