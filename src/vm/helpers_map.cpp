// SPDX-License-Identifier: MIT
// Helpers about maps: look up, update, delete; and the lock that a value may have.

#include <sockops/map/spin_lock.hpp>

#include "helpers.hpp"

namespace sockops::vm {

namespace {

/// Types whose values programs hold pointers to.
bool has_values(u32 type) noexcept {
	switch (type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_LRU_HASH:
		return true;
	default:
		return false;
	}
}

bool is_sock_map(u32 type) noexcept { return type == BPF_MAP_TYPE_SOCKMAP || type == BPF_MAP_TYPE_SOCKHASH; }

/// The map, if the helper is one for its type and programs may use it so.
bpf_map* map_for(machine& m, u64 value, const char* helper, bool allowed_type(u32),
				 u32 forbidding_flag) noexcept {
	bpf_map* const map = m.map_of(value, helper);
	if (!map)
		return nullptr;
	const bpf_map_attr& attr = map->attr;
	if (!allowed_type(attr.map_type)) {
		m.fault(m.at, std::string(helper) + "(): a map of type " + bpf_map_type_name(attr.map_type) + " ('" +
						  attr.map_name + "') has no such operation for programs");
		return nullptr;
	}
	if (attr.map_flags & forbidding_flag) {
		m.fault(m.at, std::string(helper) + "(): map '" + attr.map_name + "' was made " +
						  (forbidding_flag == BPF_F_RDONLY_PROG ? "BPF_F_RDONLY_PROG" : "BPF_F_WRONLY_PROG"));
		return nullptr;
	}
	return map;
}

u64 found_value(machine& m, bpf_map& map, void* value) noexcept {
	if (value)
		m.remember(value, map);
	return reinterpret_cast<std::uintptr_t>(value);
}

u64 map_lookup_elem(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_map_lookup_elem";
	bpf_map* const map = map_for(m, r[1], me, has_values, BPF_F_WRONLY_PROG);
	const u8* const key = map ? m.readable(r[2], map->attr.key_size, me) : nullptr;
	return key ? found_value(m, *map, map->lookup_elem(key)) : 0;
}

u64 map_lookup_percpu_elem(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_map_lookup_percpu_elem";
	constexpr auto is_percpu = [](u32 type) {
		return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY;
	};
	bpf_map* const map = map_for(m, r[1], me, is_percpu, BPF_F_WRONLY_PROG);
	const u8* const key = map ? m.readable(r[2], map->attr.key_size, me) : nullptr;
	return key ? found_value(m, *map, map->lookup_percpu_elem(key, static_cast<u32>(r[3]))) : 0;
}

u64 map_update_elem(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_map_update_elem";
	bpf_map* const map = map_for(m, r[1], me, has_values, BPF_F_RDONLY_PROG);
	const u8* const key = map ? m.readable(r[2], map->attr.key_size, me) : nullptr;
	const u8* const value = key ? m.readable(r[3], map->attr.value_size, me) : nullptr;
	return value ? as_u64(map->update_elem(key, value, r[4])) : 0;
}

u64 map_delete_elem(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_map_delete_elem";
	constexpr auto can_delete = [](u32 type) { return has_values(type) || is_sock_map(type); };
	bpf_map* const map = map_for(m, r[1], me, can_delete, BPF_F_RDONLY_PROG);
	const u8* const key = map ? m.readable(r[2], map->attr.key_size, me) : nullptr;
	return key ? as_u64(map->delete_elem(key)) : 0;
}

/// The word of a struct bpf_spin_lock in a value of one of the program's maps.
u32* lock_word(machine& m, u64 address, const char* helper) noexcept {
	for (const bpf_map_ptr& each : m.prog->maps) {
		const bpf_map& map = *each.get();
		const bpf_map_area area = map.area();
		const u64 from = address - reinterpret_cast<std::uintptr_t>(area.base);
		if (map.attr.spin_lock_off >= 0 && area.count != 0 && from < area.stride * area.count &&
			from % area.stride == static_cast<u64>(map.attr.spin_lock_off))
			return reinterpret_cast<u32*>(static_cast<std::uintptr_t>(address));
	}
	m.fault(m.at, std::string(helper) + "(): " + describe_pointer(m, address) +
					  " is no bpf_spin_lock of a map's value");
	return nullptr;
}

/// Gives up where a kernel would hang: the holder is a program that this one interrupted.
u64 spin_lock(machine& m, const u64* r) noexcept {
	u32* const lock = lock_word(m, r[1], "bpf_spin_lock");
	if (!lock)
		return 0;
	constexpr unsigned patience = 1u << 20;
	for (unsigned turns = 0; turns != patience; ++turns) {
		if (bpf_spin_trylock(lock)) {
			m.held_lock = lock;
			return 0;
		}
		::sched_yield(); // a thread is not a CPU: the holder may have been switched out
	}
	m.fault(m.at, "bpf_spin_lock(): the lock is not released");
	return 0;
}

u64 spin_unlock(machine& m, const u64* r) noexcept {
	u32* const lock = lock_word(m, r[1], "bpf_spin_unlock");
	if (lock && lock == m.held_lock)
		m.release_lock();
	else if (lock)
		m.fault(m.at, "bpf_spin_unlock(): the program does not hold this lock");
	return 0;
}

constexpr helper_row rows[] = {
	{1, map_lookup_elem}, {2, map_update_elem}, {3, map_delete_elem},
	{93, spin_lock},      {94, spin_unlock},    {195, map_lookup_percpu_elem},
};

} // namespace

std::span<const helper_row> map_helpers() noexcept { return rows; }

} // namespace sockops::vm
