// SPDX-License-Identifier: MIT
// Chance from a seed: the same numbers with every compiler and library.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>

namespace test {

class dice {
  public:
	explicit dice(std::uint64_t seed) : numbers_(seed) {}

	std::uint64_t number() { return numbers_(); }
	/// From 0; 0 if `end` is.
	std::uint32_t below(std::uint32_t end) {
		return end == 0 ? 0 : static_cast<std::uint32_t>(numbers_() % end);
	}
	/// Both ends are possible.
	std::uint32_t between(std::uint32_t least, std::uint32_t most) { return least + below(most - least + 1); }
	/// As `between`, but of each length in bits as likely: small numbers are not rare.
	std::uint32_t any_size(std::uint32_t least, std::uint32_t most) {
		const auto bits =
			static_cast<std::uint32_t>(between(static_cast<std::uint32_t>(std::bit_width(least)),
											   static_cast<std::uint32_t>(std::bit_width(most))));
		const std::uint32_t from = bits == 0 ? 0 : std::uint32_t{1} << (bits - 1);
		return between(std::max(least, from), std::min(most, from + (from == 0 ? 0 : from - 1)));
	}
	bool percent(std::uint32_t chance) { return below(100) < chance; }
	template <class T, std::size_t N>
	const T& any(const T (&of)[N]) {
		return of[below(N)];
	}

  private:
	std::mt19937_64 numbers_;
};

} // namespace test
