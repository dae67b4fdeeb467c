// SPDX-License-Identifier: MIT
// The order of the checks is the kernel's where it tells: what is wrong in two ways gets the first one's
// errno.
#include "attributes.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cerrno>
#include <limits>

#include <sockops/kern/errno.hpp>
#include <sockops/map/value_words.hpp>

namespace sockops::detail {

namespace {

constexpr u32 one_way = BPF_F_RDONLY | BPF_F_WRONLY;
constexpr u32 prog_one_way = BPF_F_RDONLY_PROG | BPF_F_WRONLY_PROG;
constexpr u32 index_size = sizeof(u32), fd_size = sizeof(u32);
constexpr u32 max_percpu_value = 32'768; ///< PCPU_MIN_UNIT_SIZE
/// KMALLOC_MAX_SIZE less a struct htab_elem: key and value are less than this.
constexpr u32 max_hash_element = (4u << 20) - 48;
constexpr u32 max_hash_entries = 1u << 27; ///< a bucket each, of 16 bytes, below 4 GiB
constexpr u32 ring_page = 4096;

/// One attribute set being checked: the first check that fails gives the errno.
struct checker {
	const bpf_map_attr& attr;
	std::string& why;
	int error = 0;

	checker& refuse_if(bool wrong, int with, const char* what, u64 value, const char* remedy) {
		if (wrong && error == 0) {
			error = -with;
			why = map_refusal(attr.map_type, what, value, remedy);
		}
		return *this;
	}
	checker& flags_among(u32 known) {
		return refuse_if(attr.map_flags & ~known, EINVAL, "map_flags has unknown bits",
						 attr.map_flags & ~known, "leave them out: this type does not take them")
			.refuse_if((attr.map_flags & prog_one_way) == prog_one_way, EINVAL, "map_flags", attr.map_flags,
					   "programs may be kept from reading or from writing, not from both");
	}
	checker& key_is(u32 size) {
		return refuse_if(attr.key_size != size, EINVAL, "key_size", attr.key_size,
						 size == 0 ? "this type has no keys: make it 0" : "make it 4, an index");
	}
	checker& has_entries() {
		return refuse_if(attr.max_entries == 0, EINVAL, "max_entries", 0, "make it at least 1");
	}
	checker& has_value() {
		return refuse_if(attr.value_size == 0, EINVAL, "value_size", 0, "make it at least 1");
	}
	checker& percpu_value_fits() {
		return refuse_if(padded(attr.value_size) > max_percpu_value, E2BIG, "value_size", attr.value_size,
						 "a value of one CPU has at most 32768 bytes");
	}
};

void check_common(checker& check) {
	const bpf_map_attr& attr = check.attr;
	check.refuse_if(attr.map_extra != 0, EINVAL, "map_extra", attr.map_extra, "make it 0")
		.refuse_if((attr.map_flags & one_way) == one_way, EINVAL, "map_flags", attr.map_flags,
				   "BPF_F_RDONLY and BPF_F_WRONLY exclude each other");
}

void check_name(checker& check) {
	const std::string& name = check.attr.map_name;
	const auto strange = [](unsigned char c) { return !std::isalnum(c) && c != '_' && c != '.'; };
	check.refuse_if(std::any_of(name.begin(), name.end(), strange), EINVAL, "the length of map_name",
					name.size(), "a name has letters, digits, '_' and '.' alone");
}

void check_array(checker& check) {
	const bpf_map_attr& attr = check.attr;
	const bool percpu = attr.map_type == BPF_MAP_TYPE_PERCPU_ARRAY;
	const u32 own = percpu ? 0 : BPF_F_NUMA_NODE | BPF_F_MMAPABLE | BPF_F_INNER_MAP;
	check.has_entries().key_is(index_size).has_value().flags_among(one_way | prog_one_way | own);
	if (percpu)
		check.percpu_value_fits();
	check.refuse_if(attr.value_size > std::numeric_limits<s32>::max(), E2BIG, "value_size", attr.value_size,
					"a value has less than 2 GiB");
}

void check_fd_array(checker& check) {
	const u32 own = check.attr.map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ? u32{BPF_F_PRESERVE_ELEMS} : 0;
	check.has_entries()
		.key_is(index_size)
		.flags_among(BPF_F_NUMA_NODE | one_way | own)
		.refuse_if(check.attr.value_size != fd_size, EINVAL, "value_size", check.attr.value_size,
				   "make it 4");
}

void check_hash(checker& check) {
	const bpf_map_attr& attr = check.attr;
	const bool lru = attr.map_type == BPF_MAP_TYPE_LRU_HASH;
	const bool percpu = attr.map_type == BPF_MAP_TYPE_PERCPU_HASH;
	const bool apart = percpu || (attr.map_flags & BPF_F_NO_COMMON_LRU);
	check
		.flags_among(BPF_F_NO_PREALLOC | BPF_F_NO_COMMON_LRU | BPF_F_NUMA_NODE | BPF_F_ZERO_SEED | one_way |
					 prog_one_way)
		.refuse_if(!lru && (attr.map_flags & BPF_F_NO_COMMON_LRU), EINVAL, "map_flags", attr.map_flags,
				   "BPF_F_NO_COMMON_LRU is for an LRU_HASH")
		.refuse_if(lru && (attr.map_flags & BPF_F_NO_PREALLOC), kern_errno::notsupp, "map_flags",
				   attr.map_flags, "leave out BPF_F_NO_PREALLOC: an LRU_HASH always has its elements")
		.refuse_if(apart && (attr.map_flags & BPF_F_NUMA_NODE), EINVAL, "map_flags", attr.map_flags,
				   "what is apart for each CPU is on no chosen node: leave out BPF_F_NUMA_NODE")
		.has_entries()
		.refuse_if(attr.key_size == 0, EINVAL, "key_size", 0, "make it at least 1")
		.has_value()
		.refuse_if(u64{attr.key_size} + attr.value_size >= max_hash_element, E2BIG, "key_size + value_size",
				   u64{attr.key_size} + attr.value_size, "together they are less than 4194256 bytes");
	if (percpu)
		check.percpu_value_fits();
	check.refuse_if(attr.max_entries > max_hash_entries, E2BIG, "max_entries", attr.max_entries,
					"a map with keys has at most 134217728 elements");
}

void check_ring(checker& check) {
	const bpf_map_attr& attr = check.attr;
	check.flags_among(BPF_F_NUMA_NODE)
		.key_is(0)
		.refuse_if(attr.value_size != 0, EINVAL, "value_size", attr.value_size, "make it 0")
		.refuse_if(!std::has_single_bit(attr.max_entries) || attr.max_entries % ring_page != 0, EINVAL,
				   "max_entries", attr.max_entries, "it is a power of two of bytes, from 4096 on");
}

void check_lock(checker& check) {
	const bpf_map_attr& attr = check.attr;
	const bool takes_one = attr.map_type == BPF_MAP_TYPE_HASH || attr.map_type == BPF_MAP_TYPE_ARRAY;
	const auto at = static_cast<u32>(attr.spin_lock_off);
	if (attr.spin_lock_off < 0)
		return;
	check
		.refuse_if(attr.map_flags & prog_one_way, EACCES, "map_flags", attr.map_flags,
				   "programs must read and write values with a struct bpf_spin_lock")
		.refuse_if(!takes_one, EOPNOTSUPP, "spin_lock_off", at,
				   "a struct bpf_spin_lock stands in values of a HASH or ARRAY")
		.refuse_if(at % sizeof(u32) != 0 || u64{at} + sizeof(u32) > attr.value_size, EINVAL, "spin_lock_off",
				   at, "the lock's 4 bytes are aligned and inside the value");
}

} // namespace

std::string map_refusal(u32 type, const char* what, u64 value, const char* remedy) {
	return std::string(bpf_map_type_name(type)) + ": " + what + " is " + std::to_string(value) + "; " +
		   remedy;
}

int check_map_attr(const bpf_map_attr& attr, std::string& why) {
	checker check{attr, why};
	check_common(check);
	switch (attr.map_type) {
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		check_array(check);
		break;
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		check_fd_array(check);
		break;
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
		check_hash(check);
		break;
	case BPF_MAP_TYPE_RINGBUF:
		check_ring(check);
		break;
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_SK_STORAGE:
		break;
	default:
		check.refuse_if(true, EINVAL, "map_type", attr.map_type, "the library has no such type");
	}
	return check.error;
}

int check_name_and_lock(const bpf_map_attr& attr, std::string& why) {
	checker check{attr, why};
	check_name(check);
	check_lock(check);
	return check.error;
}

} // namespace sockops::detail
