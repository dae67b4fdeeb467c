// SPDX-License-Identifier: MIT
#include "random_attributes.hpp"

#include <array>

namespace maps_diff {

namespace {

constexpr bpf_map_type all_types[] = {BPF_MAP_TYPE_HASH,        BPF_MAP_TYPE_ARRAY,
									  BPF_MAP_TYPE_PROG_ARRAY,  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
									  BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_ARRAY,
									  BPF_MAP_TYPE_LRU_HASH,    BPF_MAP_TYPE_SOCKMAP,
									  BPF_MAP_TYPE_SOCKHASH,    BPF_MAP_TYPE_RINGBUF,
									  bpf_map_type{0},          bpf_map_type{1000}};
constexpr bpf_map_type types_with_values[] = {BPF_MAP_TYPE_HASH, BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_PERCPU_HASH,
											  BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_LRU_HASH};

constexpr u32 token_fd = 1u << 16; ///< BPF_F_TOKEN_FD asks for a descriptor first

bool has_index(bpf_map_type type) { return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY; }
bool may_have_lock(bpf_map_type type) { return type == BPF_MAP_TYPE_HASH || type == BPF_MAP_TYPE_ARRAY; }

} // namespace

void random_attributes::give_lock(bpf_map_attr& attr) {
	attr.key_size = 4;
	attr.value_size = (attr.value_size + 4) / 4 * 4;
	attr.spin_lock_off = static_cast<s32>(random_() % (attr.value_size / 4) * 4);
}

bpf_map_attr random_attributes::any() {
	bpf_map_attr attr{.map_type = pick(all_types)};
	const bool ring = attr.map_type == BPF_MAP_TYPE_RINGBUF && !one_in(4);
	attr.key_size = ring ? 0 : pick({4u, 4u, 4u, 4u, 0u, 1u, 3u, 5u, 8u, 512u, 513u});
	attr.value_size = ring ? 0 : pick({4u, 4u, 4u, 8u, 8u, 0u, 1u, 3u, 5u, 64u, 4096u});
	attr.max_entries = ring ? pick({4096u, 8192u, 4095u, 12'288u, 2048u, 0u, 1u << 20})
							: pick({1u, 2u, 3u, 5u, 64u, 100u, 0u, 4096u});
	const unsigned bits = pick({0u, 0u, 1u, 1u, 1u, 2u, 3u});
	for (unsigned i = 0; i != bits; ++i)
		attr.map_flags |= 1u << random_() % (one_in(8) ? 32 : 13);
	attr.map_flags &= ~token_fd;
	attr.map_extra = one_in(30) ? random_() % 3 : 0;
	attr.map_name = pick({"", "", "", "a.b_C1", "conns", "a b", "a/b", "a-"});
	if (one_in(10) && attr.key_size == 4 && attr.value_size != 0 && attr.value_size % 4 == 0)
		attr.spin_lock_off = static_cast<s32>(random_() % (attr.value_size / 4) * 4);
	return attr;
}

bpf_map_attr random_attributes::usable() {
	bpf_map_attr attr{.map_type = pick(types_with_values)};
	const bool lru = attr.map_type == BPF_MAP_TYPE_LRU_HASH, index = has_index(attr.map_type);
	attr.key_size = index ? 4 : pick({1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 12u, 16u, 40u});
	attr.value_size = pick({1u, 2u, 3u, 4u, 5u, 8u, 12u, 16u, 23u, 64u, 200u});
	attr.max_entries = lru ? 1000 : pick({1u, 2u, 3u, 7u, 8u, 20u, 1000u});
	attr.map_flags = pick<u32>({0, 0, 0, 0, 0, BPF_F_RDONLY, BPF_F_WRONLY, BPF_F_RDONLY_PROG});
	if (!lru && !index && one_in(2))
		attr.map_flags |= BPF_F_NO_PREALLOC;
	if (lru && one_in(2))
		attr.map_flags |= BPF_F_NO_COMMON_LRU;
	if (attr.map_type == BPF_MAP_TYPE_ARRAY && one_in(4))
		attr.map_flags |= BPF_F_MMAPABLE;
	if (may_have_lock(attr.map_type) && one_in(3))
		give_lock(attr);
	return attr;
}

std::vector<bpf_map_attr> attributes_at_limits() {
	std::vector<bpf_map_attr> all;
	const auto add = [&](u32 type, u32 key, u32 value, u32 entries, u32 flags = 0) {
		all.push_back({.map_type = bpf_map_type{type},
					   .key_size = key,
					   .value_size = value,
					   .max_entries = entries,
					   .map_flags = flags});
	};
	for (const bpf_map_type type : all_types) {
		const bool ring = type == BPF_MAP_TYPE_RINGBUF;
		for (u32 bit = 0; bit != 32; ++bit)
			for (u32 other = 0; other <= bit; ++other)
				if (((1u << bit | 1u << other) & token_fd) == 0)
					add(type, ring ? 0 : 4, ring ? 0 : 4, ring ? 4096 : 2, 1u << bit | 1u << other);
		for (const u32 value :
			 {32'760u, 32'761u, 32'767u, 32'768u, 32'769u, 4'194'248u, 4'194'251u, 4'194'252u, 4'194'303u,
			  4'194'304u, 0x8000'0000u, 0xffff'fff8u, 0xffff'fff9u, 0xffff'ffffu})
			add(type, 4, value, 1);
		for (const u32 key : {512u, 513u, 4'194'248u, 4'194'251u, 4'194'252u, 4'194'304u, 0x8000'0000u,
							  0xffff'fffbu, 0xffff'fffcu, 0xffff'ffffu})
			add(type, key, 4, 1);
		for (const u32 entries : {(1u << 27) + 1, 1u << 28, 1u << 31, (1u << 31) + 1, 0xffff'ffffu})
			if (type != BPF_MAP_TYPE_SOCKMAP) // which would take that much memory at once, here as there
				add(type, 4, 4, entries);
	}
	return all;
}

} // namespace maps_diff
