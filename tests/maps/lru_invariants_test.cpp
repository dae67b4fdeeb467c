// SPDX-License-Identifier: MIT
// An LRU_HASH of the library's that is full, by what holds of the kernel's too (kernel_lru_test).
#include "lru_invariants.hpp"
#include "support.hpp"

namespace maps_diff {
namespace {

class library_lru_map final : public lru_map {
  public:
	library_lru_map(u32 max_entries, u32 flags)
		: map_(map_test::make_map(
			  map_test::attr_of<u32, u64>(sockops::BPF_MAP_TYPE_LRU_HASH, max_entries, flags))) {}

	long update(u32 key, u64 value, u64 flags) override {
		return map_.get()->sys_update_elem(&key, &value, flags);
	}
	long lookup(u32 key, u64& value) override { return map_.get()->sys_lookup_elem(&key, &value); }
	long erase(u32 key) override { return map_.get()->sys_delete_elem(&key); }
	long next_key(const u32* key, u32& next) override { return map_.get()->get_next_key(key, &next); }
	void look_up_in_program(std::span<const u32> keys) override {
		sockops::rcu_read_guard reading;
		for (const u32 key : keys)
			map_.get()->lookup_elem(&key);
	}
	u32 most() const override { return map_.get()->attr.max_entries; }
	bool is_exact() const override { return true; }

  private:
	sockops::bpf_map_ptr map_;
};

void expect_none(const diff_result& result) {
	EXPECT_EQ(result.mismatches, 0u);
	for (const std::string& words : result.first)
		ADD_FAILURE() << words;
}

TEST(lru_invariants, hold_under_random_calls) {
	diff_result result;
	for (const u32 flags : {0u, u32{sockops::BPF_F_NO_COMMON_LRU}})
		for (const u32 entries : {1u, 2u, 3u, 8u, 40u, 300u}) {
			library_lru_map map(entries, flags);
			lru_invariants(map, entries, result).run(5000);
		}
	expect_none(result);
	EXPECT_GE(result.cases, 100'000u);
}

TEST(lru_invariants, what_programs_look_up_again_and_again_stays) {
	diff_result result;
	for (const u32 entries : {2u, 8u, 64u, 300u}) {
		library_lru_map map(entries, 0);
		lru_invariants(map, entries, result).looked_up_keys_stay(entries / 2, 4 * entries);
	}
	expect_none(result);
}

TEST(lru_invariants, all_elements_are_used_before_one_is_evicted) {
	for (const u32 entries : {1u, 2u, 64u, 300u}) {
		library_lru_map map(entries, 0);
		u64 value = 0;
		for (u32 key = 0; key != entries; ++key)
			ASSERT_EQ(map.update(key, key, 0), 0);
		for (u32 key = 0; key != entries; ++key)
			EXPECT_EQ(map.lookup(key, value), 0) << key;
		ASSERT_EQ(map.update(entries, 0, 0), 0);
		EXPECT_EQ(map.lookup(0, value), -ENOENT) << "the oldest goes";
	}
}

} // namespace
} // namespace maps_diff
