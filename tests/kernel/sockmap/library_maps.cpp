// SPDX-License-Identifier: MIT
#include "library_maps.hpp"

#include <cstdlib>

#include "kernel_maps.hpp"

namespace sockmap_diff {

using namespace sockops;

library_maps::library_maps() {
	const bpf_map_attr attrs[sockmap_maps] = {
		{BPF_MAP_TYPE_SOCKMAP, 4, 4, array_entries, 0},
		{BPF_MAP_TYPE_SOCKMAP, 4, 8, array_entries, 0},
		{BPF_MAP_TYPE_SOCKHASH, 4, 4, hash_entries, 0},
		{BPF_MAP_TYPE_SOCKHASH, 12, 8, hash_entries, 0},
	};
	for (unsigned i = 0; i != sockmap_maps; ++i)
		if (bpf_map_create(attrs[i], maps_[i]) != 0)
			std::abort(); // no memory for a test
}

scoped_tcp_sock& library_maps::socket(std::uint64_t cookie) {
	auto& found = sockets_[cookie];
	if (!found) {
		found = std::make_unique<scoped_tcp_sock>(in_, *root_);
		found->skc_cookie = cookie;
	}
	return *found;
}

int library_maps::play(const sockmap_call& call) {
	if (call.erase)
		return erase(call.map, call.key);
	bpf_sock_ops_kern ctx{};
	ctx.sk = &socket(call.cookie);
	ctx.op = static_cast<u8>(call.op);
	bpf_sock_ops skops(ctx);
	const sockmap_key key = key_of(call.key);
	bpf_map& map = *maps_[call.map].get();
	return call.map == map_array4 || call.map == map_array8
			   ? bpf_sock_map_update(skops, map, &key, call.flags)
			   : bpf_sock_hash_update(skops, map, &key, call.flags);
}

int library_maps::update(unsigned map, unsigned key, std::uint64_t cookie, std::uint8_t state,
						 std::uint64_t flags) {
	scoped_tcp_sock& sk = socket(cookie);
	sk.skc_state = state;
	const sockmap_key bytes = key_of(key);
	return sock_map_update_elem_sys(*maps_[map].get(), &bytes, sk, flags);
}
int library_maps::erase(unsigned map, unsigned key) {
	const sockmap_key bytes = key_of(key);
	return sock_map_delete_elem(*maps_[map].get(), &bytes);
}
int library_maps::lookup(unsigned map, unsigned key, std::uint64_t& cookie) {
	const sockmap_key bytes = key_of(key);
	return sock_map_lookup_elem_sys(*maps_[map].get(), &bytes, cookie);
}

int library_maps::next_key(unsigned map, const sockmap_key* key, sockmap_key& next) {
	return sock_hash_get_next_key(*maps_[map].get(), key, &next);
}

std::size_t library_maps::count() const {
	std::size_t all = 0;
	for (const bpf_map_ptr& map : maps_)
		all += sock_map_count(*map.get());
	return all;
}

} // namespace sockmap_diff
