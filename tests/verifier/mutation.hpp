// SPDX-License-Identifier: MIT
// A small change of a program, such as a slip of the pen or an optimizer makes: the same one in two forms of
// it, that of the kernel and ours, which differ in the numbers of maps and in what CO-RE has filled in.
#pragma once

#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <sockops/vm/insn.hpp>

namespace verdicts {

using random_source = std::mt19937_64;

struct mutation {
	enum class what : sockops::u8 {
		dropped,       ///< becomes a jump to the next one
		swapped,       ///< with the next one
		copied,        ///< over its neighbour
		imm_moved,     ///< by `value`
		imm_set,       ///< to `value`
		off_moved,     ///< by `value`: of a place, and of a jump
		dst_set,       ///< to register `value`
		src_set,       ///< the same
		size_set,      ///< of a load or store, to the bits `value`
		operation_set, ///< of arithmetic or a condition, to the bits `value`
		width_changed, ///< between 64 and 32 bits
		operand_kind,  ///< a register in place of a number, or the other way round
		helper_set,    ///< to the number `value`
		map_set        ///< to the map with the index `value`
	};
	what is;
	sockops::u32 at;
	sockops::s32 value = 0;
};

/// One of a program with `maps` maps; nullopt: none was found, which is so of very small ones. `insns`: ours.
std::optional<mutation> random_mutation(random_source& random, std::span<const sockops::bpf_insn> insns,
										std::size_t maps);
/// `map_numbers`: what stands in imm for each map.
void apply(const mutation& which, std::vector<sockops::bpf_insn>& insns,
		   std::span<const sockops::s32> map_numbers);
/// "instruction 7: imm moved by -1".
std::string in_words(const mutation& which);

} // namespace verdicts
