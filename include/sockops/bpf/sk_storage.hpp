// SPDX-License-Identifier: MIT
// A value of type T for each socket, for programs in C++:
//
//   struct seen { u32 retransmits; };
//   sk_storage<seen> conns(sk_storage_clone::yes);          // copies share the map
//   make_bpf_prog("counts", [conns](bpf_sock_ops& skops) {
//       if (seen* s = conns.get(skops.sk, sk_storage_create::yes)) …
#pragma once

#include <cerrno>
#include <type_traits>

#include <sockops/bpf/sk_storage_map.hpp>

namespace sockops {

enum class sk_storage_clone : bool { no, yes };  ///< do children get a copy of the listener's value
enum class sk_storage_create : bool { no, yes }; ///< make a value, all zero, where there is none

template <class T>
class sk_storage {
	static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
				  "a value is made of zeroes, copied as bytes and never destroyed");
	static_assert(alignof(T) <= 8, "values are aligned to 8 bytes");
	static_assert(sizeof(T) <= sk_storage_max_value_size);

  public:
	/// Without memory the map is not there: valid() is false, and get() finds and makes nothing.
	explicit sk_storage(sk_storage_clone clone = sk_storage_clone::no) noexcept {
		const u32 cloned = clone == sk_storage_clone::yes ? u32{BPF_F_CLONE} : 0;
		[[maybe_unused]] const int error = bpf_sk_storage_map_alloc(
			{.value_size = sizeof(T), .map_flags = BPF_F_NO_PREALLOC | cloned}, map_);
	}

	[[nodiscard]] bool valid() const noexcept { return static_cast<bool>(map_); }

	/// As bpf_sk_storage_get().
	T* get(sock_common* sk, sk_storage_create create = sk_storage_create::no) const noexcept {
		const u64 flags = create == sk_storage_create::yes ? u64{BPF_SK_STORAGE_GET_F_CREATE} : 0;
		return map_ ? static_cast<T*>(bpf_sk_storage_get(*map_.get(), sk, nullptr, flags)) : nullptr;
	}
	/// The same with a value to begin with.
	T* get(sock_common* sk, const T& initial) const noexcept {
		return map_ ? static_cast<T*>(
						  bpf_sk_storage_get(*map_.get(), sk, &initial, BPF_SK_STORAGE_GET_F_CREATE))
					: nullptr;
	}
	/// As bpf_sk_storage_delete(); -ENOENT if there is no map.
	int erase(sock_common* sk) const noexcept {
		return map_ ? bpf_sk_storage_delete(*map_.get(), sk) : -ENOENT;
	}
	/// Sockets that have a value.
	[[nodiscard]] std::size_t count() const noexcept { return map_ ? bpf_sk_storage_count(*map_.get()) : 0; }

	[[nodiscard]] const bpf_sk_storage_map_ptr& map() const noexcept { return map_; }

  private:
	bpf_sk_storage_map_ptr map_;
};

} // namespace sockops
