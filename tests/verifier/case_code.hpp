// SPDX-License-Identifier: MIT
// The code of a case as instructions. Maps, kfuncs and functions are named; whoever loads it gives them their
// numbers.
#pragma once

#include <functional>
#include <optional>

#include <sockops/vm/insn.hpp>

#include "text_words.hpp"

namespace verdicts {

/// An instruction that stands for something with a name.
struct named_use {
	u32 insn;
	std::string name;
};

struct case_function {
	u32 insn;
	std::string name;
	bool is_global;
	std::string result;
	std::vector<std::string> arguments; ///< types, as FORMAT.md has them
};

struct case_code {
	std::vector<sockops::bpf_insn> insns; ///< of a map with src_reg map_fd or map_value, and imm 0
	std::vector<named_use> maps, kfuncs;
	std::vector<case_function> functions; ///< empty: the program has no types
};

/// Of "@struct.member" its offset, bytes; of "@id.struct" the type's number. nullopt: it is not there.
using symbol_source = std::function<std::optional<u32>(const std::string& symbol)>;

/// A symbol of the code is not there.
struct unknown_symbol : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// Throws unknown_symbol, and std::runtime_error for what it cannot read.
case_code assemble(const std::string& text, const symbol_source& symbols);

} // namespace verdicts
