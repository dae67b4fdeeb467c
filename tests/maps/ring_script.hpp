// SPDX-License-Identifier: MIT
// What a program does with a ring buffer in one run: random calls, which end with no record open.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "kernel_map.hpp"

namespace maps_diff {

enum class ring_op { reserve, submit, discard, output, query };

struct ring_call {
	ring_op op;
	u64 size;           ///< bytes: of output, of reserve, and of what reserve was asked for
	u64 flags;          ///< query: what it is asked for
	unsigned slot;      ///< reserve, submit, discard: which of the open records
	unsigned from;      ///< output: where its data begins, bytes
	unsigned char mark; ///< submit, discard: what the record's ends are filled with

	/// Has it an answer?
	bool answers() const noexcept { return op != ring_op::submit && op != ring_op::discard; }
};

using ring_script = std::vector<ring_call>;

/// Records that may be open at once, the calls of a script at most, and what output() may be given.
inline constexpr unsigned ring_slots = 8, ring_calls = 40;
inline constexpr u64 ring_output_bytes = 1 << 16, ring_output_from = 256;

ring_script random_ring_script(std::mt19937_64& random, u64 ring_bytes);

std::string in_words(const ring_call& call);

/// A few bytes of an open record, written before it is submitted: where, and how many.
struct ring_mark {
	u64 at, bytes;
};
/// Its first and its last byte, or 8 of them; none of an empty one, and of one that no ring here has room
/// for.
std::vector<ring_mark> marks_of(u64 size);

} // namespace maps_diff
