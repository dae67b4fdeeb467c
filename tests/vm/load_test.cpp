// SPDX-License-Identifier: MIT
// What is refused at load, and in which words.

#include <sockops/bpf/ctx_access.hpp>

#include "support.hpp"

using namespace vm_test;

TEST(prog_load, a_program_that_returns_1_runs_and_answers) {
	running one("*(u32 *)(r1 + 4) = 25; r0 = 1; exit");
	EXPECT_EQ(one.call(), 25);
	EXPECT_TRUE(is_interpreted(*one.prog.get()));
}

TEST(prog_load, nothing_and_too_much_are_e2big) {
	bpf_load_error why;
	EXPECT_FALSE(bpf_prog_load({.name = "empty", .insns = {}}, why));
	EXPECT_EQ(why.error, E2BIG);
}

TEST(prog_load, a_context_field_of_another_size_is_refused_by_its_name) {
	const bpf_load_error why = refused("r0 = *(u64 *)(r1 + 0); r0 = 1; exit");
	EXPECT_EQ(why.error, EACCES);
	EXPECT_EQ(why.insn, 0u);
	EXPECT_EQ(why.message,
			  "test: instruction 0: invalid bpf_context access: reads 8 bytes at offset 0 (op, 4 bytes)");
}

TEST(prog_load, a_write_to_another_field_than_the_two_is_refused) {
	const bpf_load_error why = refused("r6 = r1; r2 = 7; *(u32 *)(r6 + 76) = r2; r0 = 1; exit");
	EXPECT_EQ(why.error, EACCES);
	EXPECT_EQ(why.insn, 2u);
	expect_contains(why.reason, "snd_cwnd, 4 bytes, read only; writable are reply and sk_txhash");
}

TEST(prog_load, the_context_is_followed_through_moves_arithmetic_and_calls) {
	expect_contains(refused("r6 = r1; r6 += 70; r0 = *(u32 *)(r6 + 4); r0 = 1; exit").reason, "at offset 74");
	expect_contains(refused("call f; r0 = 1; exit; f: r0 = *(u8 *)(r1 + 0); exit").reason,
					"reads 1 bytes at offset 0");
}

TEST(prog_load, every_access_that_the_field_table_allows_is_taken_and_no_other) {
	for (u32 off = 0; off != 232; ++off)
		for (const u32 size : {1u, 2u, 4u, 8u}) {
			static constexpr u8 codes[] = {insn_size::b, insn_size::h, 0, insn_size::w, 0, 0, 0,
										   insn_size::dw};
			const u8 code = codes[size - 1];
			const bpf_insn insns[] = {
				{static_cast<u8>(insn_class::ldx | insn_mode::mem | code), 2, 1, static_cast<s16>(off), 0},
				{insn_class::alu64 | alu_op::mov, 0, 0, 0, 1},
				{insn_class::jmp | jmp_op::exit, 0, 0, 0, 0}};
			bpf_load_error why;
			EXPECT_EQ(static_cast<bool>(bpf_prog_load({.name = "x", .insns = insns}, why)),
					  sock_ops_is_valid_access(static_cast<s32>(off), size, false))
				<< off << " " << size;
			const bpf_insn store[] = {
				{insn_class::alu64 | alu_op::mov, 2, 0, 0, 1},
				{static_cast<u8>(insn_class::stx | insn_mode::mem | code), 1, 2, static_cast<s16>(off), 0},
				insns[1],
				insns[2]};
			EXPECT_EQ(static_cast<bool>(bpf_prog_load({.name = "x", .insns = store}, why)),
					  sock_ops_is_valid_access(static_cast<s32>(off), size, true))
				<< off << " " << size;
		}
}

TEST(prog_load, returns_other_than_0_and_1_are_refused_where_they_are_known) {
	expect_contains(refused("r0 = 2; exit").reason, "R0 has value 2");
	expect_contains(refused("r0 = -1; exit").reason, "R0 has value -1");
	expect_contains(refused("exit").reason, "R0 !read_ok");
}

TEST(prog_load, helpers_are_refused_by_name) {
	expect_contains(refused("r1 = 0; r2 = 0; call bpf_send_signal; r0 = 1; exit").reason,
					"bpf_send_signal() is not here");
	expect_contains(refused("call 4; r0 = 1; exit").reason,
					"cannot use helper bpf_probe_read#4: it is not for SOCK_OPS programs");
	expect_contains(refused("r1 = 0; call 86; r0 = 1; exit").reason, "cannot use helper bpf_sk_release#86");
	expect_contains(refused("call 5000; r0 = 1; exit").reason, "invalid func unknown#5000");
}

TEST(prog_load, lookups_of_sockets_and_updates_with_them_are_refused_as_by_a_kernel) {
	for (const bpf_map_type type : {BPF_MAP_TYPE_SOCKMAP, BPF_MAP_TYPE_SOCKHASH}) {
		const bpf_map_ptr socks = make_map(
			{.map_type = type, .key_size = 4, .value_size = 8, .max_entries = 8, .map_name = "socks"});
		const std::string name = bpf_map_type_name(type);
		const std::string key = "*(u32 *)(r10 - 4) = 1; r1 = map 0; r2 = r10; r2 += -4;";
		const bpf_load_error lookup = refused(key + "call bpf_map_lookup_elem; r0 = 1; exit", {socks});
		EXPECT_EQ(lookup.error, EINVAL);
		expect_contains(lookup.reason, "bpf_map_lookup_elem() of the " + name +
										   " 'socks' gives a socket with a reference, which would leak: "
										   "bpf_sk_release() is not for SOCK_OPS programs");
		const bpf_load_error update =
			refused(key + "r3 = r10; r3 += -4; r4 = 0; call bpf_map_update_elem; r0 = 1; exit", {socks});
		EXPECT_EQ(update.error, EINVAL);
		expect_contains(update.reason, "cannot update sockmap in this context");
		expect_contains(update.reason,
						type == BPF_MAP_TYPE_SOCKMAP ? "bpf_sock_map_update()" : "bpf_sock_hash_update()");
		EXPECT_TRUE(load(key + "call bpf_map_delete_elem; r0 = 1; exit", {socks}));
	}
}

TEST(prog_load, a_gpl_helper_needs_a_licence_that_goes_with_it) {
	constexpr auto text =
		"*(u32 *)(r10 - 4) = 0; r1 = r10; r1 += -4; r2 = 4; call bpf_trace_printk; r0 = 1; exit";
	expect_contains(refused(text, {}, "MIT").reason,
					"bpf_trace_printk() is only for programs with a licence");
	EXPECT_TRUE(load(text, {}, "Dual MIT/GPL"));
}

TEST(prog_load, the_stack_of_a_chain_of_calls_is_at_most_512_bytes) {
	expect_contains(
		refused("*(u8 *)(r10 - 300) = 1; call f; r0 = 1; exit; f: *(u8 *)(r10 - 300) = 1; r0 = 0; exit")
			.reason,
		"combined stack size of 2 calls is 608 bytes");
	expect_contains(refused("*(u8 *)(r10 - 513) = 1; r0 = 1; exit").reason, "invalid stack access");
	expect_contains(refused("*(u64 *)(r10 - 4) = 1; r0 = 1; exit").reason, "8 bytes at r10 - 4");
}

TEST(prog_load, a_function_that_calls_itself_is_refused) {
	EXPECT_EQ(refused("call f; r0 = 1; exit; f: call f; exit").error, E2BIG);
}

TEST(prog_load, what_a_constant_switches_off_is_not_looked_at) {
	EXPECT_TRUE(load("r1 = 0; if r1 == 0 goto +1; call 195896080; r0 = 1; exit"));
	EXPECT_EQ(refused("r1 = 1; if r1 == 0 goto +1; call 195896080; r0 = 1; exit").error, EINVAL);
	EXPECT_EQ(refused("r2 = *(u32 *)(r1 + 0); if r2 == 0 goto +1; call 195896080; r0 = 1; exit").error,
			  EINVAL);
}

TEST(prog_load, a_frozen_read_only_map_is_a_constant) {
	const bpf_map_ptr rodata = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
										 .key_size = 4,
										 .value_size = 8,
										 .max_entries = 1,
										 .map_flags = BPF_F_RDONLY_PROG,
										 .map_name = "rodata"});
	const u32 zero = 0;
	const u64 off = 0, on = 1;
	const std::string text = load_of("1", ld_imm64::map_idx_value, 0) +
							 "; r1 = *(u32 *)(r1 + 0); if r1 == 0 goto +1; call 195896080; r0 = 1; exit";
	ASSERT_EQ(rodata.get()->sys_update_elem(&zero, &off, BPF_ANY), 0);
	EXPECT_EQ(refused(text, {rodata}).error, EINVAL) << "not frozen yet";
	ASSERT_EQ(rodata.get()->freeze(), 0);
	EXPECT_TRUE(load(text, {rodata}));
	std::memcpy(rodata.get()->area().base, &on, sizeof on);
	EXPECT_EQ(refused(text, {rodata}).error, EINVAL);
}

TEST(prog_load, a_message_names_the_source_line) {
	const std::vector<bpf_insn> insns = instructions("r0 = *(u64 *)(r1 + 0); exit");
	bpf_load_error why;
	EXPECT_FALSE(bpf_prog_load(
		{.name = "tune", .insns = insns, .lines = {{0, "src/tune.bpf.c", "op = skops->op;", 12, 3}}}, why));
	expect_contains(why.message,
					"tune: instruction 0 (tune.bpf.c:12, 'op = skops->op;'): invalid bpf_context access");
}

TEST(prog_load, at_most_256_functions) {
	const auto with_functions = [](unsigned count) { // the main program calls each of the others
		std::string calls, functions;
		for (unsigned i = 1; i != count; ++i) {
			const std::string name = std::string("f").append(std::to_string(i));
			calls.append("call ").append(name).append(";");
			functions.append(name).append(": r0 = 0; exit;");
		}
		return calls + "r0 = 1; exit;" + functions;
	};
	EXPECT_TRUE(load(with_functions(256)));
	const bpf_load_error why = refused(with_functions(257));
	EXPECT_EQ(why.error, E2BIG);
	expect_contains(why.reason, "too many subprograms: 257");
}
