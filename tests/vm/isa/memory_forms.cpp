// SPDX-License-Identifier: MIT
// Loads, stores and atomics as forms. r1 lies in the 8 bytes below r10, and r2 is what is done to it.
#include "forms.hpp"

namespace isa {

namespace {

using namespace sockops;
using enum immediates;

constexpr u64 low_half = 0xffffffff;

/// `value` with its low `bits` taken from `other`.
constexpr u64 replaced(u64 value, u64 other, int bits) {
	const u64 mask = (u64{1} << bits) - 1;
	return (value & ~mask) | (other & mask);
}
constexpr u64 low(u64 value) { return value & low_half; }

constexpr form forms[] = {
	{"*(u64 *)(r10 - 8) = r1; r1 = *(u8 *)(r10 - 7)", none, [](u64 d, u64) { return d >> 8 & 0xff; }},
	{"*(u64 *)(r10 - 8) = r1; r1 = *(u16 *)(r10 - 6)", none, [](u64 d, u64) { return d >> 16 & 0xffff; }},
	{"*(u64 *)(r10 - 8) = r1; r1 = *(u32 *)(r10 - 4)", none, [](u64 d, u64) { return d >> 32; }},
	{"*(u64 *)(r10 - 8) = r1; r1 = *(s8 *)(r10 - 7)", none,
	 [](u64 d, u64) { return static_cast<u64>(s64{static_cast<std::int8_t>(d >> 8)}); }},
	{"*(u64 *)(r10 - 8) = r1; r1 = *(s16 *)(r10 - 6)", none,
	 [](u64 d, u64) { return static_cast<u64>(s64{static_cast<s16>(d >> 16)}); }},
	{"*(u64 *)(r10 - 8) = r1; r1 = *(s32 *)(r10 - 4)", none,
	 [](u64 d, u64) { return static_cast<u64>(s64{static_cast<s32>(d >> 32)}); }},
	{"*(u64 *)(r10 - 8) = r1; *(u8 *)(r10 - 8) = r2; r1 = *(u64 *)(r10 - 8)", any,
	 [](u64 d, u64 s) { return replaced(d, s, 8); }},
	{"*(u64 *)(r10 - 8) = r1; *(u16 *)(r10 - 8) = r2; r1 = *(u64 *)(r10 - 8)", any,
	 [](u64 d, u64 s) { return replaced(d, s, 16); }},
	{"*(u64 *)(r10 - 8) = r1; *(u32 *)(r10 - 8) = r2; r1 = *(u64 *)(r10 - 8)", any,
	 [](u64 d, u64 s) { return replaced(d, s, 32); }},
	{"*(u64 *)(r10 - 8) = r1; *(u64 *)(r10 - 8) = r2; r1 = *(u64 *)(r10 - 8)", any,
	 [](u64, u64 s) { return s; }},

	// What an atomic operation leaves in memory.
	{"*(u64 *)(r10 - 8) = r1; lock *(u64 *)(r10 - 8) += r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return d + s; }},
	{"*(u64 *)(r10 - 8) = r1; lock *(u64 *)(r10 - 8) |= r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return d | s; }},
	{"*(u64 *)(r10 - 8) = r1; lock *(u64 *)(r10 - 8) &= r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return d & s; }},
	{"*(u64 *)(r10 - 8) = r1; lock *(u64 *)(r10 - 8) ^= r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return d ^ s; }},
	{"*(u64 *)(r10 - 8) = r1; lock *(u32 *)(r10 - 8) += r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return replaced(d, d + s, 32); }},
	{"*(u64 *)(r10 - 8) = r1; lock *(u32 *)(r10 - 8) |= r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return replaced(d, d | s, 32); }},
	{"*(u64 *)(r10 - 8) = r1; lock *(u32 *)(r10 - 8) &= r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return replaced(d, d & s, 32); }},
	{"*(u64 *)(r10 - 8) = r1; lock *(u32 *)(r10 - 8) ^= r2; r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return replaced(d, d ^ s, 32); }},
	{"*(u64 *)(r10 - 8) = r1; r2 = atomic_fetch_add((u64 *)(r10 - 8), r2); r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return d + s; }},
	{"*(u64 *)(r10 - 8) = r1; w2 = atomic_fetch_xor((u32 *)(r10 - 8), w2); r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return replaced(d, d ^ s, 32); }},
	{"*(u64 *)(r10 - 8) = r1; r2 = xchg_64(r10 - 8, r2); r1 = *(u64 *)(r10 - 8)", none,
	 [](u64, u64 s) { return s; }},
	{"*(u64 *)(r10 - 8) = r1; w2 = xchg32_32(r10 - 8, w2); r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return replaced(d, s, 32); }},
	{"*(u64 *)(r10 - 8) = r1; r0 = r2; r3 = 77; r0 = cmpxchg_64(r10 - 8, r0, r3); r1 = *(u64 *)(r10 - 8)",
	 none, [](u64 d, u64 s) { return d == s ? 77 : d; }},
	{"*(u64 *)(r10 - 8) = r1; r0 = r2; r3 = 77; w0 = cmpxchg32_32(r10 - 8, w0, w3); r1 = *(u64 *)(r10 - 8)",
	 none, [](u64 d, u64 s) { return low(d) == low(s) ? replaced(d, 77, 32) : d; }},
	{"*(u64 *)(r10 - 8) = r1; store_release((u16 *)(r10 - 8), r2); r1 = *(u64 *)(r10 - 8)", none,
	 [](u64 d, u64 s) { return replaced(d, s, 16); }},
	{"store_release((u64 *)(r10 - 8), r2); r1 = *(u64 *)(r10 - 8)", none, [](u64, u64 s) { return s; }},

	// What it fetches.
	{"*(u64 *)(r10 - 8) = r1; r1 = r2; r1 = atomic_fetch_add((u64 *)(r10 - 8), r1)", none,
	 [](u64 d, u64) { return d; }},
	{"*(u64 *)(r10 - 8) = r1; r1 = r2; r1 = atomic_fetch_or((u64 *)(r10 - 8), r1)", none,
	 [](u64 d, u64) { return d; }},
	{"*(u64 *)(r10 - 8) = r1; r1 = r2; r1 = atomic_fetch_and((u64 *)(r10 - 8), r1)", none,
	 [](u64 d, u64) { return d; }},
	{"*(u64 *)(r10 - 8) = r1; r1 = r2; w1 = atomic_fetch_add((u32 *)(r10 - 8), w1)", none,
	 [](u64 d, u64) { return low(d); }},
	{"*(u64 *)(r10 - 8) = r1; r1 = r2; w1 = atomic_fetch_or((u32 *)(r10 - 8), w1)", none,
	 [](u64 d, u64) { return low(d); }},
	{"*(u64 *)(r10 - 8) = r1; r1 = r2; w1 = atomic_fetch_and((u32 *)(r10 - 8), w1)", none,
	 [](u64 d, u64) { return low(d); }},
	{"*(u64 *)(r10 - 8) = r1; r1 = r2; w1 = xchg32_32(r10 - 8, w1)", none, [](u64 d, u64) { return low(d); }},
	{"*(u64 *)(r10 - 8) = r1; r0 = r2; r3 = 77; r0 = cmpxchg_64(r10 - 8, r0, r3); r1 = r0", none,
	 [](u64 d, u64) { return d; }},
	{"*(u64 *)(r10 - 8) = r1; r0 = r2; r3 = 77; w0 = cmpxchg32_32(r10 - 8, w0, w3); r1 = r0", none,
	 [](u64 d, u64) { return low(d); }},
	{"*(u64 *)(r10 - 8) = r1; r1 = load_acquire((u32 *)(r10 - 8))", none, [](u64 d, u64) { return low(d); }},
	{"*(u64 *)(r10 - 8) = r1; r1 = load_acquire((u8 *)(r10 - 8))", none, [](u64 d, u64) { return d & 0xff; }},
};

} // namespace

std::span<const form> memory_forms() { return forms; }

} // namespace isa
