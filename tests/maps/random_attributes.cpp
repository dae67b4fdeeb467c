// SPDX-License-Identifier: MIT
#include "random_attributes.hpp"

namespace maps_diff {

namespace {

/// What the library has; SK_STORAGE asks for types (BTF), which have a test of their own. And two that nobody
/// has.
const std::vector<bpf_map_type>& all_types() {
	static const std::vector<bpf_map_type> all = [] {
		std::vector<bpf_map_type> types{bpf_map_type{0}, bpf_map_type{1000}};
		for (u32 type = 0; type <= BPF_MAP_TYPE_ARENA; ++type)
			if (bpf_map_type_is_modelled(type) && bpf_map_type_holds(type) != map_holds::socket_values)
				types.push_back(bpf_map_type{type});
		return types;
	}();
	return all;
}

enum class keys : u8 { any, index, none };

/// Types of which calls of user space are compared, call by call, and with what attributes. One that is not
/// here is only made, in both.
struct compared_type {
	bpf_map_type type;
	keys has = keys::any;
	bool takes_lock = false;
	u32 own_flags = 0;   ///< any of these
	u32 max_entries = 0; ///< always so many; 0: any
};
constexpr compared_type types_with_values[] = {
	{.type = BPF_MAP_TYPE_HASH, .takes_lock = true, .own_flags = BPF_F_NO_PREALLOC},
	{.type = BPF_MAP_TYPE_ARRAY, .has = keys::index, .takes_lock = true, .own_flags = BPF_F_MMAPABLE},
	{.type = BPF_MAP_TYPE_PERCPU_HASH, .own_flags = BPF_F_NO_PREALLOC},
	{.type = BPF_MAP_TYPE_PERCPU_ARRAY, .has = keys::index},
	{.type = BPF_MAP_TYPE_QUEUE, .has = keys::none},
	{.type = BPF_MAP_TYPE_STACK, .has = keys::none},
	// So many that nothing is evicted by the tests' few keys.
	{.type = BPF_MAP_TYPE_LRU_HASH, .own_flags = BPF_F_NO_COMMON_LRU, .max_entries = 1000},
};

bool is_ring(bpf_map_type type) { return type == BPF_MAP_TYPE_RINGBUF; }
bool has_no_key(bpf_map_type type) {
	for (const compared_type& each : types_with_values)
		if (each.type == type)
			return each.has == keys::none;
	return is_ring(type);
}

constexpr u32 token_fd = 1u << 16; ///< BPF_F_TOKEN_FD asks for a descriptor first

} // namespace

void random_attributes::give_lock(bpf_map_attr& attr) {
	attr.key_size = 4;
	attr.value_size = (attr.value_size + 4) / 4 * 4;
	attr.spin_lock_off = static_cast<s32>(random_() % (attr.value_size / 4) * 4);
}

bpf_map_attr random_attributes::any() {
	bpf_map_attr attr{.map_type = all_types()[random_() % all_types().size()]};
	const bool as_it_takes = !one_in(4), ring = is_ring(attr.map_type) && as_it_takes;
	attr.key_size =
		has_no_key(attr.map_type) && as_it_takes ? 0 : pick({4u, 4u, 4u, 4u, 0u, 1u, 3u, 5u, 8u, 512u, 513u});
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
	const compared_type of = pick(types_with_values);
	bpf_map_attr attr{.map_type = of.type};
	attr.key_size = of.has == keys::none    ? 0
					: of.has == keys::index ? 4
											: pick({1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 12u, 16u, 40u});
	attr.value_size = pick({1u, 2u, 3u, 4u, 5u, 8u, 12u, 16u, 23u, 64u, 200u});
	attr.max_entries = of.max_entries ? of.max_entries : pick({1u, 2u, 3u, 7u, 8u, 20u, 1000u});
	attr.map_flags = pick<u32>({0, 0, 0, 0, 0, BPF_F_RDONLY, BPF_F_WRONLY, BPF_F_RDONLY_PROG});
	if (one_in(2))
		attr.map_flags |= of.own_flags;
	if (of.takes_lock && one_in(3))
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
	for (const bpf_map_type type : all_types()) {
		const bool ring = is_ring(type);
		const u32 key_size = has_no_key(type) ? 0 : 4;
		for (u32 bit = 0; bit != 32; ++bit)
			for (u32 other = 0; other <= bit; ++other)
				if (((1u << bit | 1u << other) & token_fd) == 0)
					add(type, key_size, ring ? 0 : 4, ring ? 4096 : 2, 1u << bit | 1u << other);
		for (const u32 value :
			 {32'760u, 32'761u, 32'767u, 32'768u, 32'769u, 4'194'248u, 4'194'251u, 4'194'252u, 4'194'303u,
			  4'194'304u, 0x8000'0000u, 0xffff'fff8u, 0xffff'fff9u, 0xffff'ffffu})
			add(type, key_size, value, 1);
		for (const u32 key : {512u, 513u, 4'194'248u, 4'194'251u, 4'194'252u, 4'194'304u, 0x8000'0000u,
							  0xffff'fffbu, 0xffff'fffcu, 0xffff'ffffu})
			add(type, key, 4, 1);
		for (const u32 entries : {(1u << 27) + 1, 1u << 28, 1u << 31, (1u << 31) + 1, 0xffff'ffffu})
			if (type != BPF_MAP_TYPE_SOCKMAP) // which would take that much memory at once, here as there
				add(type, key_size, 4, entries);
	}
	return all;
}

} // namespace maps_diff
