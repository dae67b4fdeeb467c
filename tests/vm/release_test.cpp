// SPDX-License-Identifier: MIT
// Programs for another release than the one that is modelled: each row of each table is refused by the
// release before it, and not by its own.

#include "../../src/kern/release_words.hpp"
#include "../../src/map/type_table.hpp"
#include "../../src/vm/insn_releases.hpp"
#include "../release_before.hpp"
#include "support.hpp"

using namespace vm_test;

namespace {

/// What bpf_prog_load() says of a program for that release; of one that is taken, nothing.
bpf_load_error said_of(std::string_view text, kernel_release kernel, std::vector<bpf_map_ptr> maps = {}) {
	const std::vector<bpf_insn> insns = instructions(text);
	bpf_load_error why;
	(void)bpf_prog_load(
		{.name = "test", .insns = insns, .maps = std::move(maps), .kfuncs = all_kfuncs(), .kernel = kernel},
		why);
	return why;
}

bool is_too_young(const bpf_load_error& why) { return why.refused_by == bpf_load_error::by::too_young; }

/// Refused before `since`, by these words, and then no more.
void expect_since(kernel_release since, std::string_view text, const std::string& what,
				  std::vector<bpf_map_ptr> maps = {}) {
	EXPECT_FALSE(is_too_young(said_of(text, std::max(since, first_release), maps)))
		<< text << "\nin " << detail::release_in_words(since);
	if (since <= first_release)
		return;
	const kernel_release before = release_before(since);
	const bpf_load_error why = said_of(text, before, maps);
	EXPECT_TRUE(is_too_young(why)) << text << "\nin " << detail::release_in_words(before) << ": "
								   << why.message;
	EXPECT_EQ(why.reason, what + " since Linux " + detail::release_in_words(since) + "; --kernel asks for " +
							  detail::release_in_words(before));
	EXPECT_EQ(why.rule, "release");
	expect_contains(why.remedy, ", or ask for " + detail::release_in_words(since) + " or later");
}

constexpr char arguments[] = "r1 = 0; r2 = 0; r3 = 0; r4 = 0; r5 = 0; ";

TEST(prog_load_of_a_release, knows_since_when_a_program_may_call_each_helper_and_kfunc) {
	for (const bpf_helper& each : bpf_helpers)
		if (!each.prototype.empty())
			expect_since(each.since,
						 std::string(arguments) + "call " + std::string(each.name) + "; r0 = 1; exit",
						 std::string(each.name) + "() is for SOCK_OPS programs");
	for (const bpf_kfunc& each : bpf_kfuncs)
		if (!each.prototype.empty())
			expect_since(each.since,
						 std::string(arguments) + "call " + std::string(each.name) + "; r0 = 1; exit",
						 std::string(each.name) + "() is for SOCK_OPS programs");
}

/// args and reply are in the same place as replylong, which is older than args.
TEST(prog_load_of_a_release, knows_since_when_each_field_of_the_context_is_there) {
	for (const ctx_field& each : ctx_fields) {
		if (each.name == "args")
			continue;
		const std::string place =
			"*(u" + std::to_string(each.size * 8) + " *)(r1 + " + std::to_string(each.offset) + ")";
		const std::string what = "skops->" + std::string(each.name) + " is there";
		expect_since(each.since, "r0 = " + place + "; r0 = 1; exit", what);
		if (each.writable)
			expect_since(each.since, "r2 = 1; " + place + " = r2; r0 = 1; exit", what);
	}
	EXPECT_FALSE(is_too_young(said_of("r0 = *(u32 *)(r1 + 16); r0 = 1; exit", first_release)));
}

TEST(prog_load_of_a_release, knows_since_when_there_is_each_form_of_instruction) {
	const std::pair<const char*, const char*> samples[] = {
		{"a jump on 'less than'", "r2 = *(u32 *)(r1 + 0); if r2 < 7 goto +0; r0 = 1; exit"},
		{"a jump on 'less than'", "r2 = *(u32 *)(r1 + 0); if r2 s<= 7 goto +0; r0 = 1; exit"},
		{"a call of another function", "call f; r0 = 1; exit; f: r0 = 0; exit"},
		{"a jump that compares 32 bits", "r2 = *(u32 *)(r1 + 0); if w2 == 7 goto +0; r0 = 1; exit"},
		{"an atomic instruction that does more than add",
		 "r2 = 1; *(u64 *)(r10 - 8) = r2; lock *(u64 *)(r10 - 8) |= r2; r0 = 1; exit"},
		{"an atomic instruction that does more than add",
		 "r2 = 1; *(u64 *)(r10 - 8) = r2; r2 = atomic_fetch_add((u64 *)(r10 - 8), r2); r0 = 1; exit"},
		{"a callback", "r2 = code +3; r0 = 1; exit; r0 = 0; exit"},
		{"an extension of the sign", "r2 = *(u32 *)(r1 + 0); r2 = (s8)r2; r0 = 1; exit"},
		{"an extension of the sign", "r2 = 1; *(u64 *)(r10 - 8) = r2; r2 = *(s8 *)(r10 - 8); r0 = 1; exit"},
		{"a signed division", "r2 = *(u32 *)(r1 + 0); r2 s/= 7; r0 = 1; exit"},
		{"a signed division", "r2 = *(u32 *)(r1 + 0); w2 s%= 7; r0 = 1; exit"},
		{"a swap of bytes", "r2 = *(u32 *)(r1 + 0); r2 = bswap16 r2; r0 = 1; exit"},
		{"a jump further than 16 bits", "gotol +0; r0 = 1; exit"},
		{"a load-acquire or store-release",
		 "r2 = 1; *(u64 *)(r10 - 8) = r2; r2 = load_acquire((u64 *)(r10 - 8)); r0 = 1; exit"},
	};
	for (const vm::insn_form& form : vm::insn_form_table) {
		bool sampled = form.is == vm::insn_forms::names_global; // below
		for (const auto& [what, text] : samples)
			if (form.what == what) {
				sampled = true;
				expect_since(form.since, text, std::string(what) + " is taken");
			}
		EXPECT_TRUE(sampled) << form.what;
	}
	expect_since(vm::constant_into_context_since, "*(u32 *)(r1 + 4) = 7; r0 = 1; exit",
				 "a constant is stored into the context by one instruction");
}

TEST(prog_load_of_a_release, takes_all_that_the_instruction_set_began_with) {
	const bpf_load_error why = said_of(
		"r6 = r1; w2 = 7; w2 *= 3; w2 >>= 1; r2 = be16 r2; *(u64 *)(r10 - 8) = 1; r4 = 1;"
		"lock *(u64 *)(r10 - 8) += r4; r5 = *(u32 *)(r6 + 0); if r5 s> 3 goto +1; *(u32 *)(r6 + 4) = r4;"
		"r0 = 1; exit",
		first_release);
	EXPECT_EQ(why.message, "");
}

TEST(prog_load_of_a_release, knows_since_when_there_is_each_type_of_map) {
	for (u32 type = 1; type != std::size(detail::map_types); ++type) {
		const detail::map_type_row& row = detail::map_types[type];
		if (!row.type)
			continue;
		const auto held = static_cast<u32>(row.holds == map_holds::records ? 0 : 4);
		const u32 key = row.holds == map_holds::queued_values ? 0 : held;
		bpf_map_attr with{.map_type = static_cast<bpf_map_type>(type),
						  .key_size = key,
						  .value_size = held,
						  .max_entries = 4096,
						  .map_name = "it"};
		if (type == BPF_MAP_TYPE_SK_STORAGE)
			with.max_entries = 0, with.map_flags = BPF_F_NO_PREALLOC;
		if (type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			with.key_size = with.value_size = 4;
		expect_since(row.since, "r2 = map 0; r0 = 1; exit",
					 std::string("a map of type ") + row.name + " ('it') is there", {make_map(with)});
	}
}

TEST(prog_load_of_a_release, knows_since_when_there_are_loops) {
	expect_since(vm::loops_since, "r2 = 4; l: r2 += -1; if r2 != 0 goto l; r0 = 1; exit",
				 "a loop (a jump back to instruction 1) is taken");
	expect_since(vm::loops_since,
				 "r2 = *(u32 *)(r1 + 0); l: r2 += -1; if r2 == 0 goto +1; goto l; r0 = 1; exit",
				 "a loop (a jump back to instruction 1) is taken");
}

TEST(prog_load_of_a_release, takes_a_jump_back_that_makes_no_loop) {
	EXPECT_EQ(said_of("goto b; a: r0 = 1; exit; b: goto a", first_release).message, "");
}

TEST(prog_load_of_a_release, knows_since_when_a_program_may_be_long) {
	std::vector<bpf_insn> insns(vm::few_insns, {insn_class::alu64 | alu_op::mov, 0, 0, 0, 1});
	insns.back() = {insn_class::jmp | jmp_op::exit, 0, 0, 0, 0};
	bpf_load_error why;
	EXPECT_TRUE(bpf_prog_load({.name = "long", .insns = insns, .kernel = first_release}, why)) << why.message;
	insns.insert(insns.begin(), insns.front());
	const kernel_release before = release_before(vm::many_insns_since);
	EXPECT_FALSE(bpf_prog_load({.name = "long", .insns = insns, .kernel = before}, why));
	EXPECT_EQ(why.error, E2BIG);
	EXPECT_EQ(why.reason,
			  "a program of more than 4096 instructions is taken since Linux 5.2; --kernel asks for 5.1");
	EXPECT_TRUE(bpf_prog_load({.name = "long", .insns = insns, .kernel = vm::many_insns_since}, why));
}

TEST(prog_load_of_a_release, looks_only_where_a_run_may_come) {
	EXPECT_EQ(said_of("r2 = 0; if r2 == 0 goto +2; r1 = 0; call bpf_jiffies64; r0 = 1; exit", first_release)
				  .message,
			  "");
}

TEST(prog_load_of_a_release, has_a_remedy_that_the_release_takes) {
	constexpr auto text = "call bpf_ktime_get_tai_ns; r0 = 1; exit";
	expect_contains(said_of(text, release(5, 5)).remedy, "behind a const volatile variable");
	expect_contains(said_of(text, release(5, 4)).remedy, "by #if");
}

TEST(prog_load_of_a_release, names_the_instruction_that_is_too_young_first) {
	const bpf_load_error why =
		said_of("r6 = r1; call bpf_jiffies64; r0 = *(u32 *)(r6 + 208); r0 = 1; exit", release(5, 4));
	EXPECT_EQ(why.insn, 1u);
	EXPECT_EQ(why.message, "test: instruction 1: bpf_jiffies64() is for SOCK_OPS programs since Linux 5.6; "
						   "--kernel asks for 5.4");
}

TEST(prog_load_of_a_release, refuses_what_is_no_release) {
	for (const kernel_release which : {release(4, 12), release(5, 20), release(6, 19), release(7, 0)}) {
		const bpf_load_error why = said_of("r0 = 1; exit", which);
		EXPECT_EQ(why.error, EINVAL);
		expect_contains(why.reason, "bpf_prog_load_attr::kernel is " + detail::release_in_words(which) +
										": a release is MAJOR.MINOR, from 4.13");
	}
}

TEST(kernel_release, is_read_from_words_as_it_is_written) {
	std::size_t count = 0;
	for (unsigned major = 3; major != 8; ++major)
		for (unsigned minor = 0; minor != 30; ++minor)
			if (const kernel_release which = release(major, minor); is_release(which)) {
				++count;
				EXPECT_EQ(detail::release_of_words(detail::release_in_words(which)), which);
			} else {
				EXPECT_EQ(detail::release_of_words(detail::release_in_words(which)), std::nullopt);
			}
	EXPECT_EQ(count, 8u + 20u + 19u);
	for (const char* const wrong : {"", "5", "5.", ".5", "v5.15", "5.15.3", "5.015", "05.15", "5.15 ", "5,15",
									"261.15", "5.271", "6.x", "-5.15"})
		EXPECT_EQ(detail::release_of_words(wrong), std::nullopt) << wrong;
}

} // namespace
