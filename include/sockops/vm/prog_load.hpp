// SPDX-License-Identifier: MIT
// bpf_prog_load(): instructions become a bpf_prog that an interpreter runs. What BPF_PROG_LOAD is to the
// kernel, for programs of type SOCK_OPS.
//
//   at load   the structure is checked: opcodes, reserved fields, jumps, calls, stack depth, helpers, what is
//             returned, and every access to the context whose place is known; what cannot be reached is not
//             looked at further, so that code behind bpf_core_field_exists() may name what is not there
//   at run    every access to memory is checked. A program that goes wrong is stopped, counts as having
//             returned 0, and its fault is reported (vm/fault.hpp). Nothing of the process is touched.
//
// This is no verifier: a program that is let through here may be one that the kernel refuses.
//
// Context: any thread that keeps the program; takes memory, so not in a signal handler. The program runs
// where it is attached.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/map/bpf_map.hpp>
#include <sockops/vm/insn.hpp>
#include <sockops/vm/watch.hpp>

namespace sockops {

/// struct bpf_line_info with its strings: where an instruction, and those after it, come from.
struct bpf_source_line {
	u32 insn = 0;
	std::string file{},
		text{}; ///< file: as the compiler was given it; text: the line, without the spaces before it
	u32 line = 0, column = 0;
};

/// struct bpf_func_info with its name: a function begins at an instruction.
struct bpf_function {
	u32 insn;
	std::string name;
};

/// An instruction that a loader found no meaning for.
struct bpf_unresolved {
	u32 insn;
	std::string what; ///< "CO-RE: struct tcp_sock has no member 'reordering' here"
};

/// What BPF_PROG_LOAD is given.
struct bpf_prog_load_attr {
	std::string name;
	std::span<const bpf_insn>
		insns; ///< maps are named by their index in `maps` (ld_imm64::map_idx, map_idx_value)
	std::string license = "GPL"; ///< decides whether helpers marked gpl_only may be called
	std::vector<bpf_map_ptr> maps{};
	std::vector<bpf_source_line> lines{}; ///< by instruction, ascending; empty: messages have no source lines
	std::vector<bpf_function> functions{};
	/// The names of kfuncs, by the imm with which they are called.
	std::vector<std::pair<s32, std::string>> kfuncs{};
	std::vector<bpf_unresolved>
		unresolved{}; ///< by instruction, ascending: a run that comes to one is stopped
	/// nullopt: it is not watched.
	std::optional<bpf_watch_options> watch{};
	/// Of a watched one, by `from`, inner scopes after those around them; empty: messages name places on the
	/// stack by their distance from r10.
	std::vector<bpf_stack_variable> variables{};
};

/// Why a program was refused.
struct bpf_load_error {
	int error = 0;          ///< errno, positive: EINVAL, EACCES, E2BIG, EPERM, ENOMEM
	u32 insn = 0;           ///< the instruction
	std::string reason;     ///< what is wrong with it, without its place
	std::string message;    ///< all of it: "tune: instruction 7 (tune.bpf.c:12, 'skops->op = 1;'): …"
	std::string place{};    ///< what of the message stands before the reason
	bpf_source_line line{}; ///< the instruction's; its number is 0 if it is not known
};

/// The program, or an empty pointer and the reason in `why`.
[[nodiscard]] bpf_prog_ptr bpf_prog_load(const bpf_prog_load_attr& attr, bpf_load_error& why);

/// Is it one that bpf_prog_load() made?
[[nodiscard]] bool is_interpreted(const bpf_prog& prog) noexcept;
/// The maps of an interpreted program, in the order of their indexes; empty for others.
[[nodiscard]] std::span<const bpf_map_ptr> bpf_prog_maps(const bpf_prog& prog) noexcept;
/// What an interpreted program has been loaded without, as far as a run may come to it; empty for others.
[[nodiscard]] std::span<const bpf_unresolved> bpf_prog_unresolved(const bpf_prog& prog) noexcept;
/// "tune.bpf.c:12, 'skops->op = 1;'": where instruction `insn` comes from; "" if it is not known.
[[nodiscard]] std::string bpf_prog_source(const bpf_prog& prog, u32 insn);
/// The same for who goes there; the number of the line is 0 if it is not known.
[[nodiscard]] bpf_source_line bpf_prog_line(const bpf_prog& prog, u32 insn);

} // namespace sockops
