// SPDX-License-Identifier: MIT
// What is found out about a program before it runs, in this order:
//
//   check_structure    each instruction by itself, subprograms, jumps, reachability       (structure.cpp)
//   follow_values      what is in each register whatever way was taken, for who makes steps of
//                      instructions; what constants make unreachable; where a run has to stop (flow.cpp)
//   check_release      what is younger than the release that is asked for              (release_rules.cpp)
//   check_ways         what a kernel refuses: each way through the program, as a kernel looks at it
//                                                                                    (check/check_ways.cpp)
//   check_call_chains  depth of calls and of the stack                                  (call_chains.cpp)
#pragma once

#include <array>
#include <optional>

#include <sockops/vm/prog_load.hpp>

namespace sockops::vm {

/// Why a program is refused.
struct refusal {
	int error = 0; ///< errno; 0: it is not
	u32 insn = 0;
	std::string reason{};
	std::string rule{}; ///< its name; "": of the structure
	std::string remedy{};
	std::vector<bpf_way_step> way{};
	bpf_load_error::by refused_by = bpf_load_error::by::kernel;

	explicit operator bool() const noexcept { return error != 0; }
};

struct call_site {
	u32 insn, target; ///< target: the first instruction of a subprogram
};

struct program_structure {
	std::vector<u32> subprograms; ///< first instructions, ascending; the first is 0
	std::vector<call_site> calls; ///< of subprograms, and of what is used as a callback

	/// Instructions that have no meaning, ascending: refused where a way leads to one.
	std::vector<refusal> wrong;
	const refusal* wrong_at(u32 insn) const noexcept;

	/// The subprogram that an instruction is in, by its index.
	u32 subprogram_of(u32 insn) const noexcept;
};

refusal check_structure(std::span<const bpf_insn> insns, program_structure& found);

/// What a register holds at an instruction, whatever way was taken to it.
struct known_value {
	enum class what : u8 { unset, number, ctx, frame, map, map_value, anything };
	what is = what::unset;
	u32 map = 0;   ///< of map and map_value: its index
	u64 value = 0; ///< the number; or the offset: from the context, r10, the map's first value

	bool operator==(const known_value&) const = default;
};

struct known_registers {
	bool reached = false;
	std::array<known_value, 11> regs{};
};

struct program_flow {
	std::vector<known_registers> before; ///< by instruction
	std::vector<u32> stack_depth;        ///< by subprogram: bytes
	/// By instruction, ascending: where no run can go on, whatever it holds, and why.
	std::vector<bpf_unresolved> stops;
};

/// `raw`: no context. Refuses only what names a map that is not there.
refusal follow_values(const bpf_prog_load_attr& attr, const program_structure& structure, bool raw,
					  program_flow& found);

refusal check_call_chains(const program_structure& structure, const program_flow& flow);

/// Is the instruction one of those that a loader found no meaning for?
bool is_unresolved(const bpf_prog_load_attr& attr, u32 insn) noexcept;

/// Is it a load from memory, a store to it, …
constexpr u8 class_of(bpf_insn insn) noexcept { return insn.code & insn_class::mask; }
constexpr bool is_ld_imm64(bpf_insn insn) noexcept { return insn.code == ld_imm64::code; }
constexpr bool is_jump_class(bpf_insn insn) noexcept {
	return class_of(insn) == insn_class::jmp || class_of(insn) == insn_class::jmp32;
}
constexpr bool is_exit(bpf_insn insn) noexcept { return insn.code == (insn_class::jmp | jmp_op::exit); }
constexpr bool is_call(bpf_insn insn) noexcept { return insn.code == (insn_class::jmp | jmp_op::call); }
constexpr bool is_ja(bpf_insn insn) noexcept {
	return is_jump_class(insn) && (insn.code & jmp_op::mask) == jmp_op::ja;
}
constexpr bool is_conditional(bpf_insn insn) noexcept {
	return is_jump_class(insn) && !is_ja(insn) && !is_call(insn) && !is_exit(insn);
}
/// How far a jump goes, in instructions from the next: ja of class JMP32 (gotol) has 32 bits for it.
constexpr s64 jump_distance(bpf_insn insn) noexcept {
	return is_ja(insn) && class_of(insn) == insn_class::jmp32 ? insn.imm : insn.off;
}

} // namespace sockops::vm
