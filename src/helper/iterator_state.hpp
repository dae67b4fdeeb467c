// SPDX-License-Identifier: MIT
// What open-coded iterators stand for: the same interpreted and natively.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops::helper {

/// struct bpf_iter_num.
struct number_iterator {
	s32 current; ///< the last number that was given
	s32 end;
};

/// struct bpf_iter_bits.
struct bit_iterator {
	const u64* words;
	u32 count; ///< of the words
	u32 next;  ///< the bit to begin with
};

} // namespace sockops::helper
