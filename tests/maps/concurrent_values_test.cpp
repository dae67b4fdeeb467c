// SPDX-License-Identifier: MIT
// Values that several threads write to: by their lock, each for itself, in a queue; and programs that are
// replaced.
#include <memory>

#include <sockops/bpf/native_prog.hpp>
#include <sockops/map/prog_array.hpp>

#include "../../src/map/spin_lock.hpp"
#include "support.hpp"

namespace {

using namespace map_test;

struct locked_value {
	u32 before = 0, lock = 0;
	u64 after = 0;
};

/// Programs and user space change both counts together, under the lock.
TEST(concurrent_values, f_lock_keeps_a_value_whole) {
	for (const bpf_map_type type : {BPF_MAP_TYPE_HASH, BPF_MAP_TYPE_ARRAY}) {
		bpf_map_attr attr = attr_of<u32, locked_value>(type, 1);
		attr.spin_lock_off = offsetof(locked_value, lock);
		const auto map = make_map(attr);
		const u32 key = 0;
		const locked_value nothing;
		ASSERT_EQ(map.get()->update_elem(&key, &nothing, BPF_ANY), 0);
		for_a_while time;
		std::atomic<long> wrong{0}, read{0}, counted{0}, updated{0};
		const auto program = [&] {
			while (!time.stopped()) {
				rcu_read_guard reading;
				auto& value = *static_cast<locked_value*>(map.get()->lookup_elem(&key));
				bpf_spin_lock(&value.lock);
				const std::atomic_ref<u32> before(value.before);
				const std::atomic_ref<u64> after(value.after);
				wrong += before.load(std::memory_order_relaxed) != after.load(std::memory_order_relaxed);
				before.store(before.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
				after.store(before.load(std::memory_order_relaxed), std::memory_order_relaxed);
				bpf_spin_unlock(&value.lock);
				++counted;
			}
		};
		const auto user = [&] {
			for (u32 n = 0; !time.stopped(); ++n) {
				locked_value value;
				wrong += map.get()->sys_lookup_elem(&key, &value, BPF_F_LOCK) != 0;
				wrong += value.before != value.after || value.lock != 0;
				++read;
				if (n % 8 == 0) {
					const locked_value fresh{n, ~0u, n};
					wrong += map.get()->sys_update_elem(&key, &fresh, BPF_F_LOCK) != 0;
					++updated;
				}
			}
		};
		time.run({program, program, user}, [&] { return counted > 100 && read > 100 && updated > 10; });
		EXPECT_EQ(wrong, 0);
		EXPECT_GT(counted, 100);
		EXPECT_GT(read, 100);
		EXPECT_GT(updated, 10);
	}
}

TEST(concurrent_values, percpu_counts_are_each_threads_own) {
	constexpr u64 rounds = 100'000;
	constexpr unsigned threads = 4;
	for (const bpf_map_type type : {BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_PERCPU_HASH}) {
		const auto map = make_map(attr_of<u32, u64>(type, 2));
		const u32 key = 1;
		if (type == BPF_MAP_TYPE_PERCPU_HASH) {
			const u64 zero = 0;
			ASSERT_EQ(map.get()->update_elem(&key, &zero, BPF_ANY), 0);
		}
		const auto count = [&] {
			for (u64 n = 0; n != rounds; ++n) {
				rcu_read_guard reading;
				const std::atomic_ref<u64> mine(*static_cast<u64*>(map.get()->lookup_elem(&key)));
				mine.store(mine.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
			}
		};
		std::vector<std::thread> all;
		for (unsigned i = 0; i != threads; ++i)
			all.emplace_back(count);
		for (std::thread& each : all)
			each.join();
		std::vector<u64> values(map.get()->sys_value_size() / sizeof(u64));
		ASSERT_EQ(map.get()->sys_lookup_elem(&key, values.data(), 0), 0);
		u64 sum = 0;
		for (const u64 each : values)
			sum += each;
		EXPECT_EQ(sum, threads * rounds);
	}
}

TEST(concurrent_values, what_is_pushed_is_popped_once_and_whole) {
	constexpr u64 rounds = 20'000;
	constexpr unsigned pushers = 2;
	struct twice {
		u64 number, again;
	};
	for (const bpf_map_type type : {BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK}) {
		const auto map = make_map({.map_type = type, .value_size = sizeof(twice), .max_entries = 7});
		std::vector<std::atomic<u32>> seen(pushers * rounds);
		std::atomic<long> wrong{0}, left{pushers * rounds};
		const auto push = [&](u64 first) {
			for (u64 number = first; number != first + rounds;) {
				const twice value{number, number};
				if (map.get()->push_elem(&value, BPF_ANY) == 0)
					++number;
				else
					std::this_thread::yield();
			}
		};
		const auto pop = [&] {
			while (left > 0) {
				twice value;
				if (map.get()->pop_elem(&value) != 0) {
					std::this_thread::yield();
					continue;
				}
				wrong += value.number != value.again || value.number >= seen.size() ||
						 seen[value.number].fetch_add(1, std::memory_order_relaxed) != 0;
				--left;
			}
		};
		std::vector<std::thread> all;
		for (unsigned i = 0; i != pushers; ++i)
			all.emplace_back(push, i * rounds);
		all.emplace_back(pop);
		all.emplace_back(pop);
		for (std::thread& each : all)
			each.join();
		EXPECT_EQ(wrong, 0);
		EXPECT_EQ(left, 0);
	}
}

/// Counts those that are there; what it says of itself is gone when it is.
struct life {
	std::atomic<long>& of;
	u32 answer = 1;
	explicit life(std::atomic<long>& all) noexcept : of(all) { ++of; }
	~life() { --of; }
	life(const life&) = delete;
	life& operator=(const life&) = delete;
};

TEST(concurrent_values, a_program_is_there_for_who_read_it_before_it_was_replaced) {
	const auto map = make_map(attr_of<u32, u32>(BPF_MAP_TYPE_PROG_ARRAY, 2));
	auto& progs = as<prog_array_map>(map);
	std::atomic<long> alive{0}, wrong{0}, ran{0}, replaced{0};
	for_a_while time;
	const auto run = [&] {
		while (!time.stopped())
			for (u32 index = 0; index != 3; ++index) {
				rcu_read_guard reading;
				bpf_sock_ops_kern ctx{};
				if (const bpf_prog* const prog = progs.prog_at(index)) {
					wrong += bpf_prog_run(prog, &ctx) != 1;
					++ran;
				}
			}
	};
	const auto replace = [&](u32 index) {
		for (u32 n = 0; !time.stopped(); ++n) {
			const auto itself = std::make_shared<life>(alive);
			wrong += progs.set(index, make_bpf_prog("lives",
													[itself](bpf_sock_ops&) { return itself->answer; })) != 0;
			++replaced;
			if (n % 3 == 0)
				(void)progs.sys_delete_elem(&index);
			if (n % 64 == 0)
				synchronize_rcu(); // or what was replaced piles up while a reader is not scheduled
		}
	};
	time.run({run, run, [&] { replace(0); }, [&] { replace(1); }},
			 [&] { return ran > 100 && replaced > 100; });
	progs.clear();
	rcu_barrier();
	EXPECT_EQ(wrong, 0);
	EXPECT_GT(ran, 100);
	EXPECT_GT(replaced, 100);
	EXPECT_EQ(alive, 0);
}

} // namespace
