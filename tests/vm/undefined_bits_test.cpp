// SPDX-License-Identifier: MIT
// Which bits of a result are unwritten, against all ways of filling in those of the operands.
#include "../../src/vm/watch/undefined_bits.hpp"

#include <functional>
#include <random>
#include <string>

#include <gtest/gtest.h>

using namespace sockops;
using namespace sockops::vm;
using namespace sockops::vm::undefined_bits;

namespace {

using operand = partial<u8>;

/// Calls each(value) for each way of filling in the unwritten bits.
void for_all(operand of, const std::function<void(u8)>& each) {
	u8 subset = 0;
	do {
		each(static_cast<u8>(of.least() | subset));
		subset = static_cast<u8>((subset - of.undefined) & of.undefined);
	} while (subset != 0);
}

/// The bits that differ between two of all ways.
u8 differing(operand a, operand b, u8 (*compute)(u8, u8)) {
	u8 ones = 0xff, seen = 0;
	for_all(a, [&](u8 left) {
		for_all(b, [&](u8 right) {
			const u8 result = compute(left, right);
			ones &= result;
			seen |= result;
		});
	});
	return static_cast<u8>(seen & ~ones);
}

/// Some by chance, and those at the ends.
std::vector<operand> some_operands() {
	std::vector<operand> all;
	std::mt19937 chance(6);
	for (u32 i = 0; i != 35; ++i) {
		const auto value = static_cast<u8>(chance());
		const auto undefined = static_cast<u8>(chance() & chance());
		all.push_back({value, undefined});
	}
	for (const u8 value : {0, 1, 128, 255})
		for (const u8 undefined : {0, 1, 128, 24})
			all.push_back({value, undefined});
	return all;
}

struct rule {
	const char* name;
	u8 (*undefined)(operand, operand);
	u8 (*compute)(u8, u8);
	bool is_exact;
};

// clang-format off
const rule rules[] = {
	{"and", of_and<u8>, [](u8 a, u8 b) { return static_cast<u8>(a & b); }, true},
	{"or", of_or<u8>, [](u8 a, u8 b) { return static_cast<u8>(a | b); }, true},
	{"xor", of_xor<u8>, [](u8 a, u8 b) { return static_cast<u8>(a ^ b); }, true},
	{"mov", of_mov<u8>, [](u8, u8 b) { return b; }, true},
	{"add", of_add<u8>, [](u8 a, u8 b) { return static_cast<u8>(a + b); }, true},
	{"sub", of_sub<u8>, [](u8 a, u8 b) { return static_cast<u8>(a - b); }, true},
	{"neg", of_neg<u8>, [](u8 a, u8) { return static_cast<u8>(-a); }, true},
	{"mul", of_mul<u8>, [](u8 a, u8 b) { return static_cast<u8>(a * b); }, false},
	{"div", of_div<u8>, [](u8 a, u8 b) { return static_cast<u8>(b ? a / b : 0); }, false},
	{"mod", of_mod<u8>, [](u8 a, u8 b) { return static_cast<u8>(b ? a % b : a); }, false},
	{"lsh", of_lsh<u8>, [](u8 a, u8 b) { return static_cast<u8>(a << (b & 7)); }, false},
	{"rsh", of_rsh<u8>, [](u8 a, u8 b) { return static_cast<u8>(a >> (b & 7)); }, false},
	{"arsh", of_arsh<u8>, [](u8 a, u8 b) { return static_cast<u8>(static_cast<s8>(a) >> (b & 7)); }, false},
};
// clang-format on

struct comparison {
	const char* name;
	std::optional<bool> (*decided)(operand, operand);
	bool (*compute)(u8, u8);
};
const comparison comparisons[] = {
	{"equal", equal<u8>, [](u8 a, u8 b) { return a == b; }},
	{"share a bit", share_a_bit<u8>, [](u8 a, u8 b) { return (a & b) != 0; }},
	{"greater", greater<u8>, [](u8 a, u8 b) { return a > b; }},
	{"greater, signed", [](operand a, operand b) { return greater(without_sign(a), without_sign(b)); },
	 [](u8 a, u8 b) { return static_cast<s8>(a) > static_cast<s8>(b); }},
};

} // namespace

TEST(undefined_bits, of_a_result_are_those_that_may_differ) {
	const std::vector<operand> operands = some_operands();
	for (const rule& each : rules)
		for (const operand a : operands)
			for (const operand b : operands) {
				const u8 differ = differing(a, b, each.compute), said = each.undefined(a, b);
				const std::string row = std::string(each.name) + " of " + std::to_string(a.value) + "/" +
										std::to_string(a.undefined) + " and " + std::to_string(b.value) +
										"/" + std::to_string(b.undefined);
				ASSERT_EQ(differ & ~said, 0) << row << ": a bit that may differ counts as written";
				const bool by_known_distance =
					std::string_view(each.name).ends_with("sh") && b.undefined == 0;
				const bool is_exact = each.is_exact || by_known_distance;
				ASSERT_EQ(is_exact ? said : differ, differ) << row;
			}
}

TEST(undefined_bits, a_comparison_is_decided_where_it_is_the_same_for_all) {
	const std::vector<operand> operands = some_operands();
	for (const comparison& each : comparisons)
		for (const operand a : operands)
			for (const operand b : operands) {
				bool holds = false, fails = false;
				for_all(a, [&](u8 left) {
					for_all(b, [&](u8 right) { (each.compute(left, right) ? holds : fails) = true; });
				});
				const std::optional<bool> right = holds && fails ? std::nullopt : std::optional(holds);
				ASSERT_EQ(each.decided(a, b), right) << each.name << " of " << +a.value << "/" << +a.undefined
													 << " and " << +b.value << "/" << +b.undefined;
			}
}

TEST(undefined_bits, of_the_sign_fill_what_is_above_it) {
	EXPECT_EQ((of_sign_extension<u64, s8>({}, {0, 0x80})), 0xffff'ffff'ffff'ff80u);
	EXPECT_EQ((of_sign_extension<u64, s8>({}, {0, 0x7f})), 0x7fu);
	EXPECT_EQ((of_sign_extension<u32, s16>({}, {0, 0xff00'8000})), 0xffff'8000u);
}

TEST(undefined_bits, a_product_keeps_what_lies_below_them) {
	EXPECT_EQ(of_mul<u32>({0, 0xff00}, {8, 0}), 0x7f800u) << "times eight is a shift";
	EXPECT_EQ(of_mul<u64>({5, ~u64{0}}, {0, 0}), 0u) << "nothing times anything";
	EXPECT_EQ(of_mod<u32>({0, 0xff}, {16, 0}), 0xfu);
	EXPECT_EQ(of_div<u32>({0x100, 0xff}, {256, 0}), 0u) << "what is cut off does not matter";
}
