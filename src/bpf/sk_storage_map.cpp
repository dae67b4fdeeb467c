// SPDX-License-Identifier: MIT
// Values of sockets: each hangs in a list of its socket, which readers walk under RCU, and in one of
// its map. Both lists change under one lock. Nothing is queued for a grace period while it is held:
// call_rcu() may run callbacks, and those may take it.

#include <sockops/bpf/sk_storage_map.hpp>

#include <cstring>
#include <mutex>
#include <new>

#include <boost/intrusive/list.hpp>

#include <sockops/sync/rcu.hpp>

#include "../kern/alloc.hpp"
#include "socket_maps.hpp"

namespace sockops {

namespace bi = boost::intrusive;

/// A value follows it in memory.
struct alignas(8) bpf_local_storage_elem : bi::list_base_hook<>, rcu_head {
	bpf_local_storage_elem(bpf_sk_storage_map& of, sock_storage& in) noexcept : map(&of), owner(&in) {}

	rcu_pointer<bpf_local_storage_elem> next_in_sock;
	bpf_sk_storage_map* const map;
	sock_storage* const owner; ///< under the lock, and while the element is linked
	bpf_local_storage_elem* next_dead = nullptr;

	void* data() noexcept { return this + 1; }
};

struct bpf_sk_storage_map : rcu_head {
	sk_storage_map_attr attr;
	std::atomic<u32> refcnt{1};
	std::atomic<std::size_t> count{0};
	bi::list<bpf_local_storage_elem, bi::constant_time_size<false>> elems; ///< under the lock

	explicit bpf_sk_storage_map(const sk_storage_map_attr& with) noexcept : attr(with) {}
};

namespace {

using elem = bpf_local_storage_elem;

using dead_elems = detail::dead_list<elem>;

u32 charge_of(const bpf_sk_storage_map& map) noexcept { return sk_storage_elem_charge + map.attr.value_size; }

/// sk_storage_charge(): both bounds as the kernel draws them, the sum strictly below the limit.
bool charge(sock_storage& in, u32 bytes, u32 limit) noexcept {
	const u32 now = in.omem.load(std::memory_order_relaxed);
	if (bytes > limit || now + bytes >= limit)
		return false;
	in.omem.store(now + bytes, std::memory_order_relaxed);
	return true;
}
void uncharge(sock_storage& in, u32 bytes) noexcept {
	// H: release, pairs with sock_storage::free(); the last access to a socket that has become empty.
	in.omem.store(in.omem.load(std::memory_order_relaxed) - bytes, std::memory_order_release);
}

elem* lookup(const sock_storage& in, const bpf_sk_storage_map& map) noexcept {
	elem* at = rcu_dereference(in.first);
	while (at && at->map != &map)
		at = rcu_dereference(at->next_in_sock);
	return at;
}

// The rest of these: under the lock.

void link(elem* fresh) noexcept {
	rcu_assign_pointer(fresh->next_in_sock, rcu_access_pointer(fresh->owner->first));
	rcu_assign_pointer(fresh->owner->first, fresh);
	fresh->map->elems.push_back(*fresh);
	fresh->map->count.fetch_add(1, std::memory_order_relaxed);
}

void unlink(elem* old) noexcept {
	sock_storage& in = *old->owner;
	rcu_pointer<elem>* from = &in.first;
	while (rcu_access_pointer(*from) != old)
		from = &rcu_access_pointer(*from)->next_in_sock;
	rcu_assign_pointer(*from, rcu_access_pointer(old->next_in_sock));
	bpf_sk_storage_map& map = *old->map;
	map.elems.erase(map.elems.iterator_to(*old));
	map.count.fetch_sub(1, std::memory_order_relaxed);
	uncharge(in, charge_of(map) + (rcu_access_pointer(in.first) ? 0 : sk_storage_charge));
}

/// A charged element with a copy of `value` (null: zeroes), not linked yet; nullptr: no memory, of
/// whichever kind.
elem* make_elem(bpf_sk_storage_map& map, sock_storage& in, const void* value, u32 limit) noexcept {
	const u32 first_too = rcu_access_pointer(in.first) ? 0 : sk_storage_charge;
	if (!charge(in, charge_of(map), limit))
		return nullptr;
	if (first_too != 0 && !charge(in, first_too, limit)) {
		uncharge(in, charge_of(map));
		return nullptr;
	}
	const std::size_t size = map.attr.value_size;
	void* const memory = ::operator new(sizeof(elem) + size, std::nothrow);
	if (!memory) {
		uncharge(in, charge_of(map) + first_too);
		return nullptr;
	}
	auto* const fresh = new (memory) elem(map, in);
	if (value)
		std::memcpy(fresh->data(), value, size);
	else
		std::memset(fresh->data(), 0, size);
	return fresh;
}

/// bpf_local_storage_update(): the new element's data, or null and the errno in `error`.
void* update(bpf_sk_storage_map& map, sock& sk, const void* value, u64 flags, int& error) noexcept {
	sock_storage& in = sk.sk_bpf_storage;
	const u32 limit = sk.skc_net->core.sysctl_optmem_max;
	dead_elems dead;
	std::lock_guard held(detail::socket_maps_mutex());
	elem* const old = lookup(in, map);
	// The kernel asks for memory first, unless the socket has no value of any map yet.
	const bool empty = !rcu_access_pointer(in.first);
	error = empty && flags == BPF_EXIST ? -ENOENT : 0;
	elem* const fresh = error ? nullptr : make_elem(map, in, value, limit);
	if (!error && !fresh)
		error = -ENOMEM;
	if (error)
		return nullptr;
	if ((old && flags == BPF_NOEXIST) || (!old && flags == BPF_EXIST)) {
		uncharge(in, charge_of(map));
		::operator delete(fresh);
		error = old ? -EEXIST : -ENOENT;
		return nullptr;
	}
	link(fresh);
	if (old) {
		unlink(old);
		dead.add(old);
	}
	return fresh->data();
}

/// Alive: initialised and not freed.
bool is_alive(const sock& sk) noexcept { return sk.sk_cgrp_data != nullptr; }

} // namespace

int bpf_sk_storage_map_alloc(const sk_storage_map_attr& attr, bpf_sk_storage_map_ptr& made) noexcept {
	constexpr u32 known = BPF_F_NO_PREALLOC | BPF_F_CLONE;
	if ((attr.map_flags & ~known) || !(attr.map_flags & BPF_F_NO_PREALLOC) || attr.max_entries != 0 ||
		attr.key_size != sizeof(int) || attr.value_size == 0)
		return -EINVAL;
	if (attr.value_size > sk_storage_max_value_size)
		return -E2BIG;
	auto* const map = detail::make<bpf_sk_storage_map>(attr);
	if (!map)
		return -ENOMEM;
	made = bpf_sk_storage_map_ptr::adopt(map);
	return 0;
}

void bpf_map_inc(bpf_sk_storage_map* map) noexcept { map->refcnt.fetch_add(1, std::memory_order_relaxed); }

void bpf_map_put(bpf_sk_storage_map* map) noexcept {
	// E: acq_rel; the last put sees what every other holder did before its own.
	if (map->refcnt.fetch_sub(1, std::memory_order_acq_rel) != 1)
		return;
	{
		dead_elems dead;
		std::lock_guard held(detail::socket_maps_mutex());
		while (!map->elems.empty()) {
			elem& each = map->elems.front();
			unlink(&each);
			dead.add(&each);
		}
	}
	// Readers compare elements' maps with their own, which they hold a reference to; but one may still
	// walk past a dead element of this one.
	call_rcu(map, [](rcu_head* head) { delete static_cast<bpf_sk_storage_map*>(head); });
}

const sk_storage_map_attr& bpf_sk_storage_map_attr(const bpf_sk_storage_map& map) noexcept {
	return map.attr;
}

std::size_t bpf_sk_storage_count(const bpf_sk_storage_map& map) noexcept {
	return map.count.load(std::memory_order_relaxed);
}

void* bpf_sk_storage_get(bpf_sk_storage_map& map, sock_common* sk, const void* value, u64 flags) noexcept {
	if (!sk || !sk_fullsock(sk) || flags > BPF_SK_STORAGE_GET_F_CREATE)
		return nullptr;
	auto& full = static_cast<sock&>(*sk);
	{
		rcu_read_guard reading;
		if (elem* const found = lookup(full.sk_bpf_storage, map))
			return found->data();
	}
	int error;
	return flags == BPF_SK_STORAGE_GET_F_CREATE && is_alive(full)
			   ? update(map, full, value, BPF_NOEXIST, error)
			   : nullptr;
}

int bpf_sk_storage_delete(bpf_sk_storage_map& map, sock_common* sk) noexcept {
	if (!sk || !sk_fullsock(sk))
		return -EINVAL;
	auto& full = static_cast<sock&>(*sk);
	if (!is_alive(full))
		return -ENOENT;
	dead_elems dead;
	std::lock_guard held(detail::socket_maps_mutex());
	elem* const old = lookup(full.sk_bpf_storage, map);
	if (!old)
		return -ENOENT;
	unlink(old);
	dead.add(old);
	return 0;
}

int bpf_sk_storage_update(bpf_sk_storage_map& map, sock& sk, const void* value, u64 flags) noexcept {
	if (flags > BPF_EXIST)
		return -EINVAL;
	if (!is_alive(sk)) {
		illegal_use("bpf_sk_storage_update",
					"the socket was never initialised (tcp_init_sock, inet_csk_clone) or has been freed "
					"(sk_free); the result is -ENOENT");
		return -ENOENT;
	}
	int error;
	(void)update(map, sk, value, flags, error);
	return error;
}

int bpf_sk_storage_clone(const sock& listener, sock& child) noexcept {
	if (!rcu_access_pointer(listener.sk_bpf_storage.first)) [[likely]]
		return 0;
	const u32 limit = child.skc_net->core.sysctl_optmem_max;
	std::lock_guard held(detail::socket_maps_mutex());
	for (elem* each = rcu_access_pointer(listener.sk_bpf_storage.first); each;
		 each = rcu_access_pointer(each->next_in_sock)) {
		if (!(each->map->attr.map_flags & BPF_F_CLONE))
			continue;
		elem* const copy = make_elem(*each->map, child.sk_bpf_storage, each->data(), limit);
		if (!copy)
			return -ENOMEM;
		link(copy);
	}
	return 0;
}

void sock_storage::free_values() noexcept {
	dead_elems dead;
	std::lock_guard held(detail::socket_maps_mutex());
	while (elem* const each = rcu_access_pointer(first)) {
		unlink(each);
		dead.add(each);
	}
}

} // namespace sockops
