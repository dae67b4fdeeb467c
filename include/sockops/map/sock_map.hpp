// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_SOCKMAP and BPF_MAP_TYPE_SOCKHASH: sockets by an index or a key, as far as a SOCK_OPS
// program and its user-space side see them. What such a map does to traffic (redirection, verdict and
// parser programs) is not modelled. typed_maps.hpp has a face with types.
//
//   entries   a map holds no reference to its sockets: an entry goes when it is deleted or replaced,
//             with the map, and when its socket is closed or freed, whichever comes first. A socket may
//             stand in any number of maps and entries. STATE_CBs, resets and disconnects take nothing away.
//   children  stand in no map, whatever their listener stands in
//   readers   lookups take no lock and wait for nobody
//   writers   updates, deletes and closing take a lock, for a moment, from any thread, also inside
//             programs; not in a signal handler
//
// Made by bpf_map_create(): value_size 4 (sockets are put in only) or 8 (cookies can be looked up), at least
// one entry, flags NUMA_NODE and one of RDONLY and WRONLY; of a SOCKMAP, whose key is an index in host order,
// key_size 4, of a SOCKHASH not 0, and at most sock_hash_max_entries entries; else -EINVAL. -E2BIG for a key
// above sock_hash_max_key_size.
//
// Context: by the list above.
#pragma once

#include <cstddef>

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/map/bpf_map.hpp>

namespace sockops {

/// MAX_BPF_STACK, bytes: no key of a SOCKHASH is longer.
inline constexpr u32 sock_hash_max_key_size = 512;
/// A SOCKHASH has at most as many entries: its buckets are a power of two.
inline constexpr u32 sock_hash_max_entries = 1u << 27;

// `map`: a SOCKMAP or a SOCKHASH; one of another type has no sockets, and is illegal use where a socket is
// entered.

/// A number that is another one after each entry that came or went.
[[nodiscard]] u64 sock_map_changes(const bpf_map& map) noexcept;
/// How many entries it has.
[[nodiscard]] std::size_t sock_map_count(const bpf_map& map) noexcept;

// From programs. A key is key_size bytes.

/// bpf_sock_map_update(), of a SOCKMAP, and bpf_sock_hash_update(), of a SOCKHASH: enters the socket of the
/// call. In this order: -EOPNOTSUPP in all ops but those of the helper's row (ACTIVE_ESTABLISHED,
/// PASSIVE_ESTABLISHED, TCP_LISTEN) and for what is no full TCP socket; -EINVAL for flags above BPF_EXIST;
/// -E2BIG for an index that is not below max_entries; -ENOMEM; -EEXIST with NOEXIST where there is an entry;
/// -ENOENT with EXIST where there is none; -E2BIG for a further entry of a full SOCKHASH; 0, and the socket
/// that was there is replaced. A map of the other type, which no kernel would load: illegal use, -EINVAL.
int bpf_sock_map_update(bpf_sock_ops& skops, bpf_map& map, const void* key, u64 flags) noexcept;
int bpf_sock_hash_update(bpf_sock_ops& skops, bpf_map& map, const void* key, u64 flags) noexcept;

/// bpf_map_delete_elem(), from programs and by bpf(2): 0; no entry or an index beyond the map: -EINVAL of a
/// SOCKMAP, -ENOENT of a SOCKHASH.
int sock_map_delete_elem(bpf_map& map, const void* key) noexcept;

// From outside programs, as bpf(2) and programs of other types.

/// BPF_MAP_UPDATE_ELEM: the same answers as from a program, but by the socket's state instead of an op:
/// -EOPNOTSUPP in other states than ESTABLISHED and LISTEN. A socket that is not alive: illegal use, -EBADF.
[[nodiscard]] int sock_map_update_elem_sys(bpf_map& map, const void* key, sock& sk, u64 flags) noexcept;

/// BPF_MAP_LOOKUP_ELEM: 0 and the socket's cookie; -ENOSPC of a map whose values are not 8 bytes; -ENOENT.
/// Such a map's sockets get their cookie when they are entered (the kernel: at the first lookup).
[[nodiscard]] int sock_map_lookup_elem_sys(const bpf_map& map, const void* key, u64& cookie) noexcept;

/// BPF_MAP_GET_NEXT_KEY of a SOCKHASH: 0 and the key after `key` in `next`; after one that is not there, and
/// nullptr: the first; -ENOENT after the last.
[[nodiscard]] int sock_hash_get_next_key(const bpf_map& map, const void* key, void* next) noexcept;

/// The socket of an entry; nullptr if there is none. It may be used as long as it is known not to be freed:
/// nothing is taken.
[[nodiscard]] sock* sock_map_lookup_elem(const bpf_map& map, const void* key) noexcept;

/// sock_map_close(): the first thing that close(2) does, before the state changes: takes the socket out of
/// all maps. sk_free() does so too, for sockets that nobody closes (children that were never accepted).
inline void sock_map_close(sock& sk) noexcept { sk.sk_psock.leave(); }

} // namespace sockops
