// SPDX-License-Identifier: MIT
// Sockets by index or key. An entry hangs in the chain of its bucket, which readers walk under RCU, and
// in the list of its socket, which only writers do. A SOCKMAP has a bucket for each index, a SOCKHASH as
// many as it has room for, rounded up to a power of two. Both lists change under one lock.

#include <sockops/bpf/sock_map.hpp>

#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <new>
#include <string>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/sync/rcu.hpp>

#include "../kern/alloc.hpp"
#include "socket_maps.hpp"

namespace sockops {

/// An entry; its key follows it in memory. (The kernel's sk_psock_link and bpf_shtab_elem in one.)
struct sk_psock_link : rcu_head {
	sk_psock_link(bpf_sock_map& of, sock& entered, u64 its_cookie, rcu_pointer<sk_psock_link>& in) noexcept
		: map(&of), sk(&entered), cookie(its_cookie), bucket(&in) {}

	rcu_pointer<sk_psock_link> next_in_bucket;
	bpf_sock_map* const map;
	sock* const sk;
	const u64 cookie; ///< 0 where it cannot be looked up
	rcu_pointer<sk_psock_link>* const bucket;
	sk_psock_link *next_in_sock = nullptr, *previous_in_sock = nullptr;
	sk_psock_link* next_dead = nullptr;

	unsigned char* key() noexcept { return reinterpret_cast<unsigned char*>(this + 1); }
};

struct bpf_sock_map : rcu_head {
	using bucket = rcu_pointer<sk_psock_link>;

	const sock_map_attr attr;
	const u32 bucket_count;
	bucket* const buckets;
	std::atomic<u32> refcnt{1};
	std::atomic<std::size_t> count{0}; ///< changed under the lock
	std::atomic<u64> changes{0};       ///< so is it

	bpf_sock_map(const sock_map_attr& with, u32 many, bucket* made) noexcept
		: attr(with), bucket_count(many), buckets(made) {}
	~bpf_sock_map() { delete[] buckets; }
	bpf_sock_map(const bpf_sock_map&) = delete;
	bpf_sock_map& operator=(const bpf_sock_map&) = delete;

	bool is_hash() const noexcept { return attr.map_type == BPF_MAP_TYPE_SOCKHASH; }
};

namespace {

using link = sk_psock_link;
using bucket = bpf_sock_map::bucket;
using dead_links = detail::dead_list<link>;

u64 hash_of(const void* key, u32 size) noexcept { // FNV-1a, then mixed: the low bits choose the bucket
	u64 hash = 0xcbf29ce484222325;
	for (u32 i = 0; i != size; ++i)
		hash = (hash ^ static_cast<const unsigned char*>(key)[i]) * 0x100000001b3;
	return hash ^ hash >> 32;
}

/// Where the key's entry is or would be; nullptr for an index beyond the map.
bucket* bucket_of(const bpf_sock_map& map, const void* key) noexcept {
	if (map.is_hash())
		return &map.buckets[hash_of(key, map.attr.key_size) & (map.bucket_count - 1)];
	u32 index;
	std::memcpy(&index, key, sizeof index);
	return index < map.bucket_count ? &map.buckets[index] : nullptr;
}

link* find_in(const bpf_sock_map& map, const bucket& in, const void* key) noexcept {
	link* at = rcu_dereference(in);
	while (at && std::memcmp(at->key(), key, map.attr.key_size) != 0)
		at = rcu_dereference(at->next_in_bucket);
	return at;
}
/// Inside a read-side section, or under the lock.
link* find(const bpf_sock_map& map, const void* key) noexcept {
	const bucket* const in = bucket_of(map, key);
	return in ? find_in(map, *in, key) : nullptr;
}

/// An entry that hangs nowhere yet.
link* make_link(bpf_sock_map& map, sock& sk, const void* key, bucket& in) noexcept {
	const u32 size = map.attr.key_size;
	void* const memory = ::operator new(sizeof(link) + size, std::nothrow);
	if (!memory)
		return nullptr;
	const u64 cookie = map.attr.value_size == sizeof(u64) ? sock_gen_cookie(&sk) : 0;
	auto* const fresh = new (memory) link(map, sk, cookie, in);
	std::memcpy(fresh->key(), key, size);
	return fresh;
}

// The rest of these: under the lock.

void hang(link* fresh) noexcept {
	rcu_assign_pointer(fresh->next_in_bucket, rcu_access_pointer(*fresh->bucket));
	rcu_assign_pointer(*fresh->bucket, fresh);
	std::atomic<link*>& first = fresh->sk->sk_bpf_storage.links;
	link* const second = first.load(std::memory_order_relaxed);
	fresh->next_in_sock = second;
	if (second)
		second->previous_in_sock = fresh;
	first.store(fresh, std::memory_order_relaxed);
	fresh->map->count.fetch_add(1, std::memory_order_relaxed);
	fresh->map->changes.fetch_add(1, std::memory_order_relaxed);
}

void take_out_of_bucket(link* old) noexcept {
	bucket* from = old->bucket;
	while (rcu_access_pointer(*from) != old)
		from = &rcu_access_pointer(*from)->next_in_bucket;
	rcu_assign_pointer(*from, rcu_access_pointer(old->next_in_bucket));
	old->map->count.fetch_sub(1, std::memory_order_relaxed);
	old->map->changes.fetch_add(1, std::memory_order_relaxed);
}

void take_out_of_sock(link* old) noexcept {
	link *const before = old->previous_in_sock, *const after = old->next_in_sock;
	if (after)
		after->previous_in_sock = before;
	if (before)
		before->next_in_sock = after;
	else
		// L: release, pairs with sock_storage::remove_links(); the last access to a socket that then stands
		// in no map.
		old->sk->sk_bpf_storage.links.store(after, std::memory_order_release);
}

void unhang(link* old) noexcept {
	take_out_of_bucket(old);
	take_out_of_sock(old);
}

/// Why the key may not be entered; 0: it may.
int refusal(const bpf_sock_map& map, const link* old, u64 flags) noexcept {
	if (old && flags == BPF_NOEXIST)
		return -EEXIST;
	if (!old && flags == BPF_EXIST)
		return -ENOENT;
	return !old && map.is_hash() && map.count.load(std::memory_order_relaxed) >= map.attr.max_entries ? -E2BIG
																									  : 0;
}

/// sock_map_update_common() and sock_hash_update_common().
int update(bpf_sock_map& map, const void* key, sock& sk, u64 flags) noexcept {
	if (flags > BPF_EXIST)
		return -EINVAL;
	bucket* const in = bucket_of(map, key);
	if (!in)
		return -E2BIG;
	link* const fresh = make_link(map, sk, key, *in);
	if (!fresh)
		return -ENOMEM;
	dead_links dead;
	std::lock_guard held(detail::socket_maps_mutex());
	link* const old = find_in(map, *in, key);
	if (const int error = refusal(map, old, flags)) {
		::operator delete(fresh);
		return error;
	}
	hang(fresh);
	if (old) {
		unhang(old);
		dead.add(old);
	}
	return 0;
}

/// sock_map_sk_is_suitable(), of what a SOCK_OPS program can have: full TCP sockets.
sock* suitable(sock_common* sk) noexcept {
	if (!sk || !sk_fullsock(sk))
		return nullptr;
	auto* const full = static_cast<sock*>(sk);
	return full->sk_protocol == ipproto_tcp ? full : nullptr;
}

int update_from_program(const bpf_helper& helper, bpf_map_type takes, const bpf_sock_ops_kern& ctx,
						bpf_sock_map& map, const void* key, u64 flags) noexcept {
	if (map.attr.map_type != takes) {
		illegal_use(std::string(helper.name).c_str(), "the map is a %s: make it a %s; the result is -EINVAL",
					map.is_hash() ? "SOCKHASH" : "SOCKMAP", map.is_hash() ? "SOCKMAP" : "SOCKHASH");
		return -EINVAL;
	}
	sock* const sk = suitable(ctx.sk);
	return sk && helper_works_in(helper, ctx.op) ? update(map, key, *sk, flags) : -helper.elsewhere;
}

constexpr u32 known_flags = BPF_F_NUMA_NODE | BPF_F_RDONLY | BPF_F_WRONLY;
constexpr u32 one_way = BPF_F_RDONLY | BPF_F_WRONLY;

int check(const sock_map_attr& attr) noexcept {
	const bool hash = attr.map_type == BPF_MAP_TYPE_SOCKHASH;
	if ((!hash && attr.map_type != BPF_MAP_TYPE_SOCKMAP) || (attr.map_flags & one_way) == one_way ||
		attr.max_entries == 0 || (hash ? attr.key_size == 0 : attr.key_size != sizeof(u32)) ||
		(attr.value_size != sizeof(u32) && attr.value_size != sizeof(u64)) || (attr.map_flags & ~known_flags))
		return -EINVAL;
	if (hash && attr.key_size > sock_hash_max_key_size)
		return -E2BIG;
	return hash && attr.max_entries > sock_hash_max_entries ? -EINVAL : 0;
}

} // namespace

int sock_map_alloc(const sock_map_attr& attr, bpf_sock_map_ptr& made) noexcept {
	if (const int error = check(attr))
		return error;
	const bool hash = attr.map_type == BPF_MAP_TYPE_SOCKHASH;
	const u32 count = hash ? std::bit_ceil(attr.max_entries) : attr.max_entries;
	bucket* const buckets = new (std::nothrow) bucket[count];
	if (!buckets)
		return -ENOMEM;
	auto* const map = detail::make<bpf_sock_map>(attr, count, buckets);
	if (!map) {
		delete[] buckets;
		return -ENOMEM;
	}
	made = bpf_sock_map_ptr::adopt(map);
	return 0;
}

void bpf_map_inc(bpf_sock_map* map) noexcept { map->refcnt.fetch_add(1, std::memory_order_relaxed); }

void bpf_map_put(bpf_sock_map* map) noexcept {
	// E: acq_rel; the last put sees what every other holder did before its own.
	if (map->refcnt.fetch_sub(1, std::memory_order_acq_rel) != 1)
		return;
	{
		dead_links dead;
		std::lock_guard held(detail::socket_maps_mutex());
		for (u32 i = 0; i != map->bucket_count; ++i)
			while (link* const each = rcu_access_pointer(map->buckets[i])) {
				unhang(each);
				dead.add(each);
			}
	}
	call_rcu(map, [](rcu_head* head) { delete static_cast<bpf_sock_map*>(head); });
}

const sock_map_attr& sock_map_attr_of(const bpf_sock_map& map) noexcept { return map.attr; }

u64 sock_map_changes(const bpf_sock_map& map) noexcept { return map.changes.load(std::memory_order_relaxed); }

std::size_t sock_map_count(const bpf_sock_map& map) noexcept {
	return map.count.load(std::memory_order_relaxed);
}

int bpf_sock_map_update(bpf_sock_ops& skops, bpf_sock_map& map, const void* key, u64 flags) noexcept {
	static constexpr const bpf_helper& row = *find_helper("bpf_sock_map_update");
	return update_from_program(row, BPF_MAP_TYPE_SOCKMAP, skops.kern(), map, key, flags);
}

int bpf_sock_hash_update(bpf_sock_ops& skops, bpf_sock_map& map, const void* key, u64 flags) noexcept {
	static constexpr const bpf_helper& row = *find_helper("bpf_sock_hash_update");
	return update_from_program(row, BPF_MAP_TYPE_SOCKHASH, skops.kern(), map, key, flags);
}

int sock_map_update_elem_sys(bpf_sock_map& map, const void* key, sock& sk, u64 flags) noexcept {
	if (!sk.sk_cgrp_data) {
		illegal_use("sock_map_update_elem_sys",
					"the socket was never initialised (tcp_init_sock, inet_csk_clone) or has been freed "
					"(sk_free); the result is -EBADF");
		return -EBADF;
	}
	const bool allowed = sk.skc_state == TCP_ESTABLISHED || sk.skc_state == TCP_LISTEN;
	return suitable(&sk) && allowed ? update(map, key, sk, flags) : -EOPNOTSUPP;
}

int sock_map_delete_elem(bpf_sock_map& map, const void* key) noexcept {
	dead_links dead;
	std::lock_guard held(detail::socket_maps_mutex());
	link* const old = find(map, key);
	if (!old)
		return map.is_hash() ? -ENOENT : -EINVAL;
	unhang(old);
	dead.add(old);
	return 0;
}

int sock_map_lookup_elem_sys(const bpf_sock_map& map, const void* key, u64& cookie) noexcept {
	if (map.attr.value_size != sizeof(u64))
		return -ENOSPC;
	rcu_read_guard reading;
	const link* const found = find(map, key);
	if (!found)
		return -ENOENT;
	cookie = found->cookie;
	return 0;
}

int sock_hash_get_next_key(const bpf_sock_map& map, const void* key, void* next) noexcept {
	rcu_read_guard reading;
	link* const here = key ? find(map, key) : nullptr;
	link* after = here ? rcu_dereference(here->next_in_bucket) : nullptr;
	for (const bucket* in = here ? here->bucket + 1 : map.buckets;
		 !after && in != map.buckets + map.bucket_count; ++in)
		after = rcu_dereference(*in);
	if (!after)
		return -ENOENT;
	std::memcpy(next, after->key(), map.attr.key_size);
	return 0;
}

sock* sock_map_lookup_elem(const bpf_sock_map& map, const void* key) noexcept {
	rcu_read_guard reading;
	const link* const found = find(map, key);
	return found ? found->sk : nullptr;
}

void sock_storage::free_links() noexcept {
	dead_links dead;
	std::lock_guard held(detail::socket_maps_mutex());
	while (link* const each = links.load(std::memory_order_relaxed)) {
		unhang(each);
		dead.add(each);
	}
}

} // namespace sockops
