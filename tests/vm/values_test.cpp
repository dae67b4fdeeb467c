// SPDX-License-Identifier: MIT
// Sets of values that a register certainly can have (check/values.hpp): whatever is in a result must come of
// members of the operands. Found out with small sets, of which every pair is tried.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "../../src/vm/check/values.hpp"
#include "../../src/vm/load_check.hpp"
#include "../seed.hpp"

namespace {

using namespace sockops;
using namespace sockops::vm;
using namespace sockops::vm::check;

std::vector<u64> members(const some_values& of) {
	std::vector<u64> all;
	for (u64 i = 0; i <= of.more; ++i)
		all.push_back(of.first + of.step * i);
	return all;
}
std::string words(const some_values& of) {
	return std::to_string(of.first) + " by " + std::to_string(of.step) + ", " + std::to_string(of.more) +
		   " more";
}

/// Small sets, at the places where arithmetic turns around.
class small_sets {
  public:
	explicit small_sets(u64 seed) : random_(seed) {}

	some_values next() {
		static constexpr u64 corners[] = {0,           1,           7,          0x7fff'fff0,
										  0x8000'0000, 0xffff'fff8, 1ull << 32, (1ull << 63) - 3,
										  1ull << 63,  ~0ull - 9};
		const u64 first = corners[random_() % std::size(corners)] + random_() % 4;
		const u64 step = 1 + random_() % (random_() % 2 ? 1 : 5);
		u64 more = random_() % 8;
		while (more != 0 && first + step * more < first)
			--more;
		return {first, more ? step : 1, more};
	}
	u64 operator()() { return random_(); }

  private:
	std::mt19937_64 random_;
};

constexpr u8 operations[] = {alu_op::add, alu_op::sub, alu_op::mul,  alu_op::or_,  alu_op::and_, alu_op::lsh,
							 alu_op::rsh, alu_op::neg, alu_op::xor_, alu_op::arsh, alu_op::end};

bpf_insn random_arithmetic(small_sets& random) {
	bpf_insn insn{};
	insn.code = static_cast<u8>(operations[random() % std::size(operations)] | insn_source::x |
								(random() % 2 ? insn_class::alu : insn_class::alu64));
	if ((insn.code & alu_op::mask) == alu_op::end)
		insn.imm = static_cast<s32>(16u << random() % 3);
	if ((insn.code & alu_op::mask) == alu_op::neg ||
		((insn.code & alu_op::mask) == alu_op::end && class_of(insn) == insn_class::alu64))
		insn.code &= static_cast<u8>(~insn_source::x);
	return insn;
}

constexpr u8 conditions[] = {jmp_op::jeq,  jmp_op::jne,  jmp_op::jgt,  jmp_op::jge,  jmp_op::jlt, jmp_op::jle,
							 jmp_op::jsgt, jmp_op::jsge, jmp_op::jslt, jmp_op::jsle, jmp_op::jset};

unsigned rounds() { return all_of_it() ? 200'000 : 20'000; }

} // namespace

TEST(values, arithmetic_leaves_only_what_members_make) {
	small_sets random(seed_of_run());
	calculator calculate;
	for (unsigned round = 0; round != rounds(); ++round) {
		const some_values left = random() % 2 ? one(random.next().first) : random.next(),
						  right = random() % 2 ? one(random.next().first) : random.next();
		const bpf_insn insn = random_arithmetic(random);
		const bool shifts = (insn.code & alu_op::mask) == alu_op::lsh ||
							(insn.code & alu_op::mask) == alu_op::rsh ||
							(insn.code & alu_op::mask) == alu_op::arsh;
		if (shifts && (!right.is_one() || right.first >= 32))
			continue; // forgotten on purpose
		std::vector<u64> possible;
		for (const u64 a : members(left))
			for (const u64 b : members(right))
				possible.push_back(calculate.arithmetic(insn, a, b));
		const some_values result = arithmetic(calculate, insn, left, right);
		ASSERT_LE(result.more, possible.size());
		for (const u64 each : members(result))
			ASSERT_NE(std::ranges::find(possible, each), possible.end())
				<< "code " << int{insn.code} << " of (" << words(left) << ") and (" << words(right)
				<< ") gives " << each;
	}
}

TEST(values, a_branch_leaves_only_what_goes_its_way) {
	small_sets random(seed_of_run());
	calculator calculate;
	unsigned open = 0, closed = 0;
	for (unsigned round = 0; round != rounds(); ++round) {
		const some_values left = random.next(),
						  right = random() % 2 ? one(left.first + left.step * (random() % 3)) : random.next();
		bpf_insn insn{};
		insn.code = static_cast<u8>(conditions[random() % std::size(conditions)] | insn_source::x |
									(random() % 2 ? insn_class::jmp : insn_class::jmp32));
		const bool taken = random() % 2;
		const auto sides = where(insn, left, right, taken, static_cast<unsigned>(random() % 2));
		const u8 op = insn.code & jmp_op::mask;
		const bool remembers = op != (taken ? jmp_op::jne : jmp_op::jeq);
		const auto goes = [&](u64 a, u64 b) { return calculate.jumps(insn, a, b) == taken; };
		bool is_possible = false;
		for (const u64 a : members(left))
			for (const u64 b : members(right))
				is_possible = is_possible || goes(a, b);
		++(sides ? open : closed);
		if (!sides)
			continue;
		ASSERT_TRUE(is_possible) << "code " << int{insn.code} << " taken " << taken << " of (" << words(left)
								 << ") and (" << words(right) << ")";
		for (const u64 a : members(sides->first)) {
			ASSERT_TRUE(left.has(a)) << a;
			const auto all = members(right);
			ASSERT_TRUE(!remembers || std::ranges::any_of(all, [&](u64 b) { return goes(a, b); }))
				<< "code " << int{insn.code} << " taken " << taken << ": " << a << " of (" << words(left)
				<< ") and (" << words(right) << ")";
		}
		for (const u64 b : members(sides->second)) {
			ASSERT_TRUE(right.has(b)) << b;
			const auto all = members(left);
			ASSERT_TRUE(!remembers || std::ranges::any_of(all, [&](u64 a) { return goes(a, b); }));
		}
	}
	EXPECT_GT(open, 0u);
	EXPECT_GT(closed, 0u);
}

TEST(values, of_a_range_as_much_is_kept_as_programs_need) {
	calculator calculate;
	const auto by_number = [&](u8 op, u8 cls, s32 imm, const some_values& left) {
		return arithmetic(calculate, {static_cast<u8>(op | cls), 0, 0, 0, imm}, left,
						  one(static_cast<u64>(s64{imm})));
	};
	EXPECT_EQ(by_number(alu_op::and_, insn_class::alu64, 15, all_of(64)), between(0, 15));
	EXPECT_EQ(by_number(alu_op::and_, insn_class::alu64, 0x1c, all_of(32)), (some_values{0, 4, 7}));
	// A mask is on either side.
	EXPECT_EQ(arithmetic(calculate, {alu_op::and_ | insn_source::x | insn_class::alu, 0, 0, 0, 0}, one(255),
						 all_of(32)),
			  between(0, 255));
	EXPECT_EQ(arithmetic(calculate, {alu_op::mul | insn_source::x | insn_class::alu64, 0, 0, 0, 0}, one(8),
						 between(0, 3)),
			  (some_values{0, 8, 3}));
	EXPECT_EQ(by_number(alu_op::lsh, insn_class::alu64, 3, between(0, 15)), (some_values{0, 8, 15}));
	EXPECT_EQ(by_number(alu_op::rsh, insn_class::alu, 24, all_of(32)), between(0, 255));
	EXPECT_EQ(by_number(alu_op::add, insn_class::alu64, -1, between(1, 9)), between(0, 8));
	EXPECT_EQ(by_number(alu_op::or_, insn_class::alu64, 1, between(0, 15)), (some_values{1, 2, 7}));
	EXPECT_EQ(by_number(alu_op::xor_, insn_class::alu64, 0x25, between(0, 15)), between(0x20, 0x2f));
	EXPECT_EQ(by_number(alu_op::end, insn_class::alu, 32, all_of(32)), all_of(32));
	EXPECT_EQ(by_number(alu_op::mod, insn_class::alu64, 10, between(0, 9)), all_of(64)); // a kernel forgets
	EXPECT_EQ(all_of(64).least(), std::numeric_limits<s64>::min());
	EXPECT_EQ(all_of(64).greatest(), std::numeric_limits<s64>::max());
	EXPECT_EQ(low_half(all_of(64)), all_of(32));
	EXPECT_EQ(low_half(between(0x1'0000'0005, 0x1'0000'0009)), between(5, 9));
}

TEST(values, of_what_is_not_equal_the_ends_alone_are_forgotten) {
	const bpf_insn is_3{insn_class::jmp | jmp_op::jeq, 0, 0, 0, 3};
	EXPECT_EQ(where(is_3, between(0, 9), one(3), false)->first, between(0, 9))
		<< "in the middle: it may come again";
	EXPECT_EQ(where(is_3, between(3, 9), one(3), false)->first, between(4, 9));
	EXPECT_EQ(where(is_3, between(0, 3), one(3), false)->first, between(0, 2));
	EXPECT_FALSE(where(is_3, one(3), one(3), false));
	EXPECT_EQ(where(is_3, between(0, 9), one(3), true)->first, one(3));
}
