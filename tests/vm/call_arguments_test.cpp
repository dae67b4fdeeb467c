// SPDX-License-Identifier: MIT
// What is found wrong with a call's arguments before the program runs: the helper, the argument by its name,
// what it is, and what it should be.

#include "support.hpp"

using namespace vm_test;

namespace {

bpf_map_ptr map_of_type(bpf_map_type type, const char* name, u32 value_size = 8, u32 flags = 0) {
	const bool is_ring = type == BPF_MAP_TYPE_RINGBUF;
	return make_map({.map_type = type,
					 .key_size = is_ring ? 0u : 4u,
					 .value_size = is_ring ? 0u : value_size,
					 .max_entries = is_ring ? 4096u : 1u,
					 .map_flags = flags,
					 .map_name = name});
}

std::string why_refused(const std::string& text, std::vector<bpf_map_ptr> maps = {}) {
	const bpf_load_error why = refused(text + "; r0 = 1; exit", std::move(maps));
	EXPECT_TRUE(why.error == EACCES || why.error == EINVAL) << why.error;
	return why.remedy.empty() ? why.reason : why.reason + "; " + why.remedy;
}

} // namespace

TEST(call_arguments, a_context_has_to_be_the_programs_own) {
	EXPECT_EQ(why_refused("r1 += 4; r2 = 1; call bpf_sock_ops_cb_flags_set"),
			  "R1: bpf_sock_ops_cb_flags_set(): its skops is the context at offset 4; pass the program's own "
			  "context, as "
			  "it was given in r1");
	expect_contains(why_refused("r1 = 0; call bpf_get_socket_cookie"), "its ctx is NULL");
	load("r1 = 0; call bpf_get_netns_cookie; r0 = 1; exit");
}

TEST(call_arguments, a_register_that_was_never_written) {
	EXPECT_EQ(
		why_refused("call bpf_sock_ops_cb_flags_set"),
		"R2: bpf_sock_ops_cb_flags_set(): its argval is a register that was never written; set it before "
		"the call");
	expect_contains(why_refused("call bpf_ktime_get_ns; call bpf_get_socket_cookie"),
					"its ctx is a register that was never written");
	// Of a kfunc that does not look at it before it reads: its parameter is called s1__ign.
	load("call bpf_ktime_get_ns; call bpf_strcmp; r0 = 1; exit");
	expect_contains(why_refused("r1 = 0; call bpf_strchr"), "its c is a register that was never written");
}

TEST(call_arguments, a_map_has_to_be_one_of_the_helpers_types) {
	const bpf_map_ptr ring = map_of_type(BPF_MAP_TYPE_RINGBUF, "events"),
					  array = map_of_type(BPF_MAP_TYPE_ARRAY, "counts");
	expect_contains(why_refused("r1 = r10; r2 = r10; r2 += -4; call bpf_map_lookup_elem"),
					"its map is the stack, at r10 + 0; pass a map");
	expect_contains(
		why_refused("r1 = map 0; r2 = r10; r2 += -4; call bpf_map_lookup_elem", {ring}),
		"its map is the map 'events' of type RINGBUF; pass a map of type HASH, ARRAY, PERCPU_HASH, "
		"PERCPU_ARRAY or LRU_HASH");
	expect_contains(why_refused("r1 = map 0; r2 = 8; r3 = 0; call bpf_ringbuf_reserve", {array}),
					"its ringbuf is the map 'counts' of type ARRAY; pass a map of type RINGBUF");
	expect_contains(why_refused("r2 = map 0; r3 = 0; call bpf_tail_call", {array}),
					"its prog_array_map is the map 'counts' of type ARRAY; pass a map of type PROG_ARRAY");
}

TEST(call_arguments, keys_and_values_have_to_fit_where_they_are) {
	const bpf_map_ptr array = map_of_type(BPF_MAP_TYPE_ARRAY, "counts");
	expect_contains(
		why_refused("r1 = map 0; r2 = r10; r2 += -2; call bpf_map_lookup_elem", {array}),
		"its key is the stack, at r10 - 2; the stack is r10 - 512 to r10 - 1, and it takes 4 bytes");
	expect_contains(why_refused("r1 = map 0; r2 = 7; call bpf_map_lookup_elem", {array}),
					"its key is the number 7; pass an address of memory");
	expect_contains(
		why_refused("r6 = r1; r1 = map 0; r2 = r10; r2 += -4; *(u32 *)(r10 - 4) = 0; r3 = r6; r4 = 0; "
					"call bpf_map_update_elem",
					{array}),
		"bpf_map_update_elem(): its value is the context; pass an address of memory");
	expect_contains(
		why_refused("r1 = map 0; r2 = r10; r2 += -4; *(u32 *)(r10 - 4) = 0;" +
						load_of("3", ld_imm64::map_idx_value, 0) +
						"; r3 += 4; r4 = 0; call bpf_map_update_elem",
					{array}),
		"its value is a value of the map 'counts' at offset 4; it has 8 bytes, and the call takes 8");
}

TEST(call_arguments, memory_and_its_size) {
	const std::string option = "r2 = 6; r3 = 13; r4 = r10; r4 += -2; ";
	expect_contains(
		why_refused(option + "r5 = 8; call bpf_setsockopt"),
		"its optval is the stack, at r10 - 2; the stack is r10 - 512 to r10 - 1, and it takes 8 bytes");
	expect_contains(why_refused(option + "r5 = 0; call bpf_setsockopt"),
					"its optlen is the number 0; pass 1 or more bytes");
	expect_contains(why_refused(option + "r5 = r10; call bpf_setsockopt"), "pass a number of bytes");
	expect_contains(why_refused("r6 = r1; r2 = r6; r3 = 4; r4 = 0; call bpf_load_hdr_opt"),
					"its searchby_res is the context; pass an address of memory");
}

TEST(call_arguments, texts_sockets_and_what_lies_on_the_stack) {
	const bpf_map_ptr array = map_of_type(BPF_MAP_TYPE_ARRAY, "data");
	expect_contains(
		why_refused("*(u64 *)(r10 - 8) = 0x61; r1 = r10; r1 += -8; r2 = 8; r3 = r1; call bpf_strncmp"),
		"its s2 is the stack, at r10 - 8; pass a string constant");
	expect_contains(why_refused("*(u64 *)(r10 - 8) = 0x61; r1 = r10; r1 += -8; r2 = 8; " +
									load_of("3", ld_imm64::map_idx_value, 0) + "; call bpf_strncmp",
								{array}),
					"its s2 is a value of the map 'data'; pass a string constant");
	expect_contains(why_refused("call bpf_tcp_sock"), "its sk is the context; pass skops->sk");
	expect_contains(why_refused("r1 = r10; r1 += -4; call bpf_spin_lock"),
					"its lock is the stack, at r10 - 4; pass the struct bpf_spin_lock of a map's value");
	expect_contains(why_refused("r1 = 5; r2 = 0; call bpf_ringbuf_submit"),
					"its data is the number 5; pass what bpf_ringbuf_reserve() returned");
	expect_contains(why_refused("r1 = 0; r2 = 0; r3 = 8; call bpf_dynptr_data"),
					"pass a variable of the program's stack");
	expect_contains(why_refused("r1 = 3; r2 = r10; r3 = 0; r4 = 0; call bpf_loop"),
					"its callback_fn is the stack, at r10 + 0; pass a function of the program");
}

TEST(call_arguments, of_kfuncs_too) {
	expect_contains(why_refused("r1 = 0; r2 = 0; r3 = 3; call bpf_iter_num_new"),
					"R1: bpf_iter_num_new(): its it is NULL; pass a variable of the program's stack");
	expect_contains(why_refused("r2 = 0; call bpf_sock_ops_enable_tx_tstamp"),
					"its skops is the context; pass what bpf_cast_to_kern_ctx() returned");
}

TEST(call_arguments, what_is_not_certain_is_let_through) {
	const bpf_map_ptr array = map_of_type(BPF_MAP_TYPE_ARRAY, "counts");
	// One way leads there with NULL, another with a key.
	load("r6 = *(u32 *)(r1 + 0); r2 = 0; if r6 == 1 goto go; r2 = r10; r2 += -4; go: *(u32 *)(r10 - 4) = 0; "
		 "r1 = "
		 "map 0; call bpf_map_lookup_elem; r0 = 1; exit",
		 {array});
	// What no way leads to is not looked at.
	load("r6 = 0; if r6 == 0 goto out; r1 = 0; call bpf_get_socket_cookie; out: r0 = 1; exit");
	// bpf_trace_printk() takes as many words as its format wants.
	load("*(u64 *)(r10 - 8) = 0x61; r1 = r10; r1 += -8; r2 = 8; call bpf_trace_printk; r0 = 1; exit");
	// Nothing at all may be anywhere.
	load("r1 = 0; r2 = 0; r3 = 0; call bpf_probe_read_kernel; r0 = 1; exit");
}
