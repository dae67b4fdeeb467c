// SPDX-License-Identifier: MIT
// Strings as long as a kernel reads them: what is found in them, and what that takes.

#include <cstring>
#include <random>

#include "../../src/helper/string_search.hpp"
#include "support.hpp"

using namespace vm_test;

namespace {

constexpr u32 room = 65'536;

/// A value of an array that is a string.
bpf_map_ptr text_of(const std::string& text, const char* name) {
	bpf_map_ptr map = make_map({.map_type = BPF_MAP_TYPE_ARRAY,
								.key_size = 4,
								.value_size = room,
								.max_entries = 1,
								.map_name = name});
	std::memcpy(map.get()->area().base, text.c_str(), text.size() + 1);
	return map;
}

std::string call_with_both(const std::string& kfunc) {
	return load_of("1", ld_imm64::map_idx_value, 0) + ";" + load_of("2", ld_imm64::map_idx_value, 1) +
		   "; call " + kfunc + ";";
}

int answer(const std::string& kfunc, const std::string& first, const std::string& second) {
	running one("r6 = r1;" + call_with_both(kfunc) + "*(u32 *)(r6 + 4) = r0; r0 = 1; exit",
				{text_of(first, "first"), text_of(second, "second")});
	const int result = one.call();
	EXPECT_EQ(one.last_fault(), "");
	return result;
}

/// Reads a text that ends with its NUL, or, without one, with -EFAULT.
struct reader {
	const std::string* text;
	int operator()(int at) const noexcept {
		return static_cast<std::size_t>(at) < text->size()
				   ? static_cast<u8>((*text)[static_cast<std::size_t>(at)])
				   : -EFAULT;
	}
};

helper::unsafe_text at_hand(const std::string& text) {
	helper::unsafe_text all(0, nullptr, [](helper::unsafe_text&, u32) noexcept { return false; });
	all.hold(reinterpret_cast<const u8*>(text.data()), 0, static_cast<u32>(text.size()));
	return all;
}

/// What a search from each place anew comes to.
int found_from_each_place(reader text, reader wanted, u64 len) {
	for (int at = 0;; ++at)
		for (int i = 0;; ++i) {
			const int w = wanted(i);
			if (w <= 0)
				return w < 0 ? w : at;
			if (static_cast<u64>(at + i) >= len)
				return -ENOENT;
			const int here = text(at + i);
			if (here <= 0)
				return here < 0 ? here : -ENOENT;
			if (here != w)
				break;
		}
}

std::string random_text(std::minstd_rand& random, unsigned most) {
	std::string text;
	for (unsigned left = random() % (most + 1), letters = 1 + random() % 3; left != 0; --left)
		text += static_cast<char>('a' + random() % letters);
	if (random() % 4 != 0)
		text += '\0';
	return text;
}

} // namespace

TEST(strings, are_found_where_a_search_from_each_place_finds_them) {
	std::minstd_rand random(7);
	unsigned found = 0;
	for (unsigned n = 0; n != 200'000; ++n) {
		const std::string text = random_text(random, 30), wanted = random_text(random, n % 2 ? 5 : 16);
		const u64 len = random() % 3 ? ~u64{0} : random() % 24;
		const int expected = found_from_each_place({&text}, {&wanted}, len);
		helper::unsafe_text in = at_hand(text), of = at_hand(wanted);
		ASSERT_EQ(helper::find_string(in, of, len), expected) << text << " / " << wanted;
		found += expected > 0;
	}
	EXPECT_GT(found, 10'000u);
}

TEST(strings, of_the_full_length_are_read_a_few_times_not_once_for_each_place) {
	const u64 before = bpf_run_limit();
	set_bpf_run_limit(260'000); // 8 reads of each byte; from each place anew it would be 4,000 times that
	const std::string as(65'000, 'a'), half(32'500, 'a');
	EXPECT_EQ(answer("bpf_strstr", as, half + 'b'), -ENOENT);
	EXPECT_EQ(answer("bpf_strstr", as + 'b', half + 'b'), 32'500);
	EXPECT_EQ(answer("bpf_strspn", as, std::string(65'000, 'b') + 'a'), 65'000);
	EXPECT_EQ(answer("bpf_strcspn", as, std::string(65'000, 'b')), 65'000);
	set_bpf_run_limit(before);
}

TEST(strings, count_for_the_run_limit_by_what_is_read) {
	const u64 before = bpf_run_limit();
	set_bpf_run_limit(100'000);
	const std::string begin = "r6 = 0; again:" + call_with_both("bpf_strcmp") + "r6 += 1; if r6 != ",
					  end = " goto again; r0 = 1; exit";
	const std::string text(10'000, 'a'); // two of them, 10,000 instructions
	const auto run = [&](const char* turns) {
		running one(begin + turns + end, {text_of(text, "first"), text_of(text, "second")});
		one.call();
		return one.last_fault();
	};
	EXPECT_EQ(run("9"), "");
	expect_contains(run("10"), "the run has taken 100000 instructions; set_bpf_run_limit() allows more");
	set_bpf_run_limit(before);
}

TEST(strings, do_not_count_for_what_is_between_two_calls) {
	const std::string text(65'000, 'a');
	running one("r6 = 0; again:" + call_with_both("bpf_strcmp") +
					"r6 += 1; if r6 != 100 goto again; r0 = 1; exit",
				{text_of(text, "first"), text_of(text, "second")});
	one.call();
	EXPECT_EQ(one.last_fault(), "") << "a kernel has no such limit";
}
