// SPDX-License-Identifier: MIT
// What bytes that nobody wrote hold: a sequence from a seed, never 0.
#pragma once

#include <string_view>

#include <sockops/kern/types.hpp>

namespace sockops::vm {

class filler {
  public:
	/// Another sequence for each program and each of its runs.
	filler(u64 seed, std::string_view program, u64 run) noexcept : state_(seed) {
		for (const char c : program)
			state_ = mixed(state_ ^ static_cast<u8>(c));
		state_ = mixed(state_ + run);
	}

	/// Eight bytes, none of them 0.
	u64 next() noexcept {
		constexpr u64 odd = 0x9e3779b97f4a7c15; // 2^64 by the golden ratio
		u64 word = mixed(state_ += odd);
		for (unsigned at = 0; at != 64; at += 8)
			if ((word >> at & 0xff) == 0)
				word |= u64{0xa5} << at;
		return word;
	}
	void fill(u8* bytes, u64 size) noexcept {
		u64 word = 0;
		for (u64 i = 0; i != size; ++i, word >>= 8) {
			if (i % 8 == 0)
				word = next();
			bytes[i] = static_cast<u8>(word);
		}
	}

  private:
	static u64 mixed(u64 z) noexcept {
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		return z ^ z >> 31;
	}

	u64 state_;
};

} // namespace sockops::vm
