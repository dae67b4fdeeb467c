// SPDX-License-Identifier: MIT
// bpf_map_create(): a map of the type that the attributes name.
#include <cerrno>
#include <utility>

#include <sockops/map/array_map.hpp>
#include <sockops/map/hash_map.hpp>
#include <sockops/map/lru_hash_map.hpp>
#include <sockops/map/percpu_array_map.hpp>
#include <sockops/map/percpu_hash_map.hpp>
#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/prog_array.hpp>
#include <sockops/map/ring_buffer.hpp>
#include <sockops/map/socket_map_adapters.hpp>

#include "../kern/alloc.hpp"
#include "attributes.hpp"

namespace sockops {

namespace {

template <class Map>
int make_map(const bpf_map_attr& attr, bpf_map_ptr& made) {
	auto* const map = detail::make<Map>(attr);
	if (!map || !map->valid()) {
		delete map;
		return -ENOMEM;
	}
	made = bpf_map_ptr::adopt(map);
	return 0;
}

template <class Adapter, class Inside>
int wrap(const bpf_map_attr& attr, Inside inside, bpf_map_ptr& made) {
	auto* const map = detail::make<Adapter>(attr, std::move(inside));
	made = bpf_map_ptr::adopt(map);
	return map ? 0 : -ENOMEM;
}

int make_sk_storage(const bpf_map_attr& attr, bpf_map_ptr& made) {
	bpf_sk_storage_map_ptr inside;
	const int error =
		bpf_sk_storage_map_alloc({attr.key_size, attr.value_size, attr.max_entries, attr.map_flags}, inside);
	return error ? error : wrap<sk_storage_bpf_map>(attr, std::move(inside), made);
}

int make_sock_map(const bpf_map_attr& attr, bpf_map_ptr& made) {
	bpf_sock_map_ptr inside;
	const int error = sock_map_alloc(
		{attr.map_type, attr.key_size, attr.value_size, attr.max_entries, attr.map_flags}, inside);
	return error ? error : wrap<sock_map_bpf_map>(attr, std::move(inside), made);
}

int make(const bpf_map_attr& attr, bpf_map_ptr& made) {
	switch (attr.map_type) {
	case BPF_MAP_TYPE_ARRAY:
		return make_map<array_map>(attr, made);
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return make_map<percpu_array_map>(attr, made);
	case BPF_MAP_TYPE_HASH:
		return make_map<hash_map>(attr, made);
	case BPF_MAP_TYPE_PERCPU_HASH:
		return make_map<percpu_hash_map>(attr, made);
	case BPF_MAP_TYPE_LRU_HASH:
		return make_map<lru_hash_map>(attr, made);
	case BPF_MAP_TYPE_PROG_ARRAY:
		return make_map<prog_array_map>(attr, made);
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		return make_map<perf_event_array_map>(attr, made);
	case BPF_MAP_TYPE_RINGBUF:
		return make_map<ring_buffer_map>(attr, made);
	case BPF_MAP_TYPE_SK_STORAGE:
		return make_sk_storage(attr, made);
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
		return make_sock_map(attr, made);
	default: // check_map_attr() has refused it
		return -EINVAL;
	}
}

std::string in_words(const bpf_map_attr& attr, int error) {
	const std::string name = bpf_map_type_name(attr.map_type);
	if (error == -ENOMEM)
		return detail::map_refusal(attr.map_type, "max_entries", attr.max_entries,
								   "there is no memory for so many of this size: make them fewer or smaller");
	return name + ": key_size " + std::to_string(attr.key_size) + ", value_size " +
		   std::to_string(attr.value_size) + ", max_entries " + std::to_string(attr.max_entries) +
		   ", map_flags " + std::to_string(attr.map_flags) +
		   (attr.map_type == BPF_MAP_TYPE_SK_STORAGE
				? ": a value has 1 to 65407 bytes, a key 4, max_entries is 0, and the flags are "
				  "BPF_F_NO_PREALLOC (1), which is required, and BPF_F_CLONE (512)"
				: ": a value has 4 or 8 bytes, a key 4 (of a SOCKHASH 1 to 512), max_entries is at least 1, "
				  "and the flags are BPF_F_NUMA_NODE (4) and one of BPF_F_RDONLY (8) and BPF_F_WRONLY (16)");
}

} // namespace

int bpf_map_create(const bpf_map_attr& attr, bpf_map_ptr& made, std::string& why) {
	if (const int error = detail::check_map_attr(attr, why))
		return error;
	bpf_map_ptr map;
	if (const int error = make(attr, map)) {
		why = in_words(attr, error);
		return error;
	}
	if (const int error = detail::check_name_and_lock(attr, why))
		return error;
	made = std::move(map);
	return 0;
}

} // namespace sockops
