// SPDX-License-Identifier: MIT
// Numbers as a check at load knows them: values that a register certainly can have when a kernel looks at it.
// Never one that it cannot: a kernel's own set is at least this one, because it has to be right about every
// run, so what goes wrong for one of these values is refused there. What is not known is left out, which may
// hide something wrong and never invents it.
//
// Where a kernel is known to forget (a quotient, a comparison by != in the middle of a range), the values
// that it has to reckon with after that are in the set as well.
#pragma once

#include <optional>
#include <utility>

#include <sockops/vm/insn.hpp>

#include "../calculator.hpp"

namespace sockops::vm::check {

/// first, first + step, …, `more` of them after the first; as 64-bit numbers, without wrapping around.
struct some_values {
	u64 first = 0, step = 1, more = 0;

	constexpr bool operator==(const some_values&) const = default;

	constexpr u64 last() const noexcept { return first + step * more; }
	constexpr bool is_one() const noexcept { return more == 0; }
	constexpr bool is(u64 value) const noexcept { return more == 0 && first == value; }
	/// All that lie between the first and the last.
	constexpr bool is_range() const noexcept { return more == 0 || step == 1; }
	constexpr bool has(u64 value) const noexcept {
		return value >= first && value <= last() && (more == 0 || (value - first) % step == 0);
	}
	constexpr bool is_every_number() const noexcept { return first == 0 && step == 1 && more == ~u64{0}; }
	/// The least and the greatest as signed numbers.
	s64 least() const noexcept;
	s64 greatest() const noexcept;
};

constexpr some_values one(u64 value) noexcept { return {value, 1, 0}; }
constexpr some_values between(u64 first, u64 last) noexcept { return {first, 1, last - first}; }
/// All numbers of so many bits.
constexpr some_values all_of(u32 bits) noexcept {
	return between(0, bits == 64 ? ~u64{0} : (u64{1} << bits) - 1);
}

/// Those from `low` to `high`; nullopt: none is.
std::optional<some_values> cut(const some_values& from, u64 low, u64 high) noexcept;
/// By the lower 32 bits, zero-extended.
some_values low_half(const some_values& of) noexcept;

/// What an instruction of arithmetic can leave; of a move what it moves.
some_values arithmetic(calculator& calculate, bpf_insn insn, const some_values& left,
					   const some_values& right);
/// The same ones, each a number further on; with `by_half` as 32-bit numbers.
some_values further_on(const some_values& of, u64 by, bool by_half) noexcept;
/// As if the lower `bytes` had been sign-extended.
some_values sign_extended(const some_values& of, u32 bytes) noexcept;

/// What a conditional jump leaves of both sides where it is taken, or is not; nullopt: that way is not
/// known to be open. Where that are several sets they are parts 0 and 1.
std::optional<std::pair<some_values, some_values>> where(bpf_insn insn, const some_values& left,
														 const some_values& right, bool taken,
														 unsigned part = 0) noexcept;
inline constexpr unsigned parts_of_a_branch = 2;
bool is_signed_comparison(bpf_insn insn) noexcept;

} // namespace sockops::vm::check
