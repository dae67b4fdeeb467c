// SPDX-License-Identifier: MIT
// Lookups that find their key, inside a read-side section as programs make them, beside what one would use
// without this library: std::unordered_map under a lock, and a bare array.

#include <array>
#include <mutex>
#include <unordered_map>

#include <benchmark/benchmark.h>

#include <sockops/map/bpf_map.hpp>

#include "bpf_rows.hpp"

namespace bench {

namespace {

using namespace sockops;

constexpr u32 entries = 1024;

/// Keys in an order that is neither ascending nor remembered by the processor's caches for free.
u32 next_key(u32 key) { return (key * 421 + 7) % entries; }

void map_lookup(benchmark::State& state, bpf_map_type type) {
	bpf_map_ptr map;
	std::string why;
	if (bpf_map_create({.map_type = type, .key_size = 4, .value_size = 8, .max_entries = entries}, map,
					   why) != 0) {
		state.SkipWithError(why.c_str());
		return;
	}
	for (u32 key = 0; key != entries; ++key) {
		const u64 value = key;
		const rcu_read_guard guard;
		(void)map.get()->update_elem(&key, &value, BPF_ANY);
	}
	u32 key = 0;
	for (auto _ : state) {
		const rcu_read_guard guard;
		const auto* const value = static_cast<const u64*>(map.get()->lookup_elem(&key));
		benchmark::DoNotOptimize(*value);
		key = next_key(key);
	}
}

void unordered_map_under_a_lock(benchmark::State& state) {
	std::unordered_map<u32, u64> map;
	std::mutex lock;
	for (u32 key = 0; key != entries; ++key)
		map[key] = key;
	u32 key = 0;
	for (auto _ : state) {
		const std::lock_guard held(lock);
		benchmark::DoNotOptimize(map.find(key)->second);
		key = next_key(key);
	}
}

void bare_array(benchmark::State& state) {
	std::array<u64, entries> values{};
	u32 key = 0;
	for (auto _ : state) {
		benchmark::DoNotOptimize(values[key]);
		key = next_key(key);
	}
}

} // namespace

void register_map_rows() {
	for (const bpf_map_type type : {BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_HASH,
									BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_LRU_HASH})
		benchmark::RegisterBenchmark((std::string("map_lookup/") + bpf_map_type_name(type)).c_str(),
									 map_lookup, type);
	benchmark::RegisterBenchmark("map_lookup/unordered_map_under_a_lock", unordered_map_under_a_lock);
	benchmark::RegisterBenchmark("map_lookup/bare_array", bare_array);
}

} // namespace bench
