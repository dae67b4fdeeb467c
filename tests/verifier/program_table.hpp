// SPDX-License-Identifier: MIT
// programs/expected.txt.
#pragma once

#include <string>
#include <vector>

namespace verdicts {

/// For a rule: it is refused by none with a name.
inline constexpr char no_name[] = "+";

struct expected_program {
	std::string name;
	int error;        ///< the kernel's answer: 0, or errno, positive
	std::string rule; ///< by which it is refused here; "": it is loaded

	/// The object file.
	std::string path() const;
};

/// Throws std::runtime_error for a line that it cannot read.
std::vector<expected_program> read_program_table();
/// Why the table is not true of these objects; "": it is. Another compiler makes other instructions.
std::string other_compiler_than_of_table();

} // namespace verdicts
