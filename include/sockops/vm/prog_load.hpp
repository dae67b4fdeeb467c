// SPDX-License-Identifier: MIT
// bpf_prog_load(): instructions become a bpf_prog that an interpreter runs. What BPF_PROG_LOAD is to the
// kernel, for programs of type SOCK_OPS.
//
//   at load   the structure is checked: opcodes, reserved fields, jumps, calls, stack depth; then the ways
//             through the program, as a kernel follows them: what it refuses for certain is refused, with the
//             rule, a remedy and the way there. What no way leads to is not looked at, so that code behind
//             bpf_core_field_exists() may name what is not there
//   at run    every access to memory is checked. A program that goes wrong is stopped, counts as having
//             returned 0, and its fault is reported (vm/fault.hpp). Nothing of the process is touched.
//
// Nothing is refused that Linux 6.18 takes, but what this library has not. The reverse is not so: this is no
// proof, and a program that is let through here may be one that the kernel refuses.
//
// Context: any thread that keeps the program; takes memory, so not in a signal handler. The program runs
// where it is attached.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/bpf/uapi.hpp>
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

/// What a function of a program is given or returns, as its BTF has it: that is all that a global function
/// is checked by.
struct bpf_argument_type {
	enum class what : u8 {
		not_known, ///< there is no BTF of it, or a type that is none of those below
		nothing,   ///< void
		number,    ///< an integer or enumerator of up to 8 bytes
		context,   ///< struct bpf_sock_ops *
		memory,    ///< a pointer to `size` bytes, or NULL unless it is tagged
		untyped    ///< void *, which no global function may have
	};
	what is = what::not_known;
	u32 size = 0;         ///< bytes: of what a pointer leads to
	bool nonnull = false; ///< tagged arg:nonnull
};

/// struct bpf_func_info with its name: a function begins at an instruction.
struct bpf_function {
	u32 insn;
	std::string name;
	bool is_global = false; ///< BTF_FUNC_GLOBAL: it is checked once, by its types alone
	bpf_argument_type result{};
	std::vector<bpf_argument_type> arguments{}; ///< in order; may be more than the 5 that are allowed
};

/// An instruction that a loader found no meaning for.
struct bpf_unresolved {
	u32 insn;
	std::string what; ///< "CO-RE: struct tcp_sock has no member 'reordering' here"
};

/// What was taken without being looked at: a kernel, which looks, may refuse it.
struct bpf_not_looked_at {
	u32 insn = 0;
	std::string why; ///< "bpf_timer_init(): its arguments are not known here"
	bpf_source_line line{}; ///< its number is 0 if it is not known
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
	/// Play it all the same: only what has no meaning at all is refused; a run that comes to what a kernel
	/// would refuse is stopped there.
	bool unchecked = false;
	/// As which release: what is younger is refused.
	kernel_release kernel = release(6, 18);
};

/// A branch or call on the way that leads to what is wrong with a program.
struct bpf_way_step {
	u32 insn = 0;
	std::string words;      ///< "R0 is NULL", "calls count()"
	bpf_source_line line{}; ///< its number is 0 if it is not known
};

/// Why a program was refused.
struct bpf_load_error {
	int error = 0;          ///< errno, positive: EINVAL, EACCES, E2BIG, EPERM, ENOMEM
	u32 insn = 0;           ///< the instruction
	std::string reason;     ///< what is wrong with it, without its place
	std::string message;    ///< all of it: "tune: instruction 7 (tune.bpf.c:12, 'skops->op = 1;'): …"
	std::string place{};    ///< what of the message stands before the reason
	bpf_source_line line{}; ///< the instruction's; its number is 0 if it is not known
	/// Who refuses it.
	enum class by : u8 {
		kernel,   ///< a kernel of attr.kernel does, too
		not_here, ///< this library has not what the program asks for
		too_young ///< a kernel of attr.kernel has it not; 6.18 has
	};
	by refused_by = by::kernel;
	std::string rule{};              ///< its name, "null-test"; "": of the structure, or of none
	std::string remedy{};            ///< what to write instead, a sentence; "": the reason says it
	std::vector<bpf_way_step> way{}; ///< from the program's begin; empty: whatever way is taken
};

/// The program, or an empty pointer and the reason in `why`.
[[nodiscard]] bpf_prog_ptr bpf_prog_load(const bpf_prog_load_attr& attr, bpf_load_error& why);

/// Is it one that bpf_prog_load() made?
[[nodiscard]] bool is_interpreted(const bpf_prog& prog) noexcept;
/// The maps of an interpreted program, in the order of their indexes; empty for others.
[[nodiscard]] std::span<const bpf_map_ptr> bpf_prog_maps(const bpf_prog& prog) noexcept;
/// What an interpreted program has been loaded without, as far as a run may come to it; empty for others.
[[nodiscard]] std::span<const bpf_unresolved> bpf_prog_unresolved(const bpf_prog& prog) noexcept;
/// What of an interpreted program was not looked at when it was loaded; empty for others.
[[nodiscard]] std::vector<bpf_not_looked_at> bpf_prog_not_looked_at(const bpf_prog& prog);
/// "tune.bpf.c:12, 'skops->op = 1;'": where instruction `insn` comes from; "" if it is not known.
[[nodiscard]] std::string bpf_prog_source(const bpf_prog& prog, u32 insn);
/// The same for who goes there; the number of the line is 0 if it is not known.
[[nodiscard]] bpf_source_line bpf_prog_line(const bpf_prog& prog, u32 insn);

} // namespace sockops
