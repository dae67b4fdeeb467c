// SPDX-License-Identifier: MIT
// Sockets by index or key. An entry hangs in the chain of its bucket, which readers walk under RCU, and
// in the list of its socket, which only writers do. A SOCKMAP has a bucket for each index, a SOCKHASH as
// many as it has room for, rounded up to a power of two. Both lists change under one lock.

#include <sockops/map/sock_map.hpp>

#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <new>
#include <string>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/sync/rcu.hpp>

#include "array_index.hpp"
#include "key_hash.hpp"
#include "map_type.hpp"
#include "reserved_memory.hpp"
#include "socket_elements.hpp"

namespace sockops {

namespace {

struct sock_map;

/// An entry; its key follows it in memory. (The kernel's sk_psock_link and bpf_shtab_elem in one.)
struct sock_entry final : sock_attachment, rcu_head {
	sock_entry(sock_map& of, sock& entered, u64 its_cookie, rcu_pointer<sock_entry>& in) noexcept
		: map(&of), sk(&entered), cookie(its_cookie), bucket(&in) {}
	void leave(sock_attachments& from) noexcept override;

	rcu_pointer<sock_entry> next_in_bucket;
	sock_map* const map;
	sock* const sk;
	const u64 cookie; ///< 0 where it cannot be looked up
	rcu_pointer<sock_entry>* const bucket;
	sock_entry* next_dead = nullptr;

	unsigned char* key() noexcept { return reinterpret_cast<unsigned char*>(this + 1); }
};
using sock_bucket = rcu_pointer<sock_entry>;
using dead_entries = detail::dead_list<sock_entry>;

struct sock_map final : bpf_map {
	explicit sock_map(const bpf_map_attr& with)
		: bpf_map(with), bucket_count(is_hash() ? std::bit_ceil(with.max_entries) : with.max_entries),
		  memory(u64{bucket_count} * sizeof(sock_bucket)),
		  buckets(reinterpret_cast<sock_bucket*>(memory.begin())) {}
	bool valid() const noexcept { return memory.valid(); }
	map_btf btf() const noexcept override { return map_btf::none; }
	void last_reference_gone() noexcept override;

	bool is_hash() const noexcept { return attr.map_type == BPF_MAP_TYPE_SOCKHASH; }

	int delete_elem(const void* key) noexcept override { return sock_map_delete_elem(*this, key); }
	/// The cookie of the socket; BPF_F_LOCK is -EINVAL.
	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	/// By a socket's descriptor, which user space gives by reference instead (sock_map.hpp).
	int sys_update_elem(const void*, const void*, u64 flags) noexcept override {
		const int error = refuse_writing(flags);
		return error ? error : -EOPNOTSUPP;
	}
	int sys_delete_elem(const void* key) noexcept override {
		const int error = refuse_writing();
		return error ? error : delete_elem(key);
	}
	/// SOCKMAP: all indices, whether there is a socket or not. SOCKHASH: sock_hash_get_next_key().
	int get_next_key(const void* key, void* next) noexcept override;

	const u32 bucket_count;
	detail::reserved_memory memory;
	sock_bucket* const buckets;        ///< all 0 in the beginning, which is empty
	std::atomic<std::size_t> count{0}; ///< changed under the lock
	std::atomic<u64> changes{0};       ///< so is it
};

/// The map as what it is; nullptr if it is of another type.
sock_map* as_sock_map(const bpf_map& map) noexcept {
	return map.holds() == map_holds::sockets ? static_cast<sock_map*>(const_cast<bpf_map*>(&map)) : nullptr;
}

/// Where the key's entry is or would be; nullptr for an index beyond the map.
sock_bucket* bucket_of(const sock_map& map, const void* key) noexcept {
	if (map.is_hash())
		return &map.buckets[detail::hash_key(key, map.attr.key_size) & (map.bucket_count - 1)];
	const u32 index = detail::index_of(key);
	return index < map.bucket_count ? &map.buckets[index] : nullptr;
}

sock_entry* find_entry_in(const sock_map& map, const sock_bucket& in, const void* key) noexcept {
	sock_entry* at = rcu_dereference(in);
	while (at && std::memcmp(at->key(), key, map.attr.key_size) != 0)
		at = rcu_dereference(at->next_in_bucket);
	return at;
}
/// Inside a read-side section, or under the lock.
sock_entry* find_entry(const sock_map& map, const void* key) noexcept {
	const sock_bucket* const in = bucket_of(map, key);
	return in ? find_entry_in(map, *in, key) : nullptr;
}

/// An entry that hangs nowhere yet.
sock_entry* make_link(sock_map& map, sock& sk, const void* key, sock_bucket& in) noexcept {
	const u32 size = map.attr.key_size;
	void* const memory = ::operator new(sizeof(sock_entry) + size, std::nothrow);
	if (!memory)
		return nullptr;
	const u64 cookie = map.attr.value_size == sizeof(u64) ? sock_gen_cookie(&sk) : 0;
	auto* const fresh = new (memory) sock_entry(map, sk, cookie, in);
	std::memcpy(fresh->key(), key, size);
	return fresh;
}

// The rest of these: under the lock.

void hang(sock_entry* fresh) noexcept {
	rcu_assign_pointer(fresh->next_in_bucket, rcu_access_pointer(*fresh->bucket));
	rcu_assign_pointer(*fresh->bucket, fresh);
	fresh->sk->sk_psock.push_front(*fresh);
	fresh->map->count.fetch_add(1, std::memory_order_relaxed);
	fresh->map->changes.fetch_add(1, std::memory_order_relaxed);
}

void unhang(sock_entry* old) noexcept {
	sock_bucket* from = old->bucket;
	while (rcu_access_pointer(*from) != old)
		from = &rcu_access_pointer(*from)->next_in_bucket;
	rcu_assign_pointer(*from, rcu_access_pointer(old->next_in_bucket));
	old->map->count.fetch_sub(1, std::memory_order_relaxed);
	old->map->changes.fetch_add(1, std::memory_order_relaxed);
	old->sk->sk_psock.remove(*old); // the last access to the socket
}

/// Why the key may not be entered; 0: it may.
int refusal(const sock_map& map, const sock_entry* old, u64 flags) noexcept {
	if (old && flags == BPF_NOEXIST)
		return -EEXIST;
	if (!old && flags == BPF_EXIST)
		return -ENOENT;
	const bool full = map.count.load(std::memory_order_relaxed) >= map.attr.max_entries;
	return !old && map.is_hash() && full ? -E2BIG : 0;
}

/// sock_map_update_common() and sock_hash_update_common().
int update(sock_map& map, const void* key, sock& sk, u64 flags) noexcept {
	if (flags > BPF_EXIST)
		return -EINVAL;
	sock_bucket* const in = bucket_of(map, key);
	if (!in)
		return -E2BIG;
	sock_entry* const fresh = make_link(map, sk, key, *in);
	if (!fresh)
		return -ENOMEM;
	dead_entries dead;
	std::lock_guard held(detail::socket_elements_mutex());
	sock_entry* const old = find_entry_in(map, *in, key);
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
						bpf_map& map, const void* key, u64 flags) noexcept {
	if (map.attr.map_type != takes) {
		illegal_use(std::string(helper.name).c_str(), "the map is a %s: make it a %s; the result is -EINVAL",
					bpf_map_type_name(map.attr.map_type), bpf_map_type_name(takes));
		return -EINVAL;
	}
	sock* const sk = suitable(ctx.sk);
	return sk && helper_works_in(helper, ctx.op) ? update(static_cast<sock_map&>(map), key, *sk, flags)
												 : -helper.elsewhere;
}

void sock_entry::leave(sock_attachments& from) noexcept { detail::leave_by(from, unhang); }

void sock_map::last_reference_gone() noexcept {
	dead_entries dead;
	std::lock_guard held(detail::socket_elements_mutex());
	for (u32 i = 0; count.load(std::memory_order_relaxed) != 0; ++i)
		while (sock_entry* const each = rcu_access_pointer(buckets[i])) {
			unhang(each);
			dead.add(each);
		}
}

int sock_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	u64 cookie;
	const int error = sock_map_lookup_elem_sys(*this, key, cookie);
	if (error == 0)
		std::memcpy(value, &cookie, sizeof cookie);
	return error;
}

int sock_map::get_next_key(const void* key, void* next) noexcept {
	if (const int error = refuse_reading())
		return error;
	return is_hash() ? sock_hash_get_next_key(*this, key, next)
					 : detail::next_index(key, next, attr.max_entries);
}

void check_sock_map(detail::attribute_check& check) {
	const bpf_map_attr& attr = check.attr();
	const bool hash = attr.map_type == BPF_MAP_TYPE_SOCKHASH;
	check.has_entries();
	(hash ? check.has_key() : check.key_is_index())
		.refuse_if(attr.value_size != sizeof(u32) && attr.value_size != sizeof(u64), EINVAL, "value_size",
				   attr.value_size, "make it 4, or 8 to look cookies up")
		.refuse_if(
			attr.map_flags & ~(BPF_F_NUMA_NODE | detail::one_way), EINVAL, "map_flags", attr.map_flags,
			"a map of sockets takes BPF_F_NUMA_NODE (4) and one of BPF_F_RDONLY (8) and BPF_F_WRONLY (16)")
		.refuse_if(hash && attr.key_size > sock_hash_max_key_size, E2BIG, "key_size", attr.key_size,
				   "a key of a SOCKHASH has at most 512 bytes")
		.refuse_if(hash && attr.max_entries > sock_hash_max_entries, EINVAL, "max_entries", attr.max_entries,
				   "a SOCKHASH has at most 134217728 entries");
}

} // namespace

const detail::map_type detail::sockmap_type{check_sock_map, make_map<sock_map>};
const detail::map_type detail::sockhash_type{check_sock_map, make_map<sock_map>};

u64 sock_map_changes(const bpf_map& map) noexcept {
	const sock_map* const of = as_sock_map(map);
	return of ? of->changes.load(std::memory_order_relaxed) : 0;
}
std::size_t sock_map_count(const bpf_map& map) noexcept {
	const sock_map* const of = as_sock_map(map);
	return of ? of->count.load(std::memory_order_relaxed) : 0;
}

int bpf_sock_map_update(bpf_sock_ops& skops, bpf_map& map, const void* key, u64 flags) noexcept {
	static constexpr const bpf_helper& row = *find_helper("bpf_sock_map_update");
	return update_from_program(row, BPF_MAP_TYPE_SOCKMAP, skops.kern(), map, key, flags);
}
int bpf_sock_hash_update(bpf_sock_ops& skops, bpf_map& map, const void* key, u64 flags) noexcept {
	static constexpr const bpf_helper& row = *find_helper("bpf_sock_hash_update");
	return update_from_program(row, BPF_MAP_TYPE_SOCKHASH, skops.kern(), map, key, flags);
}

int sock_map_update_elem_sys(bpf_map& map, const void* key, sock& sk, u64 flags) noexcept {
	if (!sk.sk_cgrp_data) {
		illegal_use("sock_map_update_elem_sys",
					"the socket was never initialised (tcp_init_sock, inet_csk_clone) or has been freed "
					"(sk_free); the result is -EBADF");
		return -EBADF;
	}
	sock_map* const in = as_sock_map(map);
	if (!in) {
		illegal_use("sock_map_update_elem_sys",
					"the map is a %s: make it a SOCKMAP or a SOCKHASH; the result is -EINVAL",
					bpf_map_type_name(map.attr.map_type));
		return -EINVAL;
	}
	const bool allowed = sk.skc_state == TCP_ESTABLISHED || sk.skc_state == TCP_LISTEN;
	return suitable(&sk) && allowed ? update(*in, key, sk, flags) : -EOPNOTSUPP;
}

int sock_map_delete_elem(bpf_map& map, const void* key) noexcept {
	sock_map* const of = as_sock_map(map);
	if (!of)
		return -EINVAL;
	dead_entries dead;
	std::lock_guard held(detail::socket_elements_mutex());
	sock_entry* const old = find_entry(*of, key);
	if (!old)
		return of->is_hash() ? -ENOENT : -EINVAL;
	unhang(old);
	dead.add(old);
	return 0;
}

int sock_map_lookup_elem_sys(const bpf_map& map, const void* key, u64& cookie) noexcept {
	const sock_map* const of = as_sock_map(map);
	if (!of || map.attr.value_size != sizeof(u64))
		return -ENOSPC;
	rcu_read_guard reading;
	const sock_entry* const found = find_entry(*of, key);
	if (!found)
		return -ENOENT;
	cookie = found->cookie;
	return 0;
}

int sock_hash_get_next_key(const bpf_map& map, const void* key, void* next) noexcept {
	const sock_map* const of = as_sock_map(map);
	if (!of)
		return -ENOENT;
	rcu_read_guard reading;
	sock_entry* const here = key ? find_entry(*of, key) : nullptr;
	sock_entry* after = here ? rcu_dereference(here->next_in_bucket) : nullptr;
	const sock_bucket* const end = of->buckets + of->bucket_count;
	for (const sock_bucket* in = here ? here->bucket + 1 : of->buckets; !after && in != end; ++in)
		after = rcu_dereference(*in);
	if (!after)
		return -ENOENT;
	std::memcpy(next, after->key(), map.attr.key_size);
	return 0;
}

sock* sock_map_lookup_elem(const bpf_map& map, const void* key) noexcept {
	const sock_map* const of = as_sock_map(map);
	rcu_read_guard reading;
	const sock_entry* const found = of ? find_entry(*of, key) : nullptr;
	return found ? found->sk : nullptr;
}

} // namespace sockops
