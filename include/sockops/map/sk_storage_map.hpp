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
// Made by bpf_map_create(): key_size 4 (a socket's descriptor, to a user of bpf(2)), value_size 1 to
// sk_storage_max_value_size (more: -E2BIG), max_entries 0, BPF_F_NO_PREALLOC, and BPF_F_CLONE if children are
// to get copies; else -EINVAL. typed_maps.hpp has a face with types.
//
// Context: by the list above.
#pragma once

#include <cstddef>

#include <sockops/map/bpf_map.hpp>
#include <sockops/net/sock.hpp>

namespace sockops {

/// Flag of bpf_sk_storage_get().
enum bpf_sk_storage_get_flag : u64 { BPF_SK_STORAGE_GET_F_CREATE = 1 };

/// BPF_LOCAL_STORAGE_MAX_VALUE_SIZE, bytes.
inline constexpr u32 sk_storage_max_value_size = 65'407;
/// What the kernel charges to a socket (64-bit, 6.18): for each value beside its bytes, and once
/// while the socket has any.
inline constexpr u32 sk_storage_elem_charge = 72, sk_storage_charge = 176;

/// How many values it holds: sockets that have one.
[[nodiscard]] std::size_t bpf_sk_storage_count(const bpf_map& map) noexcept;

// `map`: of this type. One of another has no socket's values, and making or setting one in it is illegal use,
// answered as if there were no memory.

/// bpf_sk_storage_get(): the socket's value; with flags 1 (CREATE), if there is none, a new one: a
/// copy of `value`, or all 0 if `value` is null. nullptr for a null socket, a request or time-wait
/// socket, flags > 1; with CREATE also for a socket that is freed or was never initialised, without
/// memory, where the socket's option memory (net::core.sysctl_optmem_max) does not suffice, and where
/// another thread was faster.
void* bpf_sk_storage_get(bpf_map& map, sock_common* sk, const void* value, u64 flags) noexcept;

/// bpf_sk_storage_delete(): 0; -EINVAL for a null socket, a request or time-wait socket; -ENOENT if it
/// is freed or has no value.
int bpf_sk_storage_delete(bpf_map& map, sock_common* sk) noexcept;

/// What BPF_MAP_UPDATE_ELEM does, from outside programs: sets the value, by replacing it, so that what
/// was got before is the old one. 0; -EINVAL for flags above BPF_EXIST; -ENOMEM (also where the option
/// memory does not suffice for old and new); -EEXIST with NOEXIST and a value; -ENOENT with EXIST and none.
[[nodiscard]] int bpf_sk_storage_update(bpf_map& map, sock& sk, const void* value, u64 flags) noexcept;

/// bpf_sk_storage_clone(): `child`, which has no values, gets a copy of each value of `listener` whose
/// map has BPF_F_CLONE. 0, or -ENOMEM after some of them.
[[nodiscard]] int bpf_sk_storage_clone(const sock& listener, sock& child) noexcept;

} // namespace sockops
