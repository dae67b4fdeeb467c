// SPDX-License-Identifier: MIT
// BPF_MAP_* of a session.
#include <cerrno>
#include <cstring>

#include <sockops/map/prog_array.hpp>

#include "../btf/btf_types.hpp"
#include "bpf_session.hpp"
#include "map_release.hpp"
#include "map_types.hpp"

namespace sockops::object {

namespace {

bool is_spin_lock(const ::btf& types, u32 type) {
	return type_in_words(types, without_modifiers(types, type)) == "struct bpf_spin_lock";
}

s32 spin_lock_in_struct(const ::btf& types, u32 type) {
	for (const found_member& each : members_of(types, type))
		if (is_spin_lock(types, each.type))
			return static_cast<s32>(each.bit_offset / 8);
	return -1;
}

/// In a struct, or among the global variables of a section.
s32 spin_lock_in(const ::btf& types, u32 type) {
	for (const section_variable& each : variables_of(types, type)) {
		const s32 within = is_spin_lock(types, each.type) ? 0 : spin_lock_in_struct(types, each.type);
		if (within >= 0)
			return static_cast<s32>(each.offset) + within;
	}
	return spin_lock_in_struct(types, type);
}

} // namespace

/// Where the value's struct bpf_spin_lock is; -1: it has none, or the map came without types.
s32 bpf_session::spin_lock_offset(const ::bpf_attr& attr) const {
	const auto* const types = handles_.find<btf_ptr>(static_cast<int>(attr.btf_fd));
	if (attr.btf_value_type_id == 0 || !types)
		return -1;
	return spin_lock_in(**types, attr.btf_value_type_id);
}

long bpf_session::map_create(const ::bpf_attr& attr) {
	bpf_map_attr with;
	with.map_type = static_cast<bpf_map_type>(attr.map_type);
	with.key_size = attr.key_size;
	with.value_size = attr.value_size;
	with.max_entries = attr.max_entries;
	with.map_flags = attr.map_flags;
	with.map_extra = attr.map_extra;
	with.map_name.assign(attr.map_name, ::strnlen(attr.map_name, sizeof attr.map_name));
	with.spin_lock_off = spin_lock_offset(attr);
	if (const std::string young = too_young(with, kernel_); !young.empty())
		return fail(EINVAL, "map '" + with.map_name + "': " + young);
	bpf_map_ptr made;
	std::string why;
	const auto* const types = handles_.find<btf_ptr>(static_cast<int>(attr.btf_fd));
	int result = bpf_map_create(with, made, why);
	if (result == 0)
		result = check_map_types(*made.get(), types ? types->get() : nullptr, attr.btf_key_type_id,
								 attr.btf_value_type_id, why);
	if (result != 0)
		return fail(-result, "map '" + with.map_name + "': " + why);
	return handles_.open(std::move(made));
}

long bpf_session::map_freeze(const ::bpf_attr& attr) {
	const auto* const map = handles_.find<bpf_map_ptr>(static_cast<int>(attr.map_fd));
	if (!map)
		return fail(EBADF, "BPF_MAP_FREEZE: descriptor " + std::to_string(attr.map_fd) + " is no map's");
	const int result = map->get()->freeze();
	return result == 0 ? 0 : fail(-result, "map '" + map->get()->attr.map_name + "' cannot be frozen");
}

long bpf_session::update(bpf_map& map, const ::bpf_attr& attr) {
	const void* const key = reinterpret_cast<const void*>(attr.key);
	const void* const value = reinterpret_cast<const void*>(attr.value);
	if (map.holds() != map_holds::programs)
		return map.sys_update_elem(key, value, attr.flags);
	u32 index, fd;
	std::memcpy(&index, key, sizeof index);
	std::memcpy(&fd, value, sizeof fd);
	const auto* const prog = handles_.find<bpf_prog_ptr>(static_cast<int>(fd));
	if (!prog)
		return judges_only_ ? 0
							: fail(EBADF, "map '" + map.attr.map_name + "': descriptor " +
											  std::to_string(fd) + " is no program's");
	return static_cast<prog_array_map&>(map).set(index, *prog);
}

long bpf_session::map_element(int command, const ::bpf_attr& attr) {
	const auto* const found = handles_.find<bpf_map_ptr>(static_cast<int>(attr.map_fd));
	if (!found)
		return fail(EBADF, "descriptor " + std::to_string(attr.map_fd) + " is no map's");
	bpf_map& map = *found->get();
	long result = 0;
	if (command == BPF_MAP_UPDATE_ELEM)
		result = update(map, attr);
	else if (command == BPF_MAP_DELETE_ELEM)
		result = map.sys_delete_elem(reinterpret_cast<const void*>(attr.key));
	else
		result = map.sys_lookup_elem(reinterpret_cast<const void*>(attr.key),
									 reinterpret_cast<void*>(attr.value), attr.flags);
	if (result < 0 && reason_.empty())
		reason_ = "map '" + map.attr.map_name + "': " + std::strerror(static_cast<int>(-result));
	return result;
}

} // namespace sockops::object
