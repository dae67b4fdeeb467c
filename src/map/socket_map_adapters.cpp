// SPDX-License-Identifier: MIT
// Calls passed on to the maps of sockets.
#include <sockops/map/socket_map_adapters.hpp>

#include <cerrno>
#include <cstring>
#include <utility>

#include "array_index.hpp"

namespace sockops {

sk_storage_bpf_map::sk_storage_bpf_map(const bpf_map_attr& with, bpf_sk_storage_map_ptr inside)
	: bpf_map(with), storage_(std::move(inside)) {}

int sk_storage_bpf_map::sys_lookup_elem(const void*, void*, u64 flags) noexcept {
	const int error = refuse_reading(flags);
	return error ? error : -EOPNOTSUPP;
}
int sk_storage_bpf_map::sys_update_elem(const void*, const void*, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : -EOPNOTSUPP;
}
int sk_storage_bpf_map::sys_delete_elem(const void*) noexcept {
	const int error = refuse_writing();
	return error ? error : -EOPNOTSUPP;
}

sock_map_bpf_map::sock_map_bpf_map(const bpf_map_attr& with, bpf_sock_map_ptr inside)
	: bpf_map(with), sockets_(std::move(inside)) {}

int sock_map_bpf_map::delete_elem(const void* key) noexcept {
	return sock_map_delete_elem(*sockets_.get(), key);
}

int sock_map_bpf_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	u64 cookie;
	const int error = sock_map_lookup_elem_sys(*sockets_.get(), key, cookie);
	if (error == 0)
		std::memcpy(value, &cookie, sizeof cookie);
	return error;
}

int sock_map_bpf_map::get_next_key(const void* key, void* next) noexcept {
	if (const int error = refuse_reading())
		return error;
	return attr.map_type == BPF_MAP_TYPE_SOCKMAP ? detail::next_index(key, next, attr.max_entries)
												 : sock_hash_get_next_key(*sockets_.get(), key, next);
}

int sock_map_bpf_map::sys_update_elem(const void*, const void*, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : -EOPNOTSUPP;
}

int sock_map_bpf_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : delete_elem(key);
}

} // namespace sockops
