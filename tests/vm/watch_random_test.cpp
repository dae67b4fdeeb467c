// SPDX-License-Identifier: MIT
// Random programs over words that are written in part: where two seeds give two replies, the reply depended
// on what nobody wrote, and every run must have told so.
#include <cstdio>
#include <iterator>
#include <random>
#include <set>

#include "../seed.hpp"
#include "support.hpp"

using namespace vm_test;

namespace {

class writer {
  public:
	explicit writer(u64 number) : chance_(number) {}

	/// Its reply is what is left in r0. `exact`: only of operations whose unwritten bits are exactly known.
	std::string program(bool exact) {
		text_ = "r6 = r1; ";
		for (u32 i = 0; i != 4; ++i)
			write_in_part();
		for (const char* reg : registers)
			load(reg);
		for (u32 i = 0; i != 8; ++i)
			operate(exact);
		return text_ + "r0 = " + any(registers) + "; *(u32 *)(r6 + 4) = r0; r0 = 1; exit";
	}

  private:
	static constexpr const char* registers[] = {"r1", "r2", "r3", "r4"};
	static constexpr const char* sizes[] = {"u8", "u16", "u32", "u64"};

	u32 below(u32 end) { return static_cast<u32>(chance_() % end); }
	template <std::size_t N>
	std::string any(const char* const (&of)[N]) {
		return of[below(N)];
	}
	static std::string at(u32 word, u32 byte) { return "(r10 - " + std::to_string(word * 8 - byte) + ")"; }
	/// "*(u16 *)(r10 - 14)": an aligned part of a word.
	std::string place(u32 size) {
		const u32 word = 1 + below(4), byte = below(8 >> size) << size;
		return std::string("*(") + sizes[size] + " *)" + at(word, byte);
	}

	void write_in_part() {
		if (below(4) != 0)
			text_ += place(below(4)) + " = " + std::to_string(below(1 << 16)) + "; ";
	}
	void load(const std::string& reg) { text_ += reg + " = " + place(below(4)) + "; "; }
	void operate(bool exact) {
		const std::string dst = any(registers), src = any(registers);
		const std::string number = std::to_string(static_cast<s32>(chance_() >> below(30)));
		switch (below(exact ? 6 : 9)) {
		case 0:
			text_ += dst + any({" &= ", " |= ", " ^= "}) + src;
			break;
		case 1:
			text_ += dst + any({" &= ", " |= ", " ^= "}) + number;
			break;
		case 2:
			text_ += dst + any({" <<= ", " >>= ", " s>>= "}) + std::to_string(below(64));
			break;
		case 3:
			text_ += any({"r1 = be16 r1", "r2 = be32 r2", "r3 = be64 r3", "w4 = w1", "r1 = (s16)r3"});
			break;
		case 4:
			text_ += place(below(4)) + " = " + dst;
			break;
		case 5:
			load(dst);
			return;
		case 6:
			text_ += dst + any({" += ", " -= ", " *= "}) + src;
			break;
		case 7:
			text_ += dst + any({" += ", " -= ", " *= ", " /= ", " %= "}) + number;
			break;
		default:
			text_ +=
				any({"r1 <<= r2", "r3 >>= r4", "w2 += w3", "w1 -= 77", "r4 = -r4", "w3 *= w3", "r2 /= r1"});
		}
		text_ += "; ";
	}

	std::mt19937_64 chance_;
	std::string text_;
};

struct answers {
	std::set<int> replies;
	std::size_t found = 0; ///< runs with a finding
};

constexpr u64 seeds = 4;

answers run(const std::string& text) {
	answers all;
	for (u64 seed = 1; seed <= seeds; ++seed) {
		const std::vector<bpf_insn> insns = instructions(text);
		bpf_load_error why;
		const bpf_prog_ptr prog =
			bpf_prog_load({.name = "test", .insns = insns, .watch = bpf_watch_options{seed}}, why);
		EXPECT_TRUE(prog) << why.message << "\n" << text;
		one_socket one;
		const sockops::testing::program_output said(one.in);
		attach(*one.root, prog);
		all.replies.insert(one.call(BPF_SOCK_OPS_TIMEOUT_INIT));
		EXPECT_TRUE(said.faults.empty());
		all.found += !said.findings.empty();
	}
	return all;
}

} // namespace

TEST(watch, finds_every_reply_that_depends_on_what_nobody_wrote) {
	const u64 first = seed_of_run();
	const u32 programs = all_of_it() ? 100'000 : 500;
	u32 depending = 0, told = 0, exact_depending = 0, exact_told = 0;
	for (u64 number = first; number != first + programs; ++number) {
		const bool exact = number % 2;
		const std::string text = writer(number).program(exact);
		const answers all = run(text);
		const bool depends = all.replies.size() > 1;
		ASSERT_TRUE(!depends || all.found == seeds) << "program " << number << " was not told: " << text;
		ASSERT_TRUE(all.found == 0 || all.found == seeds)
			<< "program " << number << " is told by chance: " << text;
		(exact ? exact_depending : depending) += depends;
		(exact ? exact_told : told) += all.found != 0;
	}
	std::printf("watch: programs=%u depending=%u told=%u; of exact operations depending=%u told=%u\n",
				programs, depending, told, exact_depending, exact_told);
	EXPECT_GE(depending, programs / 10) << "too few that depend on it: the test shows nothing";
	EXPECT_GE(exact_depending, exact_told * 95 / 100) << "told where nothing depends on it";
}
