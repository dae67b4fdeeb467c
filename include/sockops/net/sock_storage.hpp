// SPDX-License-Identifier: MIT
// What maps hold for a socket: the values that programs keep for it, and what they cost
// (bpf/sk_storage_map.hpp); and the entries of SOCKMAPs and SOCKHASHes that it stands in
// (bpf/sock_map.hpp).
#pragma once

#include <atomic>

#include <sockops/kern/types.hpp>
#include <sockops/sync/rcu_pointer.hpp>

namespace sockops {

struct bpf_local_storage_elem;
struct sk_psock_link;

/// Stays with its socket: a copied or moved socket has nothing, and one that is assigned to keeps its own.
class sock_storage {
  public:
	sock_storage() = default;
	sock_storage(const sock_storage&) noexcept {}
	sock_storage& operator=(const sock_storage&) noexcept { return *this; }
	~sock_storage() { free(); }

	/// bpf_sk_storage_free() and sock_map_destroy(): gives all values and entries back; their memory lives
	/// until a grace period has ended.
	void free() noexcept {
		remove_links();
		// H: acquire, pairs with the store that ends an unlink: whoever goes on to free the socket does so
		// after a map that goes at the same time has let go of it.
		if (omem.load(std::memory_order_acquire) != 0) [[unlikely]]
			free_values();
	}
	/// sock_map_remove_links(): takes the socket out of all SOCKMAPs and SOCKHASHes.
	void remove_links() noexcept {
		// L: acquire, pairs with the store that ends an unlink in sock_map.cpp, as H does.
		if (links.load(std::memory_order_acquire)) [[unlikely]]
			free_links();
	}

	// Changed under the writers' lock of the maps.
	rcu_pointer<bpf_local_storage_elem> first;
	std::atomic<u32> omem{0}; ///< sk_omem_alloc: bytes charged, by the kernel's sizes
	std::atomic<sk_psock_link*> links{nullptr};

  private:
	void free_values() noexcept;
	void free_links() noexcept;
};

} // namespace sockops
