// SPDX-License-Identifier: MIT
// What a socket holds of its sk_storage: the elements that programs keep for it, and what they
// cost. The maps are in bpf/sk_storage_map.hpp.
#pragma once

#include <atomic>

#include <sockops/kern/types.hpp>
#include <sockops/sync/rcu_pointer.hpp>

namespace sockops {

struct bpf_local_storage_elem;

/// Stays with its socket: a copied or moved socket has none, and one that is assigned to keeps its own.
class sock_storage {
  public:
	sock_storage() = default;
	sock_storage(const sock_storage&) noexcept {}
	sock_storage& operator=(const sock_storage&) noexcept { return *this; }
	~sock_storage() {
		free();
	}

	/// bpf_sk_storage_free(): gives all elements back; their memory lives until a grace period has ended.
	void free() noexcept {
		// H: acquire, pairs with the store that ends an unlink: whoever goes on to free the socket does so
		// after a map that goes at the same time has let go of it.
		if (omem.load(std::memory_order_acquire) != 0) [[unlikely]]
			free_all();
	}

	rcu_pointer<bpf_local_storage_elem> first; ///< changed under the writers' lock of the maps
	std::atomic<u32> omem{0};                  ///< sk_omem_alloc: bytes charged, by the kernel's sizes

  private:
	void free_all() noexcept;
};

} // namespace sockops
