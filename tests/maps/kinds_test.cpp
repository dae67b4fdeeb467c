// SPDX-License-Identifier: MIT
// bpf_map_create() and what is no map of values by a key: RINGBUF, PERF_EVENT_ARRAY, PROG_ARRAY, QUEUE,
// STACK, and the maps of sockets.
#include <cerrno>
#include <cstring>

#include <poll.h>

#include <sockops/bpf/native_prog.hpp>
#include <sockops/kern/errno.hpp>
#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/prog_array.hpp>
#include <sockops/map/ring_buffer.hpp>
#include <sockops/map/sk_storage_map.hpp>
#include <sockops/map/sock_map.hpp>

#include "../no_memory.hpp"
#include "support.hpp"

namespace {

using namespace map_test;

TEST(bpf_map_create, says_in_words_what_is_refused) {
	const auto refused = [](const bpf_map_attr& attr, int error, const char* words) {
		bpf_map_ptr map;
		std::string why;
		EXPECT_EQ(bpf_map_create(attr, map, why), error) << words;
		EXPECT_NE(why.find(words), std::string::npos) << why;
		EXPECT_FALSE(map);
	};
	refused(attr_of<u64, u64>(BPF_MAP_TYPE_ARRAY, 1), -EINVAL, "key_size is 8; make it 4");
	refused(attr_of<u32, u64>(BPF_MAP_TYPE_HASH, 0), -EINVAL, "max_entries is 0");
	refused(attr_of<u32, u64>(BPF_MAP_TYPE_LRU_HASH, 1, BPF_F_NO_PREALLOC), -kern_errno::notsupp,
			"NO_PREALLOC");
	refused(attr_of<u32, u64>(bpf_map_type{13}, 1), -EINVAL, "map_type is 13");
	refused({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 5000}, -EINVAL, "power of two");
	refused(attr_of<u32, u64>(BPF_MAP_TYPE_SK_STORAGE, 0), -EINVAL,
			"map_flags is 0; add BPF_F_NO_PREALLOC (1), which is required");
	refused(attr_of<u32, u64>(BPF_MAP_TYPE_QUEUE, 1), -EINVAL, "key_size is 4; this type has no keys");
	refused({.map_type = BPF_MAP_TYPE_STACK, .value_size = (4 << 20) + 1, .max_entries = 1}, -E2BIG,
			"value_size is 4194305; a value has at most 4194304 bytes");
	refused(attr_of<u64, u64>(BPF_MAP_TYPE_SOCKMAP, 1), -EINVAL, "key_size is 8; make it 4");
}
TEST(bpf_map_create, without_memory_gives_enomem_and_leaves_nothing) {
	for (const bpf_map_type type :
		 {BPF_MAP_TYPE_HASH, BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_PROG_ARRAY, BPF_MAP_TYPE_PERF_EVENT_ARRAY,
		  BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_LRU_HASH, BPF_MAP_TYPE_SOCKMAP,
		  BPF_MAP_TYPE_RINGBUF, BPF_MAP_TYPE_QUEUE}) {
		const bool ring = type == BPF_MAP_TYPE_RINGBUF;
		bpf_map_attr attr = attr_of<u32, u32>(type, ring ? 4096 : 2);
		if (ring)
			attr.key_size = attr.value_size = 0;
		if (bpf_map_type_holds(type) == map_holds::queued_values)
			attr.key_size = 0;
		for (int after = 0;; ++after) {
			bpf_map_ptr map;
			std::string why;
			fail_allocations_after(after);
			const int error = bpf_map_create(attr, map, why);
			fail_allocations_after(-1);
			if (error == 0) {
				EXPECT_GT(after, 1) << bpf_map_type_name(type);
				break;
			}
			EXPECT_EQ(error, -ENOMEM);
			EXPECT_NE(why, "");
		}
	}
}
TEST(bpf_map_put, destroys_after_the_section_that_may_read_it) {
	auto map = make_map(attr_of<u32, u32>(BPF_MAP_TYPE_ARRAY, 1));
	rcu_barrier();
	{
		rcu_read_guard reading;
		const u32 key = 0;
		auto* const value = static_cast<u32*>(map.get()->lookup_elem(&key));
		map = {};
		EXPECT_NE(rcu_pending(), 0u);
		EXPECT_EQ(*value, 0u);
	}
	rcu_barrier();
	EXPECT_EQ(rcu_pending(), 0u);
}
TEST(bpf_map_freeze, keeps_user_space_from_writing_and_programs_not) {
	const auto map = make_map(attr_of<u32, u32>(BPF_MAP_TYPE_ARRAY, 1));
	const u32 key = 0, value = 3;
	EXPECT_EQ(map.get()->freeze(), 0);
	EXPECT_EQ(map.get()->freeze(), -EPERM);
	EXPECT_EQ(map.get()->sys_update_elem(&key, &value, BPF_ANY), -EPERM);
	EXPECT_EQ(map.get()->update_elem(&key, &value, BPF_ANY), 0);
	u32 seen = 0;
	EXPECT_EQ(map.get()->sys_lookup_elem(&key, &seen), 0);
	EXPECT_EQ(seen, 3u);
}

struct ring : ::testing::Test {
	bpf_map_ptr map = make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096});
	ring_buffer_map& buffer = as<ring_buffer_map>(map);

	bool readable() const {
		pollfd wait{buffer.wakeup_fd(), POLLIN, 0};
		return ::poll(&wait, 1, 0) == 1;
	}
	std::vector<std::string> read() {
		std::vector<std::string> records;
		buffer.consume([&](std::span<const std::byte> bytes) {
			records.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
		});
		return records;
	}
};

TEST_F(ring, hands_over_what_was_submitted_in_the_order_of_the_reservations) {
	auto* const first = static_cast<char*>(buffer.reserve(3, 0));
	auto* const second = static_cast<char*>(buffer.reserve(4, 0));
	ASSERT_TRUE(first && second);
	EXPECT_EQ(reinterpret_cast<std::uintptr_t>(second) % 8, 0u);
	std::memcpy(first, "one", 3);
	std::memcpy(second, "more", 4);
	ring_buffer_map::submit(second, 0);
	EXPECT_TRUE(read().empty()) << "the first is not there yet";
	ring_buffer_map::submit(first, 0);
	EXPECT_EQ(buffer.output("out", 3, 0), 0);
	ring_buffer_map::discard(buffer.reserve(100, 0), 0);
	EXPECT_EQ(read(), (std::vector<std::string>{"one", "more", "out"}));
	EXPECT_EQ(buffer.query(BPF_RB_AVAIL_DATA), 0u);
}
TEST_F(ring, reserves_less_than_all_of_it) {
	EXPECT_EQ(buffer.reserve(4096 - 7, 0), nullptr);
	EXPECT_EQ(buffer.reserve(4096 - 8, 0), nullptr) << "one byte always stays free";
	EXPECT_EQ(buffer.reserve(8, 1), nullptr) << "flags";
	EXPECT_EQ(buffer.reserve(u64{1} << 31, 0), nullptr);
	void* const most = buffer.reserve(4096 - 16, 0);
	ASSERT_NE(most, nullptr);
	EXPECT_EQ(buffer.reserve(0, 0), nullptr);
	EXPECT_EQ(buffer.output("x", 1, 0), -EAGAIN);
	EXPECT_EQ(buffer.output("x", 1, 4), -EINVAL);
	ring_buffer_map::discard(most, 0);
	EXPECT_TRUE(read().empty());
	EXPECT_EQ(buffer.output("x", 1, 0), 0);
}
TEST_F(ring, a_record_across_the_end_is_in_one_piece) {
	for (int round = 0; round != 100; ++round) {
		const std::string text(300, static_cast<char>('a' + round % 26));
		ASSERT_EQ(buffer.output(text.data(), text.size(), 0), 0);
		ASSERT_EQ(read(), std::vector<std::string>{text});
	}
	EXPECT_EQ(buffer.query(BPF_RB_CONS_POS), 100u * 312);
	EXPECT_EQ(buffer.query(BPF_RB_PROD_POS), 100u * 312);
	EXPECT_EQ(buffer.query(BPF_RB_RING_SIZE), 4096u);
	EXPECT_EQ(buffer.query(9), 0u);
}
TEST_F(ring, wakes_the_reader_that_has_read_all_and_by_order) {
	EXPECT_EQ(buffer.output("a", 1, BPF_RB_NO_WAKEUP), 0);
	EXPECT_FALSE(readable());
	EXPECT_EQ(buffer.output("b", 1, 0), 0);
	EXPECT_FALSE(readable()) << "it has yet to read a";
	EXPECT_EQ(buffer.output("c", 1, BPF_RB_FORCE_WAKEUP), 0);
	EXPECT_TRUE(readable());
	EXPECT_EQ(read().size(), 3u);
	EXPECT_FALSE(readable());
	EXPECT_EQ(buffer.output("d", 1, 0), 0);
	EXPECT_TRUE(readable());
}
TEST_F(ring, has_no_elements) {
	u64 any = 0;
	EXPECT_EQ(map.get()->lookup_elem(&any), nullptr);
	EXPECT_EQ(map.get()->update_elem(&any, &any, BPF_ANY), -EOPNOTSUPP);
	EXPECT_EQ(map.get()->sys_lookup_elem(nullptr, &any), -kern_errno::notsupp);
	EXPECT_EQ(map.get()->sys_lookup_elem(&any, &any), -EINVAL);
}

struct queued : ::testing::Test {
	static bpf_map_ptr of(bpf_map_type type) {
		return make_map({.map_type = type, .value_size = sizeof(u32), .max_entries = 3});
	}
	static void push(const bpf_map_ptr& map, std::initializer_list<u32> values) {
		for (const u32 each : values)
			EXPECT_EQ(map.get()->push_elem(&each, BPF_EXIST), 0);
	}
	static std::vector<u32> popped(const bpf_map_ptr& map) {
		std::vector<u32> all;
		for (u32 value = 0; map.get()->pop_elem(&value) == 0;)
			all.push_back(value);
		return all;
	}
	bpf_map_ptr queue = of(BPF_MAP_TYPE_QUEUE), stack = of(BPF_MAP_TYPE_STACK);
};

TEST_F(queued, the_oldest_makes_room_in_both) {
	for (int round = 0; round != 5; ++round) { // the first place moves on
		push(queue, {1, 2, 3, 4});
		push(stack, {1, 2, 3, 4});
		EXPECT_EQ(popped(queue), (std::vector<u32>{2, 3, 4}));
		EXPECT_EQ(popped(stack), (std::vector<u32>{4, 3, 2}));
	}
}
TEST_F(queued, a_peek_leaves_the_value_that_is_next) {
	push(queue, {1, 2});
	push(stack, {1, 2});
	for (int round = 0; round != 2; ++round) {
		u32 oldest = 0, youngest = 0;
		EXPECT_EQ(queue.get()->peek_elem(&oldest), 0);
		EXPECT_EQ(stack.get()->peek_elem(&youngest), 0);
		EXPECT_EQ(oldest, 1u);
		EXPECT_EQ(youngest, 2u);
	}
}
TEST_F(queued, nothing_is_zeroes_for_programs_and_untouched_for_user_space) {
	u32 value = 7;
	EXPECT_EQ(queue.get()->sys_lookup_elem(nullptr, &value), -ENOENT);
	EXPECT_EQ(queue.get()->sys_lookup_and_delete_elem(nullptr, &value), -ENOENT);
	EXPECT_EQ(value, 7u);
	EXPECT_EQ(queue.get()->peek_elem(&value), -ENOENT);
	EXPECT_EQ(value, 0u);
	value = 7;
	EXPECT_EQ(queue.get()->pop_elem(&value), -ENOENT);
	EXPECT_EQ(value, 0u);
}
TEST_F(queued, programs_go_on_with_a_frozen_one) {
	const u32 value = 7;
	EXPECT_EQ(queue.get()->freeze(), 0);
	EXPECT_EQ(queue.get()->sys_update_elem(nullptr, &value, BPF_ANY), -EPERM);
	push(queue, {1});
	EXPECT_EQ(popped(queue), std::vector<u32>{1});
}
TEST_F(queued, other_maps_have_no_such_operations) {
	const auto hash = make_map(attr_of<u32, u32>(BPF_MAP_TYPE_HASH, 1));
	u32 value = 7;
	EXPECT_EQ(hash.get()->push_elem(&value, BPF_ANY), -EOPNOTSUPP);
	EXPECT_EQ(hash.get()->pop_elem(&value), -EOPNOTSUPP);
	EXPECT_EQ(hash.get()->peek_elem(&value), -EOPNOTSUPP);
	EXPECT_EQ(queue.get()->lookup_elem(&value), nullptr);
	EXPECT_EQ(queue.get()->update_elem(&value, &value, BPF_ANY), -EOPNOTSUPP);
}

TEST(perf_event_array, output_goes_to_this_cpus_buffer) {
	const auto map = make_map(attr_of<u32, u32>(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 8));
	auto& events = as<perf_event_array_map>(map);
	const u32 self = smp_processor_id();
	EXPECT_EQ(events.output(perf_index_mask, "abc", 3), -ENOENT);
	EXPECT_EQ(events.output(8, "abc", 3), -E2BIG);
	EXPECT_EQ(events.output(u64{1} << 32, "abc", 3), -EINVAL);
	EXPECT_EQ(events.open(self, 100), -EINVAL);
	EXPECT_EQ(events.open(8, 64), -E2BIG);
	ASSERT_EQ(events.open(self, 64), 0);
	ASSERT_EQ(events.open(self + 1, 64), 0);
	EXPECT_EQ(events.output(self + 1, "abc", 3), -EOPNOTSUPP);
	for (int round = 0; round != 10; ++round) {
		EXPECT_EQ(events.output(perf_index_mask, "0123456789", 10), 0);
		EXPECT_EQ(events.output(self, "ab", 2), 0);
		EXPECT_EQ(events.output(self, "0123456789012345678901", 22), -ENOSPC);
		std::vector<std::string> records;
		EXPECT_EQ(events.consume(self,
								 [&](std::span<const std::byte> bytes) {
									 records.emplace_back(reinterpret_cast<const char*>(bytes.data()),
														  bytes.size());
								 }),
				  2u);
		EXPECT_EQ(records, (std::vector<std::string>{"0123456789", "ab"}));
	}
	EXPECT_EQ(events.lost(self), 10u);
	events.close(self);
	EXPECT_EQ(events.output(self, "ab", 2), -ENOENT);
	EXPECT_EQ(events.sys_delete_elem(&self), -ENOENT);
}

TEST(prog_array, holds_its_programs) {
	const auto map = make_map(attr_of<u32, u32>(BPF_MAP_TYPE_PROG_ARRAY, 2));
	auto& progs = as<prog_array_map>(map);
	const auto prog = make_bpf_prog("one", [](bpf_sock_ops&) { return 1; });
	EXPECT_EQ(progs.set(2, prog), -E2BIG);
	EXPECT_EQ(progs.set(1, prog), 0);
	EXPECT_EQ(prog->refcnt, 2u);
	EXPECT_EQ(progs.prog_at(1), prog.get());
	EXPECT_EQ(progs.prog_at(0), nullptr);
	EXPECT_EQ(progs.prog_at(2), nullptr);
	u32 key = 1, id = 0;
	EXPECT_EQ(progs.sys_lookup_elem(&key, &id, 0), 0);
	EXPECT_EQ(id, prog->id);
	EXPECT_EQ(progs.sys_delete_elem(&key), 0);
	EXPECT_EQ(progs.sys_delete_elem(&key), -ENOENT);
	EXPECT_EQ(prog->refcnt, 1u);
	EXPECT_EQ(progs.set(0, prog), 0);
	progs.clear();
	EXPECT_EQ(prog->refcnt, 1u);
}

TEST(socket_maps, take_no_descriptors_of_sockets) {
	const auto storage = make_map(attr_of<u32, u64>(BPF_MAP_TYPE_SK_STORAGE, 0, BPF_F_NO_PREALLOC));
	EXPECT_EQ(storage.get()->attr.value_size, 8u);
	EXPECT_EQ(bpf_sk_storage_count(*storage.get()), 0u);
	const auto sockets = make_map(attr_of<u32, u64>(BPF_MAP_TYPE_SOCKMAP, 2));
	const u32 key = 0;
	u64 cookie = 0;
	EXPECT_EQ(sockets.get()->delete_elem(&key), -EINVAL);
	EXPECT_EQ(sockets.get()->sys_lookup_elem(&key, &cookie), -ENOENT);
	EXPECT_EQ(sockets.get()->sys_update_elem(&key, &cookie, BPF_ANY), -EOPNOTSUPP);
	EXPECT_EQ(sock_map_count(*sockets.get()), 0u);
}

} // namespace
