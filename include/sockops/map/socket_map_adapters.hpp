// SPDX-License-Identifier: MIT
// The maps of sockets, sk_storage_map.hpp and sock_map.hpp, as struct bpf_map. Helpers and user space that
// mean a socket give it by reference, to the map inside; the calls here that would take a socket's descriptor
// for a key or a value answer -EOPNOTSUPP.
#pragma once

#include <sockops/bpf/sk_storage_map.hpp>
#include <sockops/bpf/sock_map.hpp>
#include <sockops/map/bpf_map.hpp>

namespace sockops {

struct sk_storage_bpf_map final : bpf_map {
	sk_storage_bpf_map(const bpf_map_attr& with, bpf_sk_storage_map_ptr inside);
	const bpf_sk_storage_map_ptr& storage() const noexcept { return storage_; }

	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	int sys_delete_elem(const void* key) noexcept override;

  private:
	bpf_sk_storage_map_ptr storage_;
};

struct sock_map_bpf_map final : bpf_map {
	sock_map_bpf_map(const bpf_map_attr& with, bpf_sock_map_ptr inside);
	const bpf_sock_map_ptr& sockets() const noexcept { return sockets_; }

	/// As sock_map_delete_elem().
	int delete_elem(const void* key) noexcept override;

	/// The cookie of the socket, as sock_map_lookup_elem_sys(); BPF_F_LOCK is -EINVAL.
	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	int sys_delete_elem(const void* key) noexcept override;
	/// SOCKMAP: all indices, whether there is a socket or not. SOCKHASH: sock_hash_get_next_key().
	int get_next_key(const void* key, void* next) noexcept override;

  private:
	bpf_sock_map_ptr sockets_;
};

} // namespace sockops
