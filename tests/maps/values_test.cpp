// SPDX-License-Identifier: MIT
// ARRAY, HASH, LRU_HASH and their PERCPU forms: what programs and user space are answered.
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <set>

#include <sys/mman.h>

#include "support.hpp"

namespace {

using namespace map_test;

int update(const bpf_map_ptr& map, u64 key, u64 value, u64 flags = BPF_ANY) {
	return map.get()->update_elem(&key, &value, flags);
}
u64* lookup(const bpf_map_ptr& map, u64 key) { return static_cast<u64*>(map.get()->lookup_elem(&key)); }
int erase(const bpf_map_ptr& map, u64 key) { return map.get()->delete_elem(&key); }

std::multiset<u64> keys_of(const bpf_map_ptr& map) {
	std::multiset<u64> keys;
	u64 key = 0;
	for (int error = map.get()->get_next_key(nullptr, &key); error == 0 && keys.size() < 1000;
		 error = map.get()->get_next_key(&key, &key))
		keys.insert(key);
	return keys;
}

void expect_in_area(const bpf_map_ptr& map, const void* value) {
	const bpf_map_area area = map.get()->area();
	const auto* const at = static_cast<const std::byte*>(value);
	ASSERT_GE(at, area.base);
	const auto offset = static_cast<std::size_t>(at - area.base);
	EXPECT_EQ(offset % area.stride, 0u);
	EXPECT_LT(offset / area.stride, area.count);
	EXPECT_EQ(area.value_size, map.get()->attr.value_size);
}

TEST(array, values_are_zero_aligned_and_lie_in_the_area) {
	const auto map =
		make_map({.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 13, .max_entries = 3});
	for (u32 index = 0; index != 3; ++index) {
		auto* const value = static_cast<char*>(map.get()->lookup_elem(&index));
		ASSERT_NE(value, nullptr);
		EXPECT_EQ(reinterpret_cast<std::uintptr_t>(value) % 8, 0u);
		for (int at = 0; at != 13; ++at)
			EXPECT_EQ(value[at], 0);
		expect_in_area(map, value);
	}
	const u32 beyond = 3;
	EXPECT_EQ(map.get()->lookup_elem(&beyond), nullptr);
}
TEST(array, an_update_writes_in_place) {
	const auto map = make_map(attr_of<u32, u64>(BPF_MAP_TYPE_ARRAY, 2));
	const u32 key = 1;
	auto* const value = static_cast<u64*>(map.get()->lookup_elem(&key));
	const u64 fresh = 77;
	EXPECT_EQ(map.get()->update_elem(&key, &fresh, BPF_EXIST), 0);
	EXPECT_EQ(*value, 77u);
	EXPECT_EQ(map.get()->update_elem(&key, &fresh, BPF_NOEXIST), -EEXIST);
	EXPECT_EQ(map.get()->delete_elem(&key), -EINVAL);
}
TEST(array, a_mmapable_one_is_seen_through_its_descriptor) {
	const auto map = make_map(attr_of<u32, u64>(BPF_MAP_TYPE_ARRAY, 1000, BPF_F_MMAPABLE));
	void* const seen = ::mmap(nullptr, 8000, PROT_READ | PROT_WRITE, MAP_SHARED, map.get()->memory_fd(), 0);
	ASSERT_NE(seen, MAP_FAILED);
	const u32 key = 999;
	const u64 value = 5;
	EXPECT_EQ(map.get()->update_elem(&key, &value, BPF_ANY), 0);
	EXPECT_EQ(static_cast<u64*>(seen)[999], 5u);
	static_cast<u64*>(seen)[0] = 6;
	const u32 first = 0;
	EXPECT_EQ(*static_cast<u64*>(map.get()->lookup_elem(&first)), 6u);
	::munmap(seen, 8000);
	EXPECT_EQ(make_map(attr_of<u32, u64>(BPF_MAP_TYPE_ARRAY, 1)).get()->memory_fd(), -1);
}
TEST(array, for_each_calls_in_order_until_it_is_told_to_stop) {
	const auto map = make_map(attr_of<u32, u64>(BPF_MAP_TYPE_ARRAY, 10));
	std::vector<u32> seen;
	const auto until_3 = [](void* key, void*, void* arg) {
		u32 index;
		std::memcpy(&index, key, sizeof index);
		static_cast<std::vector<u32>*>(arg)->push_back(index);
		return index == 3 ? 1 : 0;
	};
	EXPECT_EQ(map.get()->for_each(until_3, &seen), 4);
	EXPECT_EQ(seen, (std::vector<u32>{0, 1, 2, 3}));
}

TEST(hash, goes_by_the_rules_of_its_flags_and_is_full_at_max_entries) {
	for (const u32 flags : {0u, u32{BPF_F_NO_PREALLOC}}) {
		const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, 2, flags));
		EXPECT_EQ(update(map, 1, 10, BPF_EXIST), -ENOENT);
		EXPECT_EQ(update(map, 1, 10, BPF_NOEXIST), 0);
		EXPECT_EQ(update(map, 1, 11, BPF_NOEXIST), -EEXIST);
		EXPECT_EQ(update(map, 2, 20), 0);
		EXPECT_EQ(update(map, 3, 30), -E2BIG);
		EXPECT_EQ(update(map, 3, 30, BPF_EXIST), -ENOENT) << "before it is found to be full";
		EXPECT_EQ(update(map, 2, 21), 0) << "a full map replaces";
		EXPECT_EQ(*lookup(map, 2), 21u);
		EXPECT_EQ(update(map, 1, 10, 3), -EINVAL);
		EXPECT_EQ(update(map, 1, 10, BPF_F_LOCK), -EINVAL);
		EXPECT_EQ(erase(map, 3), -ENOENT);
		expect_in_area(map, lookup(map, 1));
	}
}
TEST(hash, a_full_map_deletes_and_enters_in_one_section) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, 1));
	rcu_read_guard reading;
	for (u64 key = 0; key != 1000; ++key) {
		ASSERT_EQ(update(map, key, key), 0);
		ASSERT_EQ(*lookup(map, key), key);
		ASSERT_EQ(erase(map, key), 0);
		ASSERT_EQ(lookup(map, key), nullptr);
	}
}
TEST(hash, user_space_takes_a_value_out_once) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, 1));
	const u64 key = 7;
	u64 value = 0;
	ASSERT_EQ(update(map, key, 70), 0);
	EXPECT_EQ(map.get()->sys_lookup_and_delete_elem(&key, &value), 0);
	EXPECT_EQ(value, 70u);
	EXPECT_EQ(map.get()->sys_lookup_and_delete_elem(&key, &value), -ENOENT);
	EXPECT_EQ(update(map, 8, 80), 0) << "there is room again";
	ASSERT_EQ(map.get()->freeze(), 0);
	EXPECT_EQ(map.get()->sys_lookup_and_delete_elem(&key, &value), -EPERM);
}
TEST(hash, an_update_makes_a_new_value_and_leaves_the_old_one) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, 4));
	ASSERT_EQ(update(map, 1, 10), 0);
	const u64* const old = lookup(map, 1);
	ASSERT_EQ(update(map, 1, 11), 0);
	EXPECT_EQ(*old, 10u);
	EXPECT_NE(lookup(map, 1), old);
}
TEST(hash, keys_are_walked_once_each_while_they_are_updated) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, 100));
	for (u64 key = 0; key != 100; ++key)
		ASSERT_EQ(update(map, key * 7, key), 0);
	std::set<u64> seen;
	u64 key = 0;
	for (int error = map.get()->get_next_key(nullptr, &key); error == 0;
		 error = map.get()->get_next_key(&key, &key)) {
		ASSERT_TRUE(seen.insert(key).second) << key;
		ASSERT_EQ(update(map, key, 1), 0);
	}
	EXPECT_EQ(seen.size(), 100u);
}
TEST(hash, for_each_visits_all_while_each_is_deleted) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_HASH, 100));
	for (u64 key = 0; key != 100; ++key)
		ASSERT_EQ(update(map, key, key), 0);
	const auto take_out = [](void* key, void*, void* arg) {
		return static_cast<bpf_map*>(arg)->delete_elem(key) == 0 ? 0 : 1;
	};
	EXPECT_EQ(map.get()->for_each(take_out, map.get()), 100);
	EXPECT_TRUE(keys_of(map).empty());
}
TEST(hash, the_lock_of_a_value_is_copied_neither_in_nor_out) {
	struct locked {
		u32 lock, count;
	};
	bpf_map_attr attr = attr_of<u64, locked>(BPF_MAP_TYPE_HASH, 2);
	attr.spin_lock_off = 0;
	const auto map = make_map(attr);
	const u64 key = 1;
	const locked given{99, 7};
	ASSERT_EQ(map.get()->update_elem(&key, &given, BPF_ANY), 0);
	auto* const value = static_cast<locked*>(map.get()->lookup_elem(&key));
	EXPECT_EQ(value->lock, 0u);
	const locked more{99, 8};
	ASSERT_EQ(map.get()->update_elem(&key, &more, BPF_F_LOCK | BPF_EXIST), 0);
	EXPECT_EQ(value->lock, 0u);
	EXPECT_EQ(value->count, 8u) << "in place";
	value->lock = 1; // a program holds it
	locked seen{};
	EXPECT_EQ(map.get()->sys_lookup_elem(&key, &seen, 0), 0);
	EXPECT_EQ(seen.lock, 0u);
	EXPECT_EQ(seen.count, 8u);
}

TEST(lru_hash, evicts_the_oldest_that_was_not_looked_up) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_LRU_HASH, 3));
	for (u64 key = 1; key != 4; ++key)
		ASSERT_EQ(update(map, key, key), 0);
	EXPECT_NE(lookup(map, 1), nullptr);
	ASSERT_EQ(update(map, 4, 4), 0);
	EXPECT_EQ(keys_of(map), (std::multiset<u64>{1, 3, 4}));
	ASSERT_EQ(update(map, 5, 5), 0);
	EXPECT_EQ(keys_of(map), (std::multiset<u64>{1, 4, 5})) << "1 was spared, once";
	ASSERT_EQ(update(map, 6, 6, BPF_NOEXIST), 0);
	EXPECT_EQ(keys_of(map), (std::multiset<u64>{4, 5, 6}));
	EXPECT_EQ(update(map, 7, 7, BPF_EXIST), -ENOENT);
	EXPECT_EQ(update(map, 7, 7, BPF_F_LOCK), -EINVAL);
}
TEST(lru_hash, a_lookup_of_user_space_spares_nothing) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_LRU_HASH, 2));
	for (u64 key = 1; key != 3; ++key)
		ASSERT_EQ(update(map, key, key), 0);
	const u64 key = 1;
	u64 value;
	EXPECT_EQ(map.get()->sys_lookup_elem(&key, &value, 0), 0);
	ASSERT_EQ(update(map, 3, 3), 0);
	EXPECT_EQ(keys_of(map), (std::multiset<u64>{2, 3}));
}

TEST(percpu, each_thread_has_its_value_and_user_space_sees_all) {
	for (const bpf_map_type type : {BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_PERCPU_HASH}) {
		const auto map = make_map(attr_of<u32, u32>(type, 4));
		ASSERT_EQ(map.get()->sys_value_size(), 8 * num_possible_cpus);
		const u32 key = 2, mine = 10;
		ASSERT_EQ(map.get()->update_elem(&key, &mine, BPF_ANY), 0);
		u32 other_cpu = 0;
		std::thread([&] {
			other_cpu = smp_processor_id();
			auto* const value = static_cast<u32*>(map.get()->lookup_elem(&key));
			EXPECT_EQ(*value, 0u);
			*value = 20;
			expect_in_area(map, value);
		}).join();
		std::vector<u64> all(num_possible_cpus);
		ASSERT_EQ(map.get()->sys_lookup_elem(&key, all.data(), 0), 0);
		EXPECT_EQ(all[smp_processor_id()], 10u);
		EXPECT_EQ(all[other_cpu], 20u);
		EXPECT_EQ(all[500], 0u);
		EXPECT_EQ(*static_cast<u32*>(map.get()->lookup_percpu_elem(&key, other_cpu)), 20u);
		EXPECT_EQ(map.get()->lookup_percpu_elem(&key, num_possible_cpus), nullptr);
		all[500] = 30;
		ASSERT_EQ(map.get()->sys_update_elem(&key, all.data(), BPF_EXIST), 0);
		EXPECT_EQ(*static_cast<u32*>(map.get()->lookup_percpu_elem(&key, 500)), 30u);
	}
}
TEST(percpu, a_key_entered_again_is_zero_on_the_other_cpus) {
	const auto map = make_map(attr_of<u64, u64>(BPF_MAP_TYPE_PERCPU_HASH, 1));
	const std::vector<u64> ones(num_possible_cpus, 1);
	u64 key = 1;
	ASSERT_EQ(map.get()->sys_update_elem(&key, ones.data(), BPF_ANY), 0);
	ASSERT_EQ(erase(map, key), 0);
	ASSERT_EQ(update(map, 2, 5), 0);
	key = 2;
	std::vector<u64> all(num_possible_cpus, 9), expected(num_possible_cpus, 0);
	expected[smp_processor_id()] = 5;
	ASSERT_EQ(map.get()->sys_lookup_elem(&key, all.data(), 0), 0);
	EXPECT_EQ(all, expected);
}

} // namespace
