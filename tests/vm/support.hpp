// SPDX-License-Identifier: MIT
// Programs written in a test: the assembler of isa/, with helpers by name, maps and callbacks by number.
//
//     r1 = map 0               a map of the program
//     r2 = code +5             a function of the program, from the next instruction on (of two: the load
//     itself) call bpf_map_lookup_elem
#pragma once

#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/kfunc_table.hpp>
#include <sockops/testing/program_output.hpp>
#include <sockops/vm/fault.hpp>
#include <sockops/vm/prog_load.hpp>

#include "../traps/support.hpp"
#include "isa/assembler.hpp"

namespace vm_test {

using namespace sockops;
using trap_test::attach;
using trap_test::one_socket;

/// "raw 18 …": a 64-bit immediate load with `kind` as its source register.
std::string load_of(const std::string& reg, u8 kind, u32 imm);
/// Kfuncs are called by their place in the table.
std::vector<std::pair<s32, std::string>> all_kfuncs();

/// From here on nobody knows before the run what the register holds.
inline std::string hidden(const std::string& reg) {
	return "*(u64 *)(r10 - 256) = " + reg + "; " + reg + " = *(u64 *)(r10 - 256); ";
}

std::vector<bpf_insn> instructions(std::string_view text);

inline bpf_map_ptr make_map(const bpf_map_attr& attr) {
	bpf_map_ptr made;
	std::string why;
	EXPECT_EQ(bpf_map_create(attr, made, why), 0) << why;
	return made;
}

inline bpf_map_ptr array_of(u32 entries) {
	return make_map({.map_type = BPF_MAP_TYPE_ARRAY,
					 .key_size = 4,
					 .value_size = 8,
					 .max_entries = entries,
					 .map_name = "array"});
}
/// What user space reads there.
inline u64 at(const bpf_map_ptr& map, u32 key) {
	u64 value = ~u64{0};
	EXPECT_EQ(map.get()->sys_lookup_elem(&key, &value), 0);
	return value;
}

/// Stores r0 as the reply and returns 1.
inline constexpr char reply_r0[] = "; *(u32 *)(r6 + 4) = r0; r0 = 1; exit";

/// What a run of it does is what is asked: refused is only what has no meaning.
inline bpf_prog_ptr load(std::string_view text, std::vector<bpf_map_ptr> maps = {},
						 std::string license = "GPL", std::optional<bpf_watch_options> watch = {}) {
	const std::vector<bpf_insn> insns = instructions(text);
	bpf_load_error why;
	bpf_prog_ptr prog = bpf_prog_load({.name = "test",
									   .insns = insns,
									   .license = std::move(license),
									   .maps = std::move(maps),
									   .kfuncs = all_kfuncs(),
									   .watch = watch,
									   .unchecked = true},
									  why);
	EXPECT_TRUE(prog) << why.message;
	return prog;
}

/// Why a program is refused.
inline bpf_load_error refused(std::string_view text, std::vector<bpf_map_ptr> maps = {},
							  std::string license = "GPL") {
	const std::vector<bpf_insn> insns = instructions(text);
	bpf_load_error why;
	const bpf_prog_ptr prog = bpf_prog_load({.name = "test",
											 .insns = insns,
											 .license = std::move(license),
											 .maps = std::move(maps),
											 .kfuncs = all_kfuncs()},
											why);
	EXPECT_FALSE(prog) << "it was loaded";
	return why;
}

/// A socket with a program attached; what it says is kept instead of printed.
struct running : one_socket {
	sockops::testing::program_output said{in};
	bpf_prog_ptr prog;

	explicit running(std::string_view text, std::vector<bpf_map_ptr> maps = {},
					 std::optional<bpf_watch_options> watch = {})
		: prog(load(text, std::move(maps), "GPL", watch)) {
		if (prog)
			attach(*root, prog);
	}
	int call(u32 op = BPF_SOCK_OPS_TIMEOUT_INIT) { return one_socket::call(static_cast<int>(op)); }
	/// "": it ran through, each time.
	std::string last_fault() const { return said.faults.empty() ? "" : said.faults.back(); }
};

inline void expect_contains(const std::string& text, std::string_view part) {
	EXPECT_NE(text.find(part), std::string::npos) << '"' << part << "\" is not in \"" << text << '"';
}

} // namespace vm_test
