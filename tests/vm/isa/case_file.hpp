// SPDX-License-Identifier: MIT
// The cases of the .isa files (FORMAT.md).
#pragma once

#include <string>
#include <vector>

#include <sockops/vm/insn.hpp>

namespace isa {

struct test_case {
	enum outcome { value, refused, fault };

	std::string name;
	std::string place; ///< "divide.isa:12", for messages
	std::vector<sockops::bpf_insn> insns;
	std::vector<std::byte> memory;
	outcome expected;
	sockops::u64 r0;   ///< of a value
	std::string words; ///< what the message of the others contains
};

/// The cases of all .isa files in a folder, by file name and place. Throws std::runtime_error for what cannot
/// be read, a name that stands twice, and a folder without cases.
std::vector<test_case> read_cases(const std::string& folder);

} // namespace isa
