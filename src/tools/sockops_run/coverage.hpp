// SPDX-License-Identifier: MIT
// --coverage: what the programs have run through, for lcov and genhtml.
#pragma once

#include <string>
#include <vector>

#include <sockops/object/object_set.hpp>

namespace sockops_run {

/// Adds what the programs of the objects have counted since they were loaded to the file at `path`, which is
/// made if it is not there: once for each run, when it is over, however it went. Throws object_error if it
/// cannot be written, or holds something else.
///
/// Sources are named with their whole path: as the compiler had it, or, where no file is there (another
/// checkout, another machine), that of the file that is found in this tree, around the objects' `files`.
/// Headers of the system are left out.
void add_coverage(const sockops::object_set& objects, const std::vector<std::string>& files,
				  const std::string& path);

} // namespace sockops_run
