// SPDX-License-Identifier: MIT
// The C file that is compiled in place of a program's source: that source, and a table of what is in it
// (sockops/native/table.h).
#pragma once

#include <ostream>
#include <string>

namespace sockops::native {

struct table_source {
	std::string name;   ///< by which the program is opened
	std::string source; ///< paths: of the C file,
	std::string object; ///< and of the object file that was compiled from it
};

/// Throws object_error for an object file that cannot be opened.
void write_table(std::ostream& out, const table_source& of);

} // namespace sockops::native
