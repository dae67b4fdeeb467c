// SPDX-License-Identifier: MIT
// Sockets by an index or a key, for programs in C++:
//
//   sockhash<flow> peers(1000);                             // copies share the map
//   make_bpf_prog("enters", [peers](bpf_sock_ops& skops) {
//       if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
//           peers.update(skops, flow_of(skops), BPF_NOEXIST);
#pragma once

#include <cerrno>
#include <type_traits>

#include <sockops/bpf/sock_map.hpp>

namespace sockops {

namespace detail {

/// What both types have. Without memory (and with attributes that are refused) the map is not there:
/// valid() is false, updates answer -ENOMEM, and nothing is found.
template <class Key>
class typed_sock_map {
  public:
	[[nodiscard]] bool valid() const noexcept { return static_cast<bool>(map_); }

	/// As sock_map_delete_elem(); -ENOENT if there is no map.
	int erase(const Key& key) const noexcept {
		return map_ ? sock_map_delete_elem(*map_.get(), &key) : -ENOENT;
	}
	/// As sock_map_lookup_elem().
	[[nodiscard]] sock* find(const Key& key) const noexcept {
		return map_ ? sock_map_lookup_elem(*map_.get(), &key) : nullptr;
	}
	/// The cookie of the entry's socket; 0 if there is none.
	[[nodiscard]] u64 cookie(const Key& key) const noexcept {
		u64 found = 0;
		return map_ && sock_map_lookup_elem_sys(*map_.get(), &key, found) == 0 ? found : 0;
	}
	[[nodiscard]] std::size_t count() const noexcept { return map_ ? sock_map_count(*map_.get()) : 0; }

	[[nodiscard]] const bpf_sock_map_ptr& map() const noexcept { return map_; }

  protected:
	typed_sock_map(bpf_map_type type, u32 max_entries) noexcept {
		[[maybe_unused]] const int error = sock_map_alloc({.map_type = type,
														   .key_size = sizeof(Key),
														   .value_size = sizeof(u64),
														   .max_entries = max_entries},
														  map_);
	}

  private:
	bpf_sock_map_ptr map_;
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
