// SPDX-License-Identifier: MIT
// Programs that go wrong at run: each is stopped, denies, and says where and why; the process goes on.

#include <sockops/map/ring_buffer.hpp>

#include "support.hpp"

using namespace vm_test;

namespace {

bpf_map_ptr small_hash(u32 flags = 0) {
	return make_map({.map_type = BPF_MAP_TYPE_HASH,
					 .key_size = 4,
					 .value_size = 16,
					 .max_entries = 8,
					 .map_flags = flags,
					 .map_name = "conns"});
}

/// Looks up key 1 of map 0: r0 is the value or NULL.
constexpr char lookup[] = "*(u32 *)(r10 - 4) = 1; r1 = map 0; r2 = r10; r2 += -4; call bpf_map_lookup_elem;";

/// Runs it once: it faults, with all of `parts` in the message.
void expect_fault(const std::string& text, std::vector<bpf_map_ptr> maps,
				  std::initializer_list<std::string_view> parts) {
	running one(text, std::move(maps));
	ASSERT_TRUE(one.prog);
	EXPECT_EQ(one.call(), -1) << "a program that was stopped denies";
	EXPECT_EQ(bpf_prog_faults(*one.prog.get()), 1u);
	EXPECT_EQ(bpf_prog_last_fault(*one.prog.get()), one.last_fault());
	for (const std::string_view part : parts)
		expect_contains(one.last_fault(), part);
}

} // namespace

TEST(fault, null_is_followed) {
	expect_fault(std::string(lookup) + "r0 = *(u64 *)(r0 + 8); r0 = 1; exit", {small_hash()},
				 {"test: instruction 6: reads 8 bytes of NULL + 8", "compared with NULL first"});
}

TEST(fault, an_access_behind_a_value_names_the_map) {
	const bpf_map_ptr conns = small_hash();
	const u32 key = 1;
	const u64 value[2] = {};
	ASSERT_EQ(conns.get()->sys_update_elem(&key, value, BPF_ANY), 0);
	expect_fault(std::string(lookup) + "*(u64 *)(r0 + 12) = 7; r0 = 1; exit", {conns},
				 {"writes 8 bytes to", "byte 12 of a value of map 'conns' (16 bytes)"});
}

TEST(fault, a_pointer_of_nowhere) {
	expect_fault("r1 = *(u32 *)(r1 + 0); r1 += 0x12345678; r2 = *(u32 *)(r1 + 0); r0 = 1; exit", {},
				 {"reads 4 bytes of 0x12345679, which is no memory of the program"});
	expect_fault("r1 += r10; r2 = *(u32 *)(r1 + 0); r0 = 1; exit", {},
				 {"reads 4 bytes of the context at offset"});
}

TEST(fault, a_socket_by_its_own_address_cannot_be_written) {
	expect_fault("r1 = *(u64 *)(r1 + 184); *(u32 *)(r1 + 16) = 1; r0 = 1; exit", {},
				 {"writes 4 bytes to struct bpf_sock at offset 16"});
}

TEST(fault, a_computed_place_in_the_context_is_checked_by_the_field_table) {
	constexpr auto computed =
		"r2 = *(u32 *)(r1 + 0); r2 &= 0; r1 += r2; r1 += 75; r0 = *(u32 *)(r1 + 0); r0 = 1; exit";
	expect_fault(computed, {}, {"the context at offset 75"});
}

TEST(fault, a_write_to_what_programs_may_only_read) {
	const bpf_map_ptr rodata = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										 .key_size = 4,
										 .value_size = 8,
										 .max_entries = 1,
										 .map_flags = BPF_F_RDONLY_PROG,
										 .map_name = "rodata"});
	expect_fault(load_of("1", ld_imm64::map_idx_value, 0) + "; *(u32 *)(r1 + 4) = 1; r0 = 1; exit", {rodata},
				 {"which programs may only read"});
}

TEST(fault, a_loop_without_an_end) {
	expect_fault("r2 = *(u32 *)(r1 + 0); again: if r2 == 1 goto again; r0 = 1; exit", {},
				 {"1000000 instructions since its last call", "a loop without an end"});
}

TEST(fault, a_return_that_was_not_known_at_load) {
	expect_fault("r0 = *(u32 *)(r1 + 0); r0 += 1; exit", {},
				 {"the program returned 2; a sock_ops program returns 0 or 1"});
}

TEST(fault, a_helper_that_is_given_no_map) {
	expect_fault("r1 = r10; r2 = r10; " + hidden("r1") + "call bpf_map_lookup_elem; r0 = 1; exit", {},
				 {"bpf_map_lookup_elem(): its map is"});
}

TEST(fault, a_helper_that_is_given_another_context) {
	expect_fault("r1 += 4; r2 = 1; " + hidden("r1") + "call bpf_sock_ops_cb_flags_set; r0 = 1; exit", {},
				 {"bpf_sock_ops_cb_flags_set(): its context is the context at offset 4"});
}

TEST(fault, a_helper_that_would_read_past_the_stack) {
	expect_fault("r2 = 6; r3 = 13; r4 = r10; r4 += -2; r5 = 8; " + hidden("r4") +
					 "call bpf_setsockopt; r0 = 1; exit",
				 {}, {"bpf_setsockopt(): reads 8 bytes of", "r10 - 2"});
}

TEST(fault, a_record_that_is_neither_submitted_nor_discarded) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	expect_fault("r1 = map 0; r2 = 8; r3 = 0; call bpf_ringbuf_reserve; r0 = 1; exit", {ring},
				 {"ends without having submitted or discarded a record"});
}

TEST(fault, a_record_that_is_submitted_twice_or_written_behind) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	const std::string reserve =
		"r1 = map 0; r2 = 8; r3 = 0; call bpf_ringbuf_reserve; r6 = r0; if r0 == 0 goto out;";
	expect_fault(reserve + "r1 = r6; r2 = 0; call bpf_ringbuf_submit; r1 = r6; r2 = 0; call "
						   "bpf_ringbuf_submit; out: r0 = 1; exit",
				 {ring}, {"is no record"});
	expect_fault(reserve + "*(u64 *)(r6 + 4) = 1; out: r0 = 1; exit", {ring}, {"writes 8 bytes"});
}

TEST(fault, an_unaligned_atomic) {
	expect_fault("r2 = 1; *(u64 *)(r10 - 16) = 0; lock *(u64 *)(r10 - 12) += r2; r0 = 1; exit", {},
				 {"atomic operation on 8 bytes"});
}

TEST(fault, a_string_of_nowhere_prints_as_nothing) {
	running one("r6 = 0x123456 ll; *(u64 *)(r10 - 8) = 0x7325; r1 = r10; r1 += -8; r2 = 8; r3 = r6; call "
				"bpf_trace_printk; r0 = 1; exit");
	EXPECT_EQ(one.call(), 0);
	EXPECT_EQ(one.said.lines, std::vector<std::string>{""});
}

TEST(fault, the_next_call_runs_as_if_nothing_had_been) {
	running one("r6 = r1; r2 = *(u32 *)(r1 + 0); if r2 == 2 goto bad; *(u32 *)(r6 + 4) = 9; r0 = 1; exit; "
				"bad: r0 = 0; r0 = *(u32 *)(r2 + 0); exit");
	EXPECT_EQ(one.call(BPF_SOCK_OPS_RWND_INIT), -1);
	EXPECT_EQ(one.call(BPF_SOCK_OPS_TIMEOUT_INIT), 9);
	EXPECT_EQ(bpf_prog_faults(*one.prog.get()), 1u);
}

TEST(fault, a_program_that_was_stopped_blocks_no_ring_buffer) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	running one("r6 = *(u32 *)(r1 + 0); r1 = map 0; r2 = 8; r3 = 0; call bpf_ringbuf_reserve; if r0 == 0 "
				"goto out; *(u64 *)(r0 + 0) = 7;"
				"if r6 != 2 goto good; r0 = *(u64 *)(r0 + 8); good: r1 = r0; r2 = 0; call "
				"bpf_ringbuf_submit; out: r0 = 1; exit",
				{ring});
	EXPECT_EQ(one.call(BPF_SOCK_OPS_RWND_INIT), -1);
	EXPECT_EQ(one.call(BPF_SOCK_OPS_TIMEOUT_INIT), 0);
	std::size_t bytes = 0;
	EXPECT_EQ(static_cast<ring_buffer_map*>(ring.get())->consume([&](std::span<const std::byte> record) {
		bytes += record.size();
	}),
			  1u);
	EXPECT_EQ(bytes, 8u);
}

TEST(fault, a_lock_is_used_as_a_verifier_would_have_it) {
	const bpf_map_ptr locked = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										 .key_size = 4,
										 .value_size = 16,
										 .max_entries = 1,
										 .map_name = "locked",
										 .spin_lock_off = 0});
	const std::string value = "r7 = r1; *(u32 *)(r10 - 4) = 0; r1 = map 0; r2 = r10; r2 += -4; call "
							  "bpf_map_lookup_elem; if r0 == 0 goto out; r6 = r0; r1 = r6;";
	const std::string end = "out: r0 = 1; exit";
	const auto message = [&](const std::string& what) {
		running one(value + what + end, {locked});
		EXPECT_EQ(one.call(), what.empty() ? 0 : -1);
		return one.last_fault();
	};
	expect_contains(message("call bpf_spin_lock;"), "ends without bpf_spin_unlock()");
	expect_contains(message("call bpf_spin_lock; call bpf_ktime_get_ns;"),
					"while the program holds a bpf_spin_lock");
	expect_contains(message("call bpf_spin_unlock;"), "does not hold this lock");
	expect_contains(message("*(u32 *)(r6 + 0) = 1;"), "writes 4 bytes to");
	expect_contains(message("r1 = r10; r1 += -4; " + hidden("r1") + "call bpf_spin_lock;"),
					"is no bpf_spin_lock of a map's value");
	running good(value +
					 "call bpf_spin_lock; r1 = *(u64 *)(r6 + 8); r1 += 1; *(u64 *)(r6 + 8) = r1; r1 = r6; "
					 "call bpf_spin_unlock;" +
					 end,
				 {locked});
	EXPECT_EQ(good.call(), 0) << "those that were stopped have let go of it";
	EXPECT_EQ(bpf_prog_faults(*good.prog.get()), 0u);
}

TEST(fault, a_loop_of_calls_without_an_end) {
	const u64 before = bpf_run_limit();
	set_bpf_run_limit(5'000'000);
	expect_fault("r6 = *(u32 *)(r1 + 0); again: call f; if r6 == 1 goto again; r0 = 1; exit; f: r0 = 0; exit",
				 {}, {"has taken 5000000 instructions; set_bpf_run_limit() allows more"});
	set_bpf_run_limit(before);
}

TEST(fault, a_tail_call_while_a_lock_is_held) {
	const bpf_map_ptr locked = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										 .key_size = 4,
										 .value_size = 16,
										 .max_entries = 1,
										 .map_name = "locked",
										 .spin_lock_off = 0});
	const bpf_map_ptr progs = make_map({.map_type = BPF_MAP_TYPE_PROG_ARRAY,
										.key_size = 4,
										.value_size = 4,
										.max_entries = 1,
										.map_name = "progs"});
	expect_fault(
		"r6 = r1; *(u32 *)(r10 - 4) = 0; r1 = map 0; r2 = r10; r2 += -4; call bpf_map_lookup_elem; if r0 == "
		"0 goto out;"
		"r1 = r0; call bpf_spin_lock; r1 = r6; r2 = map 1; r3 = 0; call bpf_tail_call; out: r0 = 1; exit",
		{locked, progs}, {"while the program holds a bpf_spin_lock"});
}
