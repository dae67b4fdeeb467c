// SPDX-License-Identifier: MIT
// Kfuncs that are called as a verifier would not have it: each is a fault in words, and what a stopped
// program held is given back.

#include <sockops/sync/preempt.hpp>
#include <sockops/sync/rcu.hpp>

#include "support.hpp"

using namespace vm_test;

namespace {

/// An iterator at r10 - 8.
constexpr char numbers[] = "r1 = r10; r1 += -8; r2 = 0; r3 = 10; call bpf_iter_num_new;";
constexpr char next[] = "r1 = r10; r1 += -8; call bpf_iter_num_next;";
constexpr char destroy[] = "r1 = r10; r1 += -8; call bpf_iter_num_destroy;";
constexpr char good_end[] = "r0 = 1; exit";

std::string fault_of(const std::string& text, std::vector<bpf_map_ptr> maps = {}) {
	running one(text, std::move(maps));
	EXPECT_EQ(one.call(), -1) << "a program that was stopped denies";
	return one.last_fault();
}

} // namespace

TEST(iterator, is_made_used_and_destroyed) {
	running sum(
		std::string("r6 = r1; r7 = 0;") + numbers +
		"again: r1 = r10; r1 += -8; call bpf_iter_num_next; if r0 == 0 goto out; r1 = *(u32 *)(r0 + 0);"
		"r7 += r1; goto again; out:" +
		destroy + "*(u32 *)(r6 + 4) = r7; r0 = 1; exit");
	EXPECT_EQ(sum.call(), 45);
	EXPECT_EQ(bpf_prog_faults(*sum.prog.get()), 0u);
}

TEST(iterator, that_was_not_made) {
	expect_contains(fault_of(std::string(next) + good_end), "bpf_iter_num_next(): there is no iterator at");
	expect_contains(fault_of(std::string(destroy) + good_end),
					"it was not made by bpf_iter_num_new(), or has been destroyed");
}

TEST(iterator, that_has_been_destroyed) {
	expect_contains(fault_of(std::string(numbers) + destroy + next + good_end),
					"bpf_iter_num_next(): there is no iterator at");
	expect_contains(fault_of(std::string(numbers) + destroy + destroy + good_end),
					"bpf_iter_num_destroy(): there is no iterator at");
}

TEST(iterator, that_is_left_at_the_end) {
	expect_contains(fault_of(std::string(numbers) + good_end),
					"the program ends without bpf_iter_num_destroy() of its iterator");
	const bpf_map_ptr progs = make_map({.map_type = BPF_MAP_TYPE_PROG_ARRAY,
										.key_size = 4,
										.value_size = 4,
										.max_entries = 1,
										.map_name = "progs"});
	expect_contains(fault_of(std::string("r6 = r1;") + numbers +
								 "r1 = r6; r2 = map 0; r3 = 0; call bpf_tail_call;" + destroy + good_end,
							 {progs}),
					"bpf_tail_call() without bpf_iter_num_destroy() of its iterator first");
}

TEST(iterator, that_is_made_twice_or_elsewhere_than_on_the_stack) {
	expect_contains(fault_of(std::string(numbers) + numbers + destroy + good_end),
					"bpf_iter_num_new(): the iterator there has not been destroyed");
	const bpf_map_ptr array = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										.key_size = 4,
										.value_size = 8,
										.max_entries = 1,
										.map_name = "array"});
	expect_contains(
		fault_of("*(u32 *)(r10 - 4) = 0; r1 = map 0; r2 = r10; r2 += -4; call bpf_map_lookup_elem; if r0 "
				 "== 0 goto out; r1 = r0; r2 = 0; r3 = 10; call bpf_iter_num_new; out: r0 = 1; exit",
				 {array}),
		"bpf_iter_num_new(): its iterator is");
}

TEST(iterator, of_another_kind) {
	expect_contains(fault_of(std::string(numbers) + "r1 = r10; r1 += -8;" + hidden("r1") +
							 "call bpf_iter_bits_next;" + good_end),
					"bpf_iter_bits_next(): there is no iterator at");
}

TEST(iterator, shows_numbers_that_a_program_cannot_change) {
	running one(std::string("r6 = r1;") + numbers + next +
				"*(u32 *)(r10 - 8) = 1000; *(u32 *)(r10 - 4) = 2000;" + next + "r7 = *(u32 *)(r0 + 0);" +
				destroy + "*(u32 *)(r6 + 4) = r7; r0 = 1; exit");
	EXPECT_EQ(one.call(), 1);
}

TEST(iterator, of_a_program_that_was_stopped_is_given_back) {
	// Words of its own: a leak would be seen by a sanitizer.
	expect_contains(
		fault_of("*(u64 *)(r10 - 24) = 5; r1 = r10; r1 += -16; r2 = r10; r2 += -24; r3 = 1; call "
				 "bpf_iter_bits_new; r1 = *(u64 *)(r10 - 24); r1 = *(u64 *)(r1 + 0); r0 = 1; exit"),
		"reads 8 bytes of NULL + 5");
}

TEST(iterator, runs_to_its_end_however_long_that_takes) {
	running numbers_given("r6 = r1; r7 = 0; r1 = r10; r1 += -8; r2 = 0; r3 = 0x100000; call bpf_iter_num_new;"
						  "again: r1 = r10; r1 += -8; call bpf_iter_num_next; if r0 == 0 goto out; r7 += 1; "
						  "goto again; out:" +
						  std::string(destroy) + "*(u32 *)(r6 + 4) = r7; r0 = 1; exit");
	EXPECT_EQ(numbers_given.call(), 1 << 20) << numbers_given.last_fault();
	// 64 bits, between which more is done than may be done between two calls.
	running bits_given("r6 = r1; r7 = 0; r1 = -1; *(u64 *)(r10 - 24) = r1; r1 = r10; r1 += -16; r2 = r10;"
					   "r2 += -24; r3 = 1; call bpf_iter_bits_new;"
					   "again: r1 = r10; r1 += -16; call bpf_iter_bits_next; if r0 == 0 goto out;"
					   "r1 = 20000; more: r7 += 1; r1 += -1; if r1 != 0 goto more; goto again;"
					   "out: r1 = r10; r1 += -16; call bpf_iter_bits_destroy;"
					   "*(u32 *)(r6 + 4) = r7; r0 = 1; exit");
	EXPECT_EQ(bits_given.call(), 64 * 20'000) << bits_given.last_fault();
}

TEST(iterator, counts_for_the_run_limit) {
	const u64 before = bpf_run_limit();
	set_bpf_run_limit(3'000'000);
	expect_contains(fault_of("r1 = r10; r1 += -8; r2 = 0; r3 = 0x100000; call bpf_iter_num_new;"
							 "again: r1 = r10; r1 += -8; call bpf_iter_num_next; if r0 != 0 goto again;" +
							 std::string(destroy) + good_end),
					"has taken 3000000 instructions; set_bpf_run_limit() allows more");
	set_bpf_run_limit(before);
}

TEST(iterator, counts_while_a_lock_is_held) {
	const bpf_map_ptr locked = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										 .key_size = 4,
										 .value_size = 16,
										 .max_entries = 1,
										 .map_name = "locked",
										 .spin_lock_off = 0});
	running one(
		std::string(
			"*(u32 *)(r10 - 12) = 0; r1 = map 0; r2 = r10; r2 += -12; call bpf_map_lookup_elem; if r0 == "
			"0 goto out; r6 = r0; r1 = r6; call bpf_spin_lock;") +
			numbers + next + destroy + "r1 = r6; call bpf_spin_unlock; out: r0 = 1; exit",
		{locked});
	EXPECT_EQ(one.call(), 0) << one.last_fault();
	EXPECT_EQ(bpf_prog_faults(*one.prog.get()), 0u);
}

TEST(section, that_is_left_open) {
	expect_contains(fault_of("call bpf_rcu_read_lock; r0 = 1; exit"), "ends without bpf_rcu_read_unlock()");
	expect_contains(fault_of("call bpf_preempt_disable; r0 = 1; exit"), "ends without bpf_preempt_enable()");
	expect_contains(fault_of("r1 = r10; r1 += -8; call bpf_local_irq_save; r0 = 1; exit"),
					"ends without bpf_local_irq_restore()");
	EXPECT_EQ(preempt_count(), 0u) << "those that were stopped have left it";
	EXPECT_FALSE(rcu_read_lock_held());
}

TEST(section, that_was_not_opened) {
	expect_contains(fault_of("call bpf_rcu_read_unlock; r0 = 1; exit"),
					"bpf_rcu_read_unlock() without bpf_rcu_read_lock()");
	expect_contains(fault_of("call bpf_preempt_enable; r0 = 1; exit"),
					"bpf_preempt_enable() without bpf_preempt_disable()");
	expect_contains(fault_of("call bpf_rcu_read_lock; call bpf_rcu_read_lock; r0 = 1; exit"),
					"it does not nest");
	expect_contains(
		fault_of("r1 = r10; r1 += -8; call bpf_local_irq_save; r1 = r10; r1 += -16; call "
				 "bpf_local_irq_save; r1 = r10; r1 += -8; call bpf_local_irq_restore; r0 = 1; exit"),
		"its flags are not those that bpf_local_irq_save() saved last");
}

TEST(section, without_preemption_counts_as_the_librarys_own) {
	static unsigned within = 0;
	struct looks final : tcp_backend {
		int set_congestion_control(tcp_sock&, const char*) noexcept override {
			within = preempt_count();
			return 0;
		}
	} backend;
	const std::string set =
		"r1 = r6; *(u32 *)(r10 - 4) = 0x766e; r2 = 6; r3 = 13; r4 = r10; r4 += -4; r5 = 4; call "
		"bpf_setsockopt;";
	const auto depth = [&](const std::string& before, const std::string& after) {
		running one("r6 = r1;" + before + set + after + "r0 = 1; exit");
		one.sk.backend = &backend;
		one.sk.skc_state = TCP_ESTABLISHED;
		EXPECT_EQ(one.call(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB), 0) << one.last_fault();
		return within;
	};
	const unsigned plain = depth("", "");
	EXPECT_EQ(depth("call bpf_preempt_disable; call bpf_preempt_disable;",
					"call bpf_preempt_enable; call bpf_preempt_enable;"),
			  plain + 2);
}

TEST(kfunc, that_returns_nothing_leaves_nothing_in_r0) {
	expect_contains(refused(std::string(numbers) + destroy + "exit").reason, "R0 !read_ok");
}

TEST(kfunc, that_is_not_here_is_refused_with_the_reason) {
	expect_contains(refused("r1 = 1; r2 = 0; call bpf_obj_new_impl; r0 = 1; exit").reason,
					"kfunc bpf_obj_new_impl() is not here: objects that programs allocate are not modelled");
	expect_contains(refused("r1 = 1; call bpf_task_from_pid; r0 = 1; exit").reason,
					"kfunc bpf_task_from_pid() is not here: there are no tasks of a kernel");
	expect_contains(refused("call bpf_arena_alloc_pages; r0 = 1; exit").reason, "it may sleep");
}

TEST(kfunc, casts_of_the_context_lead_to_the_kernels) {
	const std::string op = std::to_string(offsetof(bpf_sock_ops_kern, op));
	running cast("r6 = r1; call bpf_cast_to_kern_ctx; r0 = *(u8 *)(r0 + " + op +
				 "); *(u32 *)(r6 + 4) = r0; r0 = 1; exit");
	EXPECT_EQ(cast.call(BPF_SOCK_OPS_RWND_INIT), BPF_SOCK_OPS_RWND_INIT);
	running rdonly("r6 = r1; r2 = 77; call bpf_rdonly_cast; r0 = *(u8 *)(r0 + " + op +
				   "); *(u32 *)(r6 + 4) = r0; r0 = 1; exit");
	EXPECT_EQ(rdonly.call(BPF_SOCK_OPS_RWND_INIT), BPF_SOCK_OPS_RWND_INIT);
	expect_contains(fault_of("r2 = 77; call bpf_rdonly_cast; *(u8 *)(r0 + " + op + ") = 3; r0 = 1; exit"),
					"writes 1 byte to");
	expect_contains(fault_of("r2 = 77; call bpf_rdonly_cast; r0 = *(u64 *)(r0 + 4096); r0 = 1; exit"),
					"reads 8 bytes of");
}
