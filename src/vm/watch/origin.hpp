// SPDX-License-Identifier: MIT
// Where bits that nobody wrote come from, in a few words of a run: a register keeps the number of its origin
// along, so that a branch far away can say whose bytes it depends on.
#pragma once

#include <string>
#include <vector>

#include <sockops/kern/types.hpp>

namespace sockops::vm {

/// The number of an origin in its run; 0: the bits are where they were never written.
using origin_id = u32;

/// Where a frame is in the code: its program, and the instruction in it.
struct code_place {
	const struct ebpf_prog* prog = nullptr;
	u32 insn = 0;
	bool operator==(const code_place&) const = default;
};

struct origin {
	enum class kind : u8 {
		frame, ///< `size` bytes at `where` from r10, in the function of `place`
		told   ///< what the text says
	};
	kind is;
	code_place place{};
	s32 where = 0;
	u32 size = 0;
	std::string text{};
};

/// Those of a run. When it is full, the last one stands for what comes.
class origin_table {
  public:
	origin_id add(const origin& what);
	const origin& operator[](origin_id id) const noexcept { return all_[id - 1]; }

  private:
	static constexpr std::size_t max = 4096;
	std::vector<origin> all_;
};

/// "bytes 13 to 15" of "'t' (tuple.bpf.c:29)"; without a range it is all of it.
struct named_bytes {
	std::string range, of;
};
/// "bytes 5 to 7 and bytes 13 to 15 of 't' (tuple.bpf.c:29)": what they are of is said once.
std::string in_words(const std::vector<named_bytes>& pieces);
/// "bytes 13 to 15"
std::string from_to(s64 first, s64 last, const char* before = "");
/// `offset`: from r10. "bytes r10 - 3 to r10 - 1" of "the stack" where no variable is known.
named_bytes name_frame_bytes(const code_place& in, s32 offset, u32 size);
std::string in_words(const origin& what);

} // namespace sockops::vm
