// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_SK_STORAGE: values that belong to sockets. A map finds a socket's value by the
// socket; the value goes with the socket, or with the map, whichever goes first.
//
//   readers   bpf_sk_storage_get() of a value that is there takes no lock and waits for nobody
//   writers   creating and deleting take a lock, for a moment, from any thread, also inside
//             programs; not in a signal handler
//   values    may be used until the section ends in which they were got; after that as long as it
//             is known that nobody deletes them
//
// This is the untyped face; sk_storage.hpp has a typed one.
#pragma once

#include <cstddef>

#include <sockops/bpf/map_flags.hpp>
#include <sockops/bpf/map_ref.hpp>
#include <sockops/net/sock.hpp>

namespace sockops {

/// Flag of bpf_sk_storage_get().
enum bpf_sk_storage_get_flag : u64 { BPF_SK_STORAGE_GET_F_CREATE = 1 };

/// BPF_LOCAL_STORAGE_MAX_VALUE_SIZE, bytes.
inline constexpr u32 sk_storage_max_value_size = 65'407;
/// What the kernel charges to a socket (64-bit, 6.18): for each value beside its bytes, and once
/// while the socket has any.
inline constexpr u32 sk_storage_elem_charge = 72, sk_storage_charge = 176;

struct bpf_sk_storage_map;
/// Drops a reference. The last one takes the values out of all sockets; memory goes after a grace period.
void bpf_map_put(bpf_sk_storage_map* map) noexcept;
void bpf_map_inc(bpf_sk_storage_map* map) noexcept;

using bpf_sk_storage_map_ptr = bpf_map_ref<bpf_sk_storage_map>;

/// What a map was made with: the parts of union bpf_attr that matter for it.
struct sk_storage_map_attr {
	u32 key_size = sizeof(int); ///< the key is a socket's descriptor, to a user of bpf(2)
	u32 value_size = 0;         ///< bytes
	u32 max_entries = 0;        ///< not limited, and must be 0
	u32 map_flags = BPF_F_NO_PREALLOC;
};

/// bpf_sk_storage_map_alloc(): 0 and the map in `made`; -EINVAL for other flags, no NO_PREALLOC,
/// max_entries, a key that is not 4 bytes, or an empty value; -E2BIG for a value above
/// sk_storage_max_value_size; -ENOMEM.
[[nodiscard]] int bpf_sk_storage_map_alloc(const sk_storage_map_attr& attr,
										   bpf_sk_storage_map_ptr& made) noexcept;

/// The attributes it was made with.
[[nodiscard]] const sk_storage_map_attr& bpf_sk_storage_map_attr(const bpf_sk_storage_map& map) noexcept;
/// How many values it holds: sockets that have one.
[[nodiscard]] std::size_t bpf_sk_storage_count(const bpf_sk_storage_map& map) noexcept;

/// bpf_sk_storage_get(): the socket's value; with flags 1 (CREATE), if there is none, a new one: a
/// copy of `value`, or all 0 if `value` is null. nullptr for a null socket, a request or time-wait
/// socket, flags > 1; with CREATE also for a socket that is freed or was never initialised, without
/// memory, where the socket's option memory (net::core.sysctl_optmem_max) does not suffice, and where
/// another thread was faster.
void* bpf_sk_storage_get(bpf_sk_storage_map& map, sock_common* sk, const void* value, u64 flags) noexcept;

/// bpf_sk_storage_delete(): 0; -EINVAL for a null socket, a request or time-wait socket; -ENOENT if it
/// is freed or has no value.
int bpf_sk_storage_delete(bpf_sk_storage_map& map, sock_common* sk) noexcept;

/// What BPF_MAP_UPDATE_ELEM does, from outside programs: sets the value, by replacing it, so that what
/// was got before is the old one. 0; -EINVAL for flags above BPF_EXIST; -ENOMEM (also where the option
/// memory does not suffice for old and new); -EEXIST with NOEXIST and a value; -ENOENT with EXIST and none.
[[nodiscard]] int bpf_sk_storage_update(bpf_sk_storage_map& map, sock& sk, const void* value,
										u64 flags) noexcept;

/// bpf_sk_storage_clone(): `child`, which has no values, gets a copy of each value of `listener` whose
/// map has BPF_F_CLONE. 0, or -ENOMEM after some of them.
[[nodiscard]] int bpf_sk_storage_clone(const sock& listener, sock& child) noexcept;

} // namespace sockops
