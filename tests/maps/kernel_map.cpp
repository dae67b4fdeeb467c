// SPDX-License-Identifier: MIT
#include "kernel_map.hpp"

#include <cstring>
#include <fstream>
#include <vector>

namespace maps_diff {

namespace {

namespace abi = kernel_diff::abi;
using kernel_diff::bpf_call;

constexpr auto map_get_next_key = static_cast<abi::command>(4);
constexpr auto map_lookup_and_delete = static_cast<abi::command>(21);
constexpr auto map_freeze = static_cast<abi::command>(22);

struct create_attr {
	u32 map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
	char map_name[16];
	u32 map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id, btf_vmlinux_value_type_id;
	u64 map_extra;
};
static_assert(sizeof(create_attr) == 72);

struct elem_attr {
	u32 map_fd, unused;
	u64 key, value, flags;
};
struct btf_attr {
	u64 btf, log_buf;
	u32 btf_size, log_size, log_level, unused;
};

u64 address(const void* memory) noexcept { return reinterpret_cast<std::uintptr_t>(memory); }

constexpr char names[] = "\0int\0bpf_spin_lock\0value\0m";
constexpr u32 name_int = 1, name_lock = 5, name_value = 19, name_member = 25;
constexpr u32 kind_int = 1u << 24, kind_struct = 4u << 24;
constexpr u32 type_int = 1, type_lock = 2, type_value = 3;

/// Types 1: int; 2: struct bpf_spin_lock; 3: a struct of ints, and the lock where it is to be.
std::vector<u32> types_of_value(u32 value_size, u32 lock_at) {
	const u32 members = value_size / 4;
	std::vector<u32> types = {
		name_int, kind_int, 4,          1u << 24 | 32,         name_lock, kind_struct | 1, 4, name_member,
		1,        0,        name_value, kind_struct | members, value_size};
	for (u32 at = 0; at != value_size; at += 4)
		types.insert(types.end(), {name_member, at == lock_at ? type_lock : type_int, at * 8});
	return types;
}

long load_btf(u32 value_size, u32 lock_at) {
	const std::vector<u32> types = types_of_value(value_size, lock_at);
	const u32 type_bytes = static_cast<u32>(types.size() * sizeof(u32));
	const u32 header[] = {0x0001'eb9f, 24, 0, type_bytes, type_bytes, sizeof names};
	std::vector<char> blob(sizeof header + type_bytes + sizeof names);
	std::memcpy(blob.data(), header, sizeof header);
	std::memcpy(blob.data() + sizeof header, types.data(), type_bytes);
	std::memcpy(blob.data() + sizeof header + type_bytes, names, sizeof names);
	btf_attr attr{};
	attr.btf = address(blob.data());
	attr.btf_size = static_cast<u32>(blob.size());
	return bpf_call(abi::btf_load, attr);
}

long create(const sockops::bpf_map_attr& with) {
	create_attr attr{};
	attr.map_type = with.map_type;
	attr.key_size = with.key_size;
	attr.value_size = with.value_size;
	attr.max_entries = with.max_entries;
	attr.map_flags = with.map_flags;
	attr.map_extra = with.map_extra;
	with.map_name.copy(attr.map_name, sizeof attr.map_name - 1);
	if (with.spin_lock_off < 0)
		return bpf_call(abi::map_create, attr);
	const long btf = load_btf(with.value_size, static_cast<u32>(with.spin_lock_off));
	if (btf < 0)
		return btf;
	const kernel_diff::owned_fd types(static_cast<int>(btf));
	attr.btf_fd = static_cast<u32>(btf);
	attr.btf_key_type_id = type_int;
	attr.btf_value_type_id = type_value;
	return bpf_call(abi::map_create, attr);
}

long elem_call(abi::command command, int fd, const void* key, const void* value, u64 flags) noexcept {
	elem_attr attr{static_cast<u32>(fd), 0, address(key), address(value), flags};
	return bpf_call(command, attr);
}

} // namespace

kernel_map::kernel_map(const sockops::bpf_map_attr& attr) : fd_(create(attr)) {
	if (fd_ >= 0)
		owned_ = kernel_diff::owned_fd(static_cast<int>(fd_));
}

long kernel_map::lookup(const void* key, void* value, u64 flags) const noexcept {
	return elem_call(abi::map_lookup, fd(), key, value, flags);
}
long kernel_map::take(const void* key, void* value, u64 flags) const noexcept {
	return elem_call(map_lookup_and_delete, fd(), key, value, flags);
}
long kernel_map::update(const void* key, const void* value, u64 flags) const noexcept {
	return elem_call(abi::map_update, fd(), key, value, flags);
}
long kernel_map::erase(const void* key) const noexcept {
	return elem_call(abi::map_delete, fd(), key, nullptr, 0);
}
long kernel_map::next_key(const void* key, void* next) const noexcept {
	return elem_call(map_get_next_key, fd(), key, next, 0);
}
long kernel_map::freeze() const noexcept {
	u32 attr = static_cast<u32>(fd());
	return bpf_call(map_freeze, attr);
}

u32 kernel_cpus() {
	std::ifstream file("/sys/devices/system/cpu/possible");
	std::string range;
	if (!(file >> range)) // no /sys, as in a bare container
		return static_cast<u32>(::sysconf(_SC_NPROCESSORS_CONF));
	const auto last = range.find_last_of("-,");
	return static_cast<u32>(std::stoul(last == std::string::npos ? range : range.substr(last + 1))) + 1;
}

std::string why_no_maps() {
	const kernel_map any(
		{.map_type = sockops::BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1});
	return any.error() ? std::string("no ARRAY can be made: ") + std::strerror(static_cast<int>(-any.error()))
					   : "";
}

long load_prog() {
	const abi::insn insns[] = {{0xb7, 0, 0, 0, 1}, {0x95, 0, 0, 0, 0}};
	abi::prog_load_attr attr{};
	attr.prog_type = abi::sock_ops;
	attr.insn_cnt = 2;
	attr.insns = address(insns);
	attr.license = address("MIT");
	return bpf_call(abi::prog_load, attr);
}

} // namespace maps_diff
