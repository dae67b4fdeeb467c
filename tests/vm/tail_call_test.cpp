// SPDX-License-Identifier: MIT
// Tail calls: what becomes of the caller, and how many there may be.

#include <sockops/map/prog_array.hpp>

#include "support.hpp"

using namespace vm_test;

namespace {
bpf_map_ptr prog_array(u32 entries) {
	return make_map({.map_type = BPF_MAP_TYPE_PROG_ARRAY,
					 .key_size = 4,
					 .value_size = 4,
					 .max_entries = entries,
					 .map_name = "progs"});
}
prog_array_map& slots(const bpf_map_ptr& map) { return static_cast<prog_array_map&>(*map.get()); }
} // namespace

TEST(tail_call, the_other_program_takes_over_with_the_same_context) {
	const bpf_map_ptr progs = prog_array(2);
	running one("r6 = r1; r2 = map 0; r3 = 1; call bpf_tail_call; *(u32 *)(r6 + 4) = 5; r0 = 1; exit",
				{progs});
	EXPECT_EQ(one.call(), 5) << "an empty slot: the program goes on";
	ASSERT_EQ(
		slots(progs).set(1, load("r0 = *(u32 *)(r1 + 0); r0 += 100; *(u32 *)(r1 + 4) = r0; r0 = 1; exit")),
		0);
	EXPECT_EQ(one.call(BPF_SOCK_OPS_RWND_INIT), 102);
	ASSERT_EQ(slots(progs).set(1, make_bpf_prog("native",
												[](bpf_sock_ops& skops) {
													skops.reply = 7;
													return 1;
												})),
			  0);
	EXPECT_EQ(one.call(), 7);
}

TEST(tail_call, thirty_three_and_no_more) {
	const bpf_map_ptr progs = prog_array(1), counts = array_of(1);
	const std::string text = "r6 = r1;" + load_of("1", ld_imm64::map_idx_value, 1) +
							 "; r2 = 1; lock *(u64 *)(r1 + 0) += r2; r1 = r6; r2 = map 0; r3 = 0; call "
							 "bpf_tail_call; r0 = 1; exit";
	running one(text, {progs, counts});
	ASSERT_EQ(slots(progs).set(0, one.prog), 0);
	EXPECT_EQ(one.call(), 0);
	EXPECT_EQ(at(counts, 0), 34u);
	ASSERT_EQ(slots(progs).set(0, {}), 0); // a program that holds the array that holds it would never go
}

TEST(tail_call, in_a_function_it_returns_to_the_functions_caller) {
	const bpf_map_ptr progs = prog_array(1);
	ASSERT_EQ(slots(progs).set(0, load("r0 = 1; exit")), 0);
	running one("r6 = r1; call f; r0 += 40; *(u32 *)(r6 + 4) = r0; r0 = 1; exit; f: r2 = map 0; r3 = 0; call "
				"bpf_tail_call; r0 = 9; exit",
				{progs});
	EXPECT_EQ(one.call(), 41);
}

TEST(tail_call, between_interpreted_and_native_programs_they_are_counted_on) {
	const bpf_map_ptr progs = prog_array(1), counts = array_of(1);
	const std::string text = "r6 = r1;" + load_of("1", ld_imm64::map_idx_value, 1) +
							 "; r2 = 1; lock *(u64 *)(r1 + 0) += r2; r1 = r6; r2 = map 0; r3 = 0; call "
							 "bpf_tail_call; r0 = 1; exit";
	running one(text, {progs, counts});
	// A native program that goes on with the interpreted one.
	ASSERT_EQ(slots(progs).set(0, make_bpf_prog("back",
												[&](bpf_sock_ops& skops) {
													return static_cast<int>(
														bpf_prog_run(one.prog.get(), &skops.kern()));
												})),
			  0);
	EXPECT_EQ(one.call(), 0);
	EXPECT_LE(at(counts, 0), 34u);
	slots(progs).clear();
}
