// SPDX-License-Identifier: MIT
// Watched programs, instruction by instruction: what is found, and what is not.
#include <map>

#include <sockops/map/ring_buffer.hpp>

#include "support.hpp"

using namespace vm_test;

namespace {

bpf_prog_ptr load_watched(std::string_view text, std::vector<bpf_map_ptr> maps = {}, u64 seed = 1,
						  std::vector<bpf_stack_variable> variables = {}) {
	const std::vector<bpf_insn> insns = instructions(text);
	bpf_load_error why;
	bpf_prog_ptr prog = bpf_prog_load({.name = "test",
									   .insns = insns,
									   .maps = std::move(maps),
									   .kfuncs = all_kfuncs(),
									   .watch = bpf_watch_options{seed},
									   .variables = std::move(variables),
									   .unchecked = true},
									  why);
	EXPECT_TRUE(prog) << why.message;
	return prog;
}

struct watched : one_socket {
	sockops::testing::program_output said{in};
	bpf_prog_ptr prog;
	int reply = 0;

	explicit watched(std::string_view text, std::vector<bpf_map_ptr> maps = {}, u64 seed = 1,
					 std::vector<bpf_stack_variable> variables = {})
		: prog(load_watched(text, std::move(maps), seed, std::move(variables))) {
		attach(*root, prog);
		reply = call(BPF_SOCK_OPS_TIMEOUT_INIT);
	}
	/// Without its place.
	std::string finding() const {
		EXPECT_EQ(said.faults, std::vector<std::string>());
		if (said.findings.empty())
			return "";
		EXPECT_EQ(said.findings.size(), 1u) << said.findings.back();
		const std::string& all = said.findings[0];
		return all.substr(all.find(": ", all.find("instruction")) + 2);
	}
};

std::string found_in(const std::string& text, std::vector<bpf_map_ptr> maps = {}) {
	return watched(text + "; r0 = 1; exit", std::move(maps)).finding();
}

constexpr char branch_on_r1[] = "; if r1 == 5 goto +0";
constexpr char never_written[] =
	"branch: bytes r10 - 8 to r10 - 1 of the stack were never written; which way it "
	"goes depends on whatever is there";

bpf_map_ptr hash_of(u32 key_size, u32 value_size) {
	return make_map({.map_type = BPF_MAP_TYPE_HASH,
					 .key_size = key_size,
					 .value_size = value_size,
					 .max_entries = 8,
					 .map_name = "conns"});
}

} // namespace

TEST(watch, a_branch_on_what_nobody_wrote_is_found) {
	EXPECT_EQ(found_in(std::string("r1 = *(u64 *)(r10 - 8)") + branch_on_r1), never_written);
	EXPECT_EQ(found_in(std::string("*(u64 *)(r10 - 8) = 5; r1 = *(u64 *)(r10 - 8)") + branch_on_r1), "");
}

TEST(watch, a_run_goes_on_and_answers) {
	const watched one(
		"r6 = r1; r1 = *(u64 *)(r10 - 8); if r1 == 5 goto +0; *(u32 *)(r6 + 4) = 7; r0 = 1; exit");
	EXPECT_EQ(one.reply, 7);
	EXPECT_NE(one.finding(), "");
}

TEST(watch, bits_that_were_written_do_not_matter_less) {
	const std::string low_half = "*(u32 *)(r10 - 8) = 5; r1 = *(u64 *)(r10 - 8); ";
	EXPECT_EQ(found_in(low_half + "if w1 == 5 goto +0"), "") << "the upper half is not looked at";
	EXPECT_EQ(found_in(low_half + "if w1 == 6 goto +0"), "");
	EXPECT_NE(found_in(low_half + "if r1 == 5 goto +0"), "");
	EXPECT_EQ(found_in(low_half + "if r1 == 6 goto +0"), "") << "the lower half differs already";
	EXPECT_EQ(found_in(low_half + "r1 &= 255; if r1 == 5 goto +0"), "");
	EXPECT_EQ(found_in(low_half + "r1 <<= 32; if r1 == 5 goto +0"), "");
	EXPECT_NE(found_in(low_half + "r1 >>= 32; if r1 == 5 goto +0"), "");
	EXPECT_EQ(found_in(low_half + "r1 ^= r1; if r1 == 5 goto +0"), "");
	EXPECT_EQ(found_in(low_half + "w1 += 7; if r1 == 5 goto +0"), "")
		<< "a 32-bit operation clears the upper half";
	EXPECT_EQ(found_in(low_half + "r1 = be64 r1; r1 >>= 32; if r1 == 5 goto +0"), "")
		<< "swapped, it is above";
}

TEST(watch, a_bit_field_that_is_written_piece_by_piece) {
	// As compilers do: read a byte that was never written, put some bits in, write it back, twice.
	const std::string fields = "r1 = *(u8 *)(r10 - 1); r1 &= 240; r1 |= 5; *(u8 *)(r10 - 1) = r1; "
							   "r1 = *(u8 *)(r10 - 1); ";
	EXPECT_EQ(found_in(fields + "r1 &= 15; if r1 == 5 goto +0"), "") << "the four bits that were written";
	EXPECT_NE(found_in(fields + "if r1 == 5 goto +0"), "");
	EXPECT_EQ(
		found_in(fields +
				 "r1 &= 15; r1 |= 16; *(u8 *)(r10 - 1) = r1; r2 = *(u8 *)(r10 - 1); if r2 == 3 goto +0"),
		"");
}

TEST(watch, copies_and_spills_carry_it_along) {
	const std::string copied = "r1 = *(u64 *)(r10 - 8); *(u64 *)(r10 - 24) = r1; r1 = *(u64 *)(r10 - 24)";
	EXPECT_EQ(found_in(copied + branch_on_r1), never_written) << "it names where it comes from";
	EXPECT_EQ(found_in("r1 = *(u64 *)(r10 - 8); *(u64 *)(r10 - 24) = r1"), "") << "a copy alone is nothing";
	EXPECT_EQ(found_in("*(u32 *)(r10 - 8) = 1; r1 = *(u64 *)(r10 - 8); *(u64 *)(r10 - 24) = r1; "
					   "r2 = *(u32 *)(r10 - 24); if r2 == 1 goto +0"),
			  "");
}

TEST(watch, what_the_program_returns) {
	EXPECT_EQ(
		watched("r0 = *(u64 *)(r10 - 8); r0 &= 1; exit").finding(),
		"return: bytes r10 - 8 to r10 - 1 of the stack were never written; what the program returns depends "
		"on whatever is there");
	EXPECT_EQ(watched("r0 = *(u64 *)(r10 - 8); r0 &= 0; exit").finding(), "");
}

TEST(watch, what_is_stored_into_the_context) {
	EXPECT_EQ(
		found_in("r2 = *(u32 *)(r10 - 4); *(u32 *)(r1 + 4) = r2"),
		"reply of the context: bytes r10 - 4 to r10 - 1 of the stack were never written; the kernel takes "
		"whatever is there");
}

TEST(watch, a_key_and_a_value) {
	const std::string call =
		"r1 = map 0; r2 = r10; r2 += -16; r3 = r10; r3 += -32; r4 = 0; call bpf_map_update_elem";
	const std::string key = "*(u64 *)(r10 - 16) = 1; *(u32 *)(r10 - 8) = 2; ";
	const std::string value = "*(u64 *)(r10 - 32) = 1; ";
	EXPECT_EQ(found_in(key + value + call, {hash_of(12, 8)}), "");
	EXPECT_EQ(
		found_in(key + value + call, {hash_of(13, 8)}),
		"key of 'conns': byte r10 - 4 of the stack was never written; the kernel hashes whatever is there");
	EXPECT_EQ(found_in(key + "*(u16 *)(r10 - 30) = 1; " + call, {hash_of(12, 8)}),
			  "value of 'conns': bytes r10 - 32 to r10 - 31 and bytes r10 - 28 to r10 - 25 of "
			  "the stack "
			  "were never written; the map keeps whatever is there");
}

TEST(watch, a_variable_has_its_name) {
	const std::vector<bpf_stack_variable> variables{{0, 99, -32, 32, "outer", "src/tuple.bpf.c", 3},
													{0, 99, -16, 16, "t", "src/tuple.bpf.c", 29}};
	const watched one(
		"*(u64 *)(r10 - 16) = 1; *(u32 *)(r10 - 8) = 2; *(u8 *)(r10 - 4) = 6; r1 = map 0; r2 = r10; "
		"r2 += -16; call bpf_map_lookup_elem; r0 = 1; exit",
		{hash_of(16, 8)}, 1, variables);
	EXPECT_EQ(one.finding(),
			  "key of 'conns': bytes 13 to 15 of 't' (tuple.bpf.c:29) were never written; the kernel "
			  "hashes whatever is there");
	const watched whole("r1 = map 0; r2 = r10; r2 += -16; call bpf_map_lookup_elem; r0 = 1; exit",
						{hash_of(16, 8)}, 1, variables);
	EXPECT_EQ(whole.finding(),
			  "key of 'conns': 't' (tuple.bpf.c:29) was never written; the kernel hashes whatever is there");
}

TEST(watch, a_record_that_is_submitted_in_part) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	const std::string reserve = "r1 = map 0; r2 = 16; r3 = 0; call bpf_ringbuf_reserve; if r0 == 0 goto +5; "
								"*(u64 *)(r0 + 0) = 1; ";
	const std::string submit = "r1 = r0; r2 = 0; call bpf_ringbuf_submit";
	EXPECT_EQ(
		found_in(reserve + "*(u32 *)(r0 + 8) = 1; " + submit, {ring}),
		"record: bytes 12 to 15 of a record of bpf_ringbuf_reserve() were never written; its reader gets "
		"whatever is there");
	EXPECT_EQ(found_in(reserve + "*(u64 *)(r0 + 8) = 1; " + submit, {ring}), "");
	EXPECT_EQ(found_in(reserve + "*(u32 *)(r0 + 8) = 1; r1 = r0; r2 = 0; call bpf_ringbuf_discard", {ring}),
			  "");
}

TEST(watch, a_value_of_a_map_keeps_what_was_copied_into_it) {
	const bpf_map_ptr array = array_of(1);
	const std::string lookup =
		"*(u32 *)(r10 - 4) = 0; r1 = map 0; r2 = r10; r2 += -4; call bpf_map_lookup_elem; "
		"if r0 == 0 goto +3; ";
	const std::string store = "r1 = *(u64 *)(r10 - 16); *(u64 *)(r0 + 0) = r1; r1 = 0; ";
	EXPECT_EQ(found_in(lookup + store, {array}), "");
	const std::string branch = "if r0 == 0 goto +2; r1 = *(u64 *)(r0 + 0); if r1 == 5 goto +0";
	const std::string look =
		"*(u32 *)(r10 - 4) = 0; r1 = map 0; r2 = r10; r2 += -4; call bpf_map_lookup_elem; ";
	EXPECT_EQ(
		found_in(look + branch, {array}),
		"branch: bytes r10 - 16 to r10 - 9 of the stack were never written; which way it goes depends on "
		"whatever is there")
		<< "in another run, of another program";
	const u32 key = 0;
	const u64 written = 5;
	ASSERT_EQ(array.get()->sys_update_elem(&key, &written, BPF_ANY), 0);
	EXPECT_EQ(found_in(look + branch, {array}), "") << "somebody has written it since";
}

TEST(watch, what_a_helper_writes_is_written) {
	EXPECT_EQ(
		found_in("r2 = 1; r3 = 2; r4 = r10; r4 += -8; r5 = 4; call bpf_getsockopt; r1 = *(u32 *)(r10 - 8); "
				 "if w1 == 5 goto +0"),
		"");
	EXPECT_NE(
		found_in("r2 = 1; r3 = 2; r4 = r10; r4 += -8; r5 = 4; call bpf_getsockopt; r1 = *(u64 *)(r10 - 8); "
				 "r1 >>= 32; if r1 == 5 goto +0"),
		"");
}

// What helpers leave alone, move and read: as far as a kernel was seen to.

TEST(watch, an_update_that_fails_leaves_what_was_there) {
	const bpf_map_ptr array = array_of(1);
	const std::string value = "*(u32 *)(r10 - 4) = 0; r1 = map 0; r2 = r10; r2 += -4; ";
	const std::string lookup = value + "call bpf_map_lookup_elem; if r0 == 0 goto out; ";
	const std::string store = "r1 = *(u64 *)(r10 - 16); *(u64 *)(r0 + 0) = r1; ";
	const std::string update = value + "*(u64 *)(r10 - 24) = 1; r3 = r10; r3 += -24; r4 = ";
	const std::string branch = lookup + "r1 = *(u64 *)(r0 + 0); if r1 == 5 goto +0; out: r0 = 1; exit";
	EXPECT_NE(watched(lookup + store + update + "1; call bpf_map_update_elem; " + branch, {array}).finding(),
			  "")
		<< "BPF_NOEXIST of an ARRAY is -EEXIST";
	EXPECT_EQ(watched(lookup + store + update + "0; call bpf_map_update_elem; " + branch, {array}).finding(),
			  "");
}

TEST(watch, padding_that_an_update_has_copied_is_found_where_it_is_hashed) {
	const bpf_map_ptr array = array_of(1), conns = hash_of(8, 8);
	const std::string text =
		"*(u32 *)(r10 - 4) = 0; *(u32 *)(r10 - 16) = 7; r1 = map 0; r2 = r10; r2 += -4; r3 = r10; "
		"r3 += -16; r4 = 0; call bpf_map_update_elem; r1 = map 0; r2 = r10; r2 += -4; "
		"call bpf_map_lookup_elem; if r0 == 0 goto out; r2 = r0; r1 = map 1; "
		"call bpf_map_lookup_elem; out: r0 = 1; exit";
	const watched one(text, {array, conns});
	ASSERT_EQ(one.said.findings.size(), 2u) << "of a type that is not known, the value is told, too";
	expect_contains(one.said.findings[1],
					"key of 'conns': bytes 4 to 7 of a value of 'array', which come from");
}

TEST(watch, a_text_is_read_as_far_as_the_answer_needs) {
	const std::string two = "*(u16 *)(r10 - 16) = 0x6261; r1 = r10; r1 += -16; ";
	EXPECT_EQ(found_in(two + "r2 = 2; call bpf_strnlen"), "");
	EXPECT_NE(found_in(two + "r2 = 3; call bpf_strnlen"), "");
	EXPECT_EQ(found_in(two + "r2 = 0x62; call bpf_strchr"), "") << "there is one";
	EXPECT_NE(found_in(two + "r2 = 0x63; call bpf_strchr"), "");
	EXPECT_EQ(found_in(two + "*(u16 *)(r10 - 32) = 0x7a61; r2 = r10; r2 += -32; call bpf_strcmp"), "")
		<< "they differ";
	const std::string number =
		"*(u16 *)(r10 - 16) = 0x0a31; r1 = r10; r1 += -16; r2 = 8; r3 = 0; r4 = r10; r4 += -32; ";
	EXPECT_EQ(found_in(number + "call bpf_strtol"), "") << "a line's end ends it";
}

TEST(watch, words_whose_bits_are_counted_are_read) {
	const std::string count =
		"r2 = r10; r2 += -8; r1 = r10; r1 += -24; r3 = 1; call bpf_iter_bits_new; r1 = r10; "
		"r1 += -24; call bpf_iter_bits_destroy";
	EXPECT_NE(found_in(count), "");
	EXPECT_EQ(found_in("*(u64 *)(r10 - 8) = 5; " + count), "");
}

TEST(watch, a_comparison_and_exchange) {
	const std::string exchange = "r0 = 3; r3 = 77; r0 = cmpxchg_64(r10 - 8, r0, r3); ";
	EXPECT_NE(found_in(exchange), "") << "whether it stores depends on the word";
	EXPECT_EQ(found_in("*(u64 *)(r10 - 8) = 3; " + exchange + "r1 = *(u64 *)(r10 - 8); if r1 == 5 goto +0"),
			  "");
	EXPECT_EQ(
		found_in("*(u64 *)(r10 - 8) = 3; r0 = 3; r3 = *(u64 *)(r10 - 16); r0 = cmpxchg_64(r10 - 8, r0, r3)"),
		"");
	EXPECT_NE(
		found_in("*(u64 *)(r10 - 8) = 3; r0 = 3; r3 = *(u64 *)(r10 - 16); r0 = cmpxchg_64(r10 - 8, r0, r3); "
				 "r1 = *(u64 *)(r10 - 8); if r1 == 5 goto +0"),
		"");
	EXPECT_NE(found_in("w1 = load_acquire((u32 *)(r10 - 8)); if w1 == 5 goto +0"), "");
	EXPECT_EQ(
		found_in("r1 = 5; store_release((u64 *)(r10 - 8), r1); r1 = *(u64 *)(r10 - 8); if r1 == 5 goto +0"),
		"");
}

TEST(watch, a_record_of_half_a_megabyte_costs_no_more_than_its_bytes) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 1 << 20, .map_name = "events"});
	const std::string text =
		"r1 = map 0; r2 = 0x80000; r3 = 0; call bpf_ringbuf_reserve; if r0 == 0 goto out; "
		"*(u64 *)(r0 + 0) = 1; r1 = r0; r2 = 0; call bpf_ringbuf_submit; out: r0 = 1; exit";
	EXPECT_EQ(
		watched(text, {ring}).finding(),
		"record: bytes 8 to 524287 of a record of bpf_ringbuf_reserve() were never written; its reader gets "
		"whatever is there");
}

TEST(watch, storage_that_is_made_anew_is_written) {
	const bpf_map_ptr storage = make_map({.map_type = BPF_MAP_TYPE_SK_STORAGE,
										  .key_size = 4,
										  .value_size = 8,
										  .map_flags = BPF_F_NO_PREALLOC,
										  .map_name = "storage"});
	const std::string text =
		"r2 = *(u64 *)(r1 + 184); if r2 == 0 goto out; r1 = map 0; r3 = 0; r4 = 1; "
		"call bpf_sk_storage_get; if r0 == 0 goto out; r1 = *(u64 *)(r0 + 0); if r1 == 0 goto +0; "
		"r2 = *(u64 *)(r10 - 8); r2 &= 1; *(u64 *)(r0 + 0) = r2; out: r0 = 1; exit";
	for (u64 seed = 1; seed != 40; ++seed)
		EXPECT_EQ(watched(text, {storage}, seed).finding(), "")
			<< "socket " << seed << ", where others have been";
}

TEST(watch, what_is_probed_into_a_dynptr_is_copied_or_zeroes) {
	const bpf_map_ptr ring =
		make_map({.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096, .map_name = "events"});
	const std::string reserve =
		"r1 = map 0; r2 = 8; r3 = 0; r4 = r10; r4 += -16; call bpf_ringbuf_reserve_dynptr; "
		"r1 = r10; r1 += -16; r2 = 0; r3 = 8; ";
	const std::string submit = "; call bpf_probe_read_kernel_dynptr; r1 = r10; r1 += -16; r2 = 0; "
							   "call bpf_ringbuf_submit_dynptr";
	const std::string source = "r4 = r10; r4 += -32";
	EXPECT_NE(found_in(reserve + source + submit, {ring}), "");
	EXPECT_EQ(found_in("*(u64 *)(r10 - 32) = 7; " + reserve + source + submit, {ring}), "");
	EXPECT_EQ(found_in(reserve + "r4 = 77" + submit, {ring}), "") << "-EFAULT, and zeroes";
}

TEST(watch, another_functions_frame_is_its_own) {
	const std::string call = "*(u64 *)(r10 - 8) = 5; call f; r0 = 1; exit; f: r1 = *(u64 *)(r10 - 8)";
	EXPECT_EQ(watched(call + branch_on_r1 + "; r0 = 0; exit").finding(), never_written);
	EXPECT_EQ(
		watched("*(u64 *)(r10 - 8) = 5; r1 = r10; r1 += -8; call f; r0 = 1; exit; f: r1 = *(u64 *)(r1 + 0)" +
				std::string(branch_on_r1) + "; r0 = 0; exit")
			.finding(),
		"")
		<< "by reference, the caller's";
}

TEST(watch, an_atomic_operation_takes_and_gives_it) {
	EXPECT_NE(found_in("r1 = 1; r1 = atomic_fetch_add((u64 *)(r10 - 8), r1); if r1 == 5 goto +0"), "");
	EXPECT_EQ(
		found_in(
			"*(u64 *)(r10 - 8) = 3; r1 = 1; r1 = atomic_fetch_add((u64 *)(r10 - 8), r1); if r1 == 5 goto +0"),
		"");
	EXPECT_EQ(found_in("r1 = 1; r1 = xchg_64(r10 - 8, r1); r1 = *(u64 *)(r10 - 8); if r1 == 5 goto +0"), "");
}

TEST(watch, the_same_seed_gives_the_same_bytes_and_never_0) {
	const std::string text = "r6 = r1; r2 = *(u32 *)(r10 - 4); *(u32 *)(r6 + 4) = r2; r0 = 1; exit";
	std::map<int, int> replies;
	for (u64 seed = 1; seed != 40; ++seed) {
		const watched once(text, {}, seed), again(text, {}, seed);
		EXPECT_EQ(once.reply, again.reply);
		for (u32 at = 0; at != 32; at += 8)
			EXPECT_NE(static_cast<u32>(once.reply) >> at & 0xff, 0u);
		++replies[once.reply];
	}
	EXPECT_EQ(replies.size(), 39u) << "each seed has bytes of its own";
}

TEST(watch, each_run_finds_other_bytes) {
	watched one("r6 = r1; r2 = *(u32 *)(r10 - 4); *(u32 *)(r6 + 4) = r2; r0 = 1; exit");
	EXPECT_NE(one.reply, one.call(BPF_SOCK_OPS_TIMEOUT_INIT));
	EXPECT_EQ(one.said.findings.size(), 2u) << "and each is told";
}

TEST(watch, counts_what_is_come_to) {
	watched one(
		"r0 = 0; r2 = 3; r0 += 1; r2 -= 1; if r2 != 0 goto -3; if r0 == 9 goto +1; r1 = 0; r0 = 1; exit");
	const std::vector<bpf_insn_count> counts = bpf_prog_counts(*one.prog.get());
	ASSERT_EQ(counts.size(), 9u);
	const u64 executed[] = {1, 1, 3, 3, 3, 1, 1, 1, 1};
	for (std::size_t i = 0; i != 9; ++i)
		EXPECT_EQ(counts[i].executed, executed[i]) << i;
	EXPECT_EQ(counts[4].jumped, 2u);
	EXPECT_TRUE(counts[4].is_branch);
	EXPECT_EQ(counts[5].jumped, 0u);
	EXPECT_FALSE(counts[3].is_branch);
	EXPECT_TRUE(is_watched(*one.prog.get()));
	const bpf_prog_ptr plain = load("r0 = 1; exit");
	EXPECT_FALSE(is_watched(*plain.get()));
	EXPECT_TRUE(bpf_prog_counts(*plain.get()).empty());
}
