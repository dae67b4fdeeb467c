// SPDX-License-Identifier: MIT
// Values of sockets: each hangs on its socket, where readers look for it under RCU, and in a list of its map.
// Both change under the writers' lock of socket_elements.hpp.
#include <sockops/map/sk_storage_map.hpp>

#include <cstring>
#include <mutex>
#include <new>

#include <boost/intrusive/list.hpp>

#include <sockops/kern/check.hpp>

#include "map_type.hpp"
#include "socket_elements.hpp"

namespace sockops {

namespace {

struct sk_storage_map;

/// A value follows it in memory. (struct bpf_local_storage_elem)
struct alignas(8) storage_elem final : sock_attachment, boost::intrusive::list_base_hook<>, rcu_head {
	storage_elem(sk_storage_map& of, sock& in) noexcept : map(&of), owner(&in) {}
	void leave(sock_attachments& from) noexcept override;

	sk_storage_map* const map;
	sock* const owner; ///< under the lock, and while the element is linked
	storage_elem* next_dead = nullptr;

	void* data() noexcept { return this + 1; }
};
using dead_values = detail::dead_list<storage_elem>;

struct sk_storage_map final : bpf_map {
	std::atomic<std::size_t> count{0};
	boost::intrusive::list<storage_elem, boost::intrusive::constant_time_size<false>>
		elems; ///< under the lock

	explicit sk_storage_map(const bpf_map_attr& with) : bpf_map(with) {}
	static bool valid() noexcept { return true; }

	u32 charge() const noexcept { return sk_storage_elem_charge + attr.value_size; }
	map_btf btf() const noexcept override { return map_btf::both; }
	void last_reference_gone() noexcept override;

	// By a socket's descriptor, which a program or user space gives by reference instead
	// (sk_storage_map.hpp).

	int sys_lookup_elem(const void*, void*, u64 flags) noexcept override {
		const int error = refuse_reading(flags);
		return error ? error : -EOPNOTSUPP;
	}
	int sys_update_elem(const void*, const void*, u64 flags) noexcept override {
		const int error = refuse_writing(flags);
		return error ? error : -EOPNOTSUPP;
	}
	int sys_delete_elem(const void*) noexcept override {
		const int error = refuse_writing();
		return error ? error : -EOPNOTSUPP;
	}
};

/// sk_storage_charge(): both bounds as the kernel draws them, the sum strictly below the limit.
bool charge(sock& sk, u32 bytes, u32 limit) noexcept {
	if (bytes > limit || sk.sk_omem_alloc + bytes >= limit)
		return false;
	sk.sk_omem_alloc.add(bytes);
	return true;
}

/// Of any map: one that has no values of sockets is nobody's here.
storage_elem* find_value(const sock& sk, const bpf_map& map) noexcept {
	sock_attachment* at = sk.sk_bpf_storage.first();
	while (at && static_cast<storage_elem*>(at)->map != &map)
		at = rcu_dereference(at->next_on_sock);
	return static_cast<storage_elem*>(at);
}

// The rest of these: under the lock.

void link_value(storage_elem* fresh) noexcept {
	fresh->owner->sk_bpf_storage.push_front(*fresh);
	fresh->map->elems.push_back(*fresh);
	fresh->map->count.fetch_add(1, std::memory_order_relaxed);
}

void unlink_value(storage_elem* old) noexcept {
	sk_storage_map& map = *old->map;
	map.elems.erase(map.elems.iterator_to(*old));
	map.count.fetch_sub(1, std::memory_order_relaxed);
	const bool only = !old->previous_on_sock && !rcu_access_pointer(old->next_on_sock);
	old->owner->sk_omem_alloc.subtract(map.charge() + (only ? sk_storage_charge : 0));
	old->owner->sk_bpf_storage.remove(*old); // the last access to the socket
}

/// A charged element with a copy of `value` (null: zeroes), not linked yet; nullptr: no memory, of whichever
/// kind.
storage_elem* make_value(sk_storage_map& map, sock& sk, const void* value, u32 limit) noexcept {
	const u32 first_too = sk.sk_bpf_storage.empty() ? sk_storage_charge : 0;
	if (!charge(sk, map.charge(), limit))
		return nullptr;
	if (first_too != 0 && !charge(sk, first_too, limit)) {
		sk.sk_omem_alloc.subtract(map.charge());
		return nullptr;
	}
	const std::size_t size = map.attr.value_size;
	void* const memory = ::operator new(sizeof(storage_elem) + size, std::nothrow);
	if (!memory) {
		sk.sk_omem_alloc.subtract(map.charge() + first_too);
		return nullptr;
	}
	auto* const fresh = new (memory) storage_elem(map, sk);
	if (value)
		std::memcpy(fresh->data(), value, size);
	else
		std::memset(fresh->data(), 0, size);
	return fresh;
}

/// The map as what it is; nullptr, and said, if it is of another type.
sk_storage_map* to_make_in(bpf_map& map, const char* call) noexcept {
	if (map.attr.map_type == BPF_MAP_TYPE_SK_STORAGE)
		return static_cast<sk_storage_map*>(&map);
	illegal_use(
		call, "the map is of type %s, which has no values of sockets: make it an SK_STORAGE; nothing is made",
		bpf_map_type_name(map.attr.map_type));
	return nullptr;
}

/// bpf_local_storage_update(): the new element's data, or null and the errno in `error`.
void* update_value(sk_storage_map& map, sock& sk, const void* value, u64 flags, int& error) noexcept {
	const u32 limit = sk.skc_net->core.sysctl_optmem_max;
	dead_values dead;
	std::lock_guard held(detail::socket_elements_mutex());
	storage_elem* const old = find_value(sk, map);
	// The kernel asks for memory first, unless the socket has no value of any map yet.
	error = sk.sk_bpf_storage.empty() && flags == BPF_EXIST ? -ENOENT : 0;
	storage_elem* const fresh = error ? nullptr : make_value(map, sk, value, limit);
	if (!error && !fresh)
		error = -ENOMEM;
	if (error)
		return nullptr;
	if ((old && flags == BPF_NOEXIST) || (!old && flags == BPF_EXIST)) {
		sk.sk_omem_alloc.subtract(map.charge());
		::operator delete(fresh);
		error = old ? -EEXIST : -ENOENT;
		return nullptr;
	}
	link_value(fresh);
	if (old) {
		unlink_value(old);
		dead.add(old);
	}
	return fresh->data();
}

/// Alive: initialised and not freed.
bool is_alive(const sock& sk) noexcept { return sk.sk_cgrp_data != nullptr; }

void storage_elem::leave(sock_attachments& from) noexcept { detail::leave_by(from, unlink_value); }

/// Readers compare elements' maps with their own, which they hold a reference to; but one may still walk past
/// a dead element of this one.
void sk_storage_map::last_reference_gone() noexcept {
	dead_values dead;
	std::lock_guard held(detail::socket_elements_mutex());
	while (!elems.empty()) {
		storage_elem& each = elems.front();
		unlink_value(&each);
		dead.add(&each);
	}
}

void check_sk_storage(detail::attribute_check& check) {
	const u32 flags = check.attr().map_flags;
	check
		.refuse_if(flags & ~u32{BPF_F_NO_PREALLOC | BPF_F_CLONE}, EINVAL, "map_flags", flags,
				   "an SK_STORAGE takes BPF_F_NO_PREALLOC (1) and BPF_F_CLONE (512) alone")
		.refuse_if(!(flags & BPF_F_NO_PREALLOC), EINVAL, "map_flags", flags,
				   "add BPF_F_NO_PREALLOC (1), which is required")
		.refuse_if(check.attr().max_entries != 0, EINVAL, "max_entries", check.attr().max_entries,
				   "make it 0: each socket may have a value")
		.refuse_if(check.attr().key_size != sizeof(int), EINVAL, "key_size", check.attr().key_size,
				   "make it 4, a socket's descriptor")
		.has_value()
		.refuse_if(check.attr().value_size > sk_storage_max_value_size, E2BIG, "value_size",
				   check.attr().value_size, "a value has at most 65407 bytes");
}

} // namespace

const detail::map_type detail::sk_storage_type{check_sk_storage, make_map<sk_storage_map>};

std::size_t bpf_sk_storage_count(const bpf_map& map) noexcept {
	return map.holds() == map_holds::socket_values
			   ? static_cast<const sk_storage_map&>(map).count.load(std::memory_order_relaxed)
			   : 0;
}

void* bpf_sk_storage_get(bpf_map& map, sock_common* sk, const void* value, u64 flags) noexcept {
	if (!sk || !sk_fullsock(sk) || flags > BPF_SK_STORAGE_GET_F_CREATE)
		return nullptr;
	auto& full = static_cast<sock&>(*sk);
	{
		rcu_read_guard reading;
		if (storage_elem* const found = find_value(full, map))
			return found->data();
	}
	if (flags != BPF_SK_STORAGE_GET_F_CREATE || !is_alive(full))
		return nullptr;
	sk_storage_map* const in = to_make_in(map, "bpf_sk_storage_get");
	int error;
	return in ? update_value(*in, full, value, BPF_NOEXIST, error) : nullptr;
}

int bpf_sk_storage_delete(bpf_map& map, sock_common* sk) noexcept {
	if (!sk || !sk_fullsock(sk))
		return -EINVAL;
	auto& full = static_cast<sock&>(*sk);
	if (!is_alive(full))
		return -ENOENT;
	dead_values dead;
	std::lock_guard held(detail::socket_elements_mutex());
	storage_elem* const old = find_value(full, map);
	if (!old)
		return -ENOENT;
	unlink_value(old);
	dead.add(old);
	return 0;
}

int bpf_sk_storage_update(bpf_map& map, sock& sk, const void* value, u64 flags) noexcept {
	if (flags > BPF_EXIST)
		return -EINVAL;
	if (!is_alive(sk)) {
		illegal_use("bpf_sk_storage_update",
					"the socket was never initialised (tcp_init_sock, inet_csk_clone) or has been freed "
					"(sk_free); the result is -ENOENT");
		return -ENOENT;
	}
	int error = -ENOMEM;
	if (sk_storage_map* const in = to_make_in(map, "bpf_sk_storage_update"))
		(void)update_value(*in, sk, value, flags, error);
	return error;
}

int bpf_sk_storage_clone(const sock& listener, sock& child) noexcept {
	if (listener.sk_bpf_storage.empty()) [[likely]]
		return 0;
	const u32 limit = child.skc_net->core.sysctl_optmem_max;
	std::lock_guard held(detail::socket_elements_mutex());
	for (sock_attachment* at = listener.sk_bpf_storage.first(); at;
		 at = rcu_access_pointer(at->next_on_sock)) {
		auto& each = static_cast<storage_elem&>(*at);
		if (!(each.map->attr.map_flags & BPF_F_CLONE))
			continue;
		storage_elem* const copy = make_value(*each.map, child, each.data(), limit);
		if (!copy)
			return -ENOMEM;
		link_value(copy);
	}
	return 0;
}

} // namespace sockops
