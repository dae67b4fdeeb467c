// SPDX-License-Identifier: MIT
// Maps of sockets for programs in C++, by the types of their keys and values. Copies share the map.
//
//   struct seen { u32 retransmits; };
//   sk_storage<seen> conns(sk_storage_clone::yes);          // a value for each socket
//   make_bpf_prog("counts", [conns](bpf_sock_ops& skops) {
//       if (seen* s = conns.get(skops.sk, sk_storage_create::yes)) …
//
//   sockhash<flow> peers(1000);                             // sockets by a key
//   make_bpf_prog("enters", [peers](bpf_sock_ops& skops) {
//       if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
//           peers.update(skops, flow_of(skops), BPF_NOEXIST);
//
// Without memory, and with attributes that are refused, the map is not there: valid() is false, updates
// answer -ENOMEM, and nothing is found or made.
//
// Context: any thread, inside programs too, as the functions of map/sk_storage_map.hpp and
// map/sock_map.hpp: not from a signal handler.
#pragma once

#include <cerrno>
#include <type_traits>

#include <sockops/map/sk_storage_map.hpp>
#include <sockops/map/sock_map.hpp>

namespace sockops {

namespace detail {

/// A map of these attributes, if it could be made.
class typed_map {
  public:
	[[nodiscard]] bool valid() const noexcept { return static_cast<bool>(map_); }
	[[nodiscard]] const bpf_map_ptr& map() const noexcept { return map_; }

  protected:
	explicit typed_map(const bpf_map_attr& attr) noexcept {
		[[maybe_unused]] const int error = bpf_map_create(attr, map_);
	}

  private:
	bpf_map_ptr map_;
};

} // namespace detail

enum class sk_storage_clone : bool { no, yes };  ///< do children get a copy of the listener's value
enum class sk_storage_create : bool { no, yes }; ///< make a value, all zero, where there is none

/// An SK_STORAGE.
template <class T>
class sk_storage : public detail::typed_map {
	static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
				  "a value is made of zeroes, copied as bytes and never destroyed");
	static_assert(alignof(T) <= 8, "values are aligned to 8 bytes");
	static_assert(sizeof(T) <= sk_storage_max_value_size);

  public:
	explicit sk_storage(sk_storage_clone clone = sk_storage_clone::no) noexcept
		: typed_map({.map_type = BPF_MAP_TYPE_SK_STORAGE,
					 .key_size = sizeof(int),
					 .value_size = sizeof(T),
					 .map_flags = clone == sk_storage_clone::yes ? BPF_F_NO_PREALLOC | BPF_F_CLONE
																 : u32{BPF_F_NO_PREALLOC}}) {}

	/// As bpf_sk_storage_get().
	T* get(sock_common* sk, sk_storage_create create = sk_storage_create::no) const noexcept {
		const u64 flags = create == sk_storage_create::yes ? u64{BPF_SK_STORAGE_GET_F_CREATE} : 0;
		return valid() ? static_cast<T*>(bpf_sk_storage_get(*map().get(), sk, nullptr, flags)) : nullptr;
	}
	/// The same with a value to begin with.
	T* get(sock_common* sk, const T& initial) const noexcept {
		return valid() ? static_cast<T*>(
							 bpf_sk_storage_get(*map().get(), sk, &initial, BPF_SK_STORAGE_GET_F_CREATE))
					   : nullptr;
	}
	/// As bpf_sk_storage_delete(); -ENOENT if there is no map.
	int erase(sock_common* sk) const noexcept {
		return valid() ? bpf_sk_storage_delete(*map().get(), sk) : -ENOENT;
	}
	/// Sockets that have a value.
	[[nodiscard]] std::size_t count() const noexcept {
		return valid() ? bpf_sk_storage_count(*map().get()) : 0;
	}
};

namespace detail {

/// What a SOCKMAP and a SOCKHASH have in common.
template <class Key>
class typed_sock_map : public typed_map {
  public:
	/// As sock_map_delete_elem(); -ENOENT if there is no map.
	int erase(const Key& key) const noexcept {
		return valid() ? sock_map_delete_elem(*map().get(), &key) : -ENOENT;
	}
	/// As sock_map_lookup_elem().
	[[nodiscard]] sock* find(const Key& key) const noexcept {
		return valid() ? sock_map_lookup_elem(*map().get(), &key) : nullptr;
	}
	/// The cookie of the entry's socket; 0 if there is none.
	[[nodiscard]] u64 cookie(const Key& key) const noexcept {
		u64 found = 0;
		return valid() && sock_map_lookup_elem_sys(*map().get(), &key, found) == 0 ? found : 0;
	}
	[[nodiscard]] std::size_t count() const noexcept { return valid() ? sock_map_count(*map().get()) : 0; }

  protected:
	typed_sock_map(bpf_map_type type, u32 max_entries) noexcept
		: typed_map({.map_type = type,
					 .key_size = sizeof(Key),
					 .value_size = sizeof(u64),
					 .max_entries = max_entries}) {}
};

} // namespace detail

/// A SOCKMAP: keys are indexes below max_entries.
class sockmap : public detail::typed_sock_map<u32> {
  public:
	explicit sockmap(u32 max_entries) noexcept : typed_sock_map(BPF_MAP_TYPE_SOCKMAP, max_entries) {}

	/// As bpf_sock_map_update().
	int update(bpf_sock_ops& skops, u32 index, u64 flags = BPF_ANY) const noexcept {
		return valid() ? bpf_sock_map_update(skops, *map().get(), &index, flags) : -ENOMEM;
	}
};

/// A SOCKHASH. Keys are compared as bytes.
template <class Key>
class sockhash : public detail::typed_sock_map<Key> {
	static_assert(std::has_unique_object_representations_v<Key>,
				  "keys are compared as bytes: no padding, no floating point");
	static_assert(sizeof(Key) <= sock_hash_max_key_size);

  public:
	explicit sockhash(u32 max_entries) noexcept
		: detail::typed_sock_map<Key>(BPF_MAP_TYPE_SOCKHASH, max_entries) {}

	/// As bpf_sock_hash_update().
	int update(bpf_sock_ops& skops, const Key& key, u64 flags = BPF_ANY) const noexcept {
		return this->valid() ? bpf_sock_hash_update(skops, *this->map().get(), &key, flags) : -ENOMEM;
	}
};

} // namespace sockops
