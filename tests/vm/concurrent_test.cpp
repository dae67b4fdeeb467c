// SPDX-License-Identifier: MIT
// One interpreted program on several threads at once, while it is attached and detached, its maps are read
// and changed from outside, and the program that its tail call leads to is exchanged.

#include <atomic>
#include <thread>

#include <sockops/map/prog_array.hpp>

#include "support.hpp"

using namespace vm_test;

namespace {

constexpr unsigned threads = 4;

/// Counts in a value of ARRAY 0 (atomically), in PERCPU_ARRAY 1, and in a HASH 2 by op; then tail-calls by
/// map 3.
const std::string counting = "r6 = r1; r7 = 1;" + load_of("1", ld_imm64::map_idx_value, 0) +
							 "; lock *(u64 *)(r1 + 0) += r7; *(u32 *)(r10 - 4) = 0; r1 = map 1; r2 = r10; r2 "
							 "+= -4; call bpf_map_lookup_elem;"
							 "if r0 == 0 goto out; r1 = *(u64 *)(r0 + 0); r1 += 1; *(u64 *)(r0 + 0) = r1;"
							 "r1 = *(u32 *)(r6 + 0); *(u32 *)(r10 - 4) = r1; *(u64 *)(r10 - 16) = 0; r1 = "
							 "map 2; r2 = r10; r2 += -4; r3 = r10; r3 += -16; r4 = 1;"
							 "call bpf_map_update_elem; r1 = map 2; r2 = r10; r2 += -4; call "
							 "bpf_map_lookup_elem; if r0 == 0 goto out; lock *(u64 *)(r0 + 0) += r7;"
							 "out: r1 = r6; r2 = map 3; r3 = 0; call bpf_tail_call; r0 = 1; exit";

bpf_map_ptr map_of(bpf_map_type type, u32 value_size, u32 entries) {
	return make_map({.map_type = type,
					 .key_size = 4,
					 .value_size = value_size,
					 .max_entries = entries,
					 .map_name = "map"});
}

u64 value_of(const bpf_map_ptr& map, u32 key) {
	u64 value = 0;
	EXPECT_EQ(map.get()->sys_lookup_elem(&key, &value), 0);
	return value;
}

void count_on_four_threads(unsigned calls_each, std::optional<bpf_watch_options> watch) {
	const std::vector<bpf_map_ptr> maps = {
		map_of(BPF_MAP_TYPE_ARRAY, 8, 1), map_of(BPF_MAP_TYPE_PERCPU_ARRAY, 8, 1),
		map_of(BPF_MAP_TYPE_HASH, 8, 64), map_of(BPF_MAP_TYPE_PROG_ARRAY, 4, 1)};
	running one(counting, maps, watch);
	auto& next = static_cast<prog_array_map&>(*maps[3].get());
	const bpf_prog_ptr ends[] = {load("r0 = 1; exit", {}, "GPL", watch),
								 load("*(u32 *)(r1 + 4) = 3; r0 = 1; exit")};
	std::atomic<unsigned> running_threads{threads};
	std::vector<std::thread> all;
	for (unsigned i = 0; i != threads; ++i)
		all.emplace_back([&, i] {
			for (unsigned call = 0; call != calls_each; ++call)
				(void)tcp_call_bpf(&one.sk, BPF_SOCK_OPS_TIMEOUT_INIT + static_cast<int>(i), 0, nullptr);
			running_threads.fetch_sub(1, std::memory_order_relaxed);
		});
	for (unsigned round = 0; running_threads.load(std::memory_order_relaxed) != 0; ++round) {
		EXPECT_EQ(next.set(0, ends[round % 2]), 0);
		const u32 another = 1000 + round % 16; // beside the programs' keys
		const u64 value = round;
		EXPECT_EQ(maps[2].get()->sys_update_elem(&another, &value, BPF_ANY), 0);
		EXPECT_EQ(maps[2].get()->sys_delete_elem(&another), 0);
		(void)value_of(maps[0], 0);
	}
	for (std::thread& each : all)
		each.join();

	EXPECT_EQ(bpf_prog_faults(*one.prog.get()), 0u) << bpf_prog_last_fault(*one.prog.get());
	EXPECT_EQ(value_of(maps[0], 0), u64{threads} * calls_each);
	for (unsigned i = 0; i != threads; ++i)
		EXPECT_EQ(value_of(maps[2], BPF_SOCK_OPS_TIMEOUT_INIT + i), calls_each);
	std::vector<u64> per_cpu(num_possible_cpus);
	const u32 zero = 0;
	ASSERT_EQ(maps[1].get()->sys_lookup_elem(&zero, per_cpu.data()), 0);
	u64 sum = 0;
	for (const u64 each : per_cpu)
		sum += each;
	EXPECT_EQ(sum, u64{threads} * calls_each);
	EXPECT_EQ(one.said.findings, std::vector<std::string>());
}

} // namespace

TEST(interpreter, counts_nothing_twice_and_loses_nothing_on_four_threads) {
	count_on_four_threads(20'000, std::nullopt);
}

TEST(interpreter, watched_programs_do_the_same_and_go_on_to_one_that_is_not) {
	count_on_four_threads(1'000, bpf_watch_options());
}

TEST(interpreter, a_program_and_its_maps_outlive_their_last_reference_for_as_long_as_they_run) {
	net in;
	cgroup_root root;
	std::atomic<bool> stop{false};
	scoped_tcp_sock sk(in, *root);
	std::thread caller([&] {
		while (!stop.load(std::memory_order_relaxed))
			(void)tcp_call_bpf(&sk, BPF_SOCK_OPS_TIMEOUT_INIT, 0, nullptr);
	});
	for (unsigned round = 0; round != 300; ++round) {
		const bpf_map_ptr array = map_of(BPF_MAP_TYPE_ARRAY, 8, 1);
		const bpf_prog_ptr prog = load("r7 = 1;" + load_of("1", ld_imm64::map_idx_value, 0) +
										   "; lock *(u64 *)(r1 + 0) += r7; r0 = 1; exit",
									   {array});
		attach(*root, prog);
		std::this_thread::yield();
		EXPECT_EQ(cgroup_bpf_detach(*root, prog.get()), 0);
	}
	stop.store(true, std::memory_order_relaxed);
	caller.join();
}
