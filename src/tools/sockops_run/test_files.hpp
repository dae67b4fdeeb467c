// SPDX-License-Identifier: MIT
// Which text tests there are: of files and folders.
#pragma once

#include <string>
#include <vector>

namespace sockops_run {

struct test_file {
	std::string path;       ///< as it was named, or from the folder that was
	bool was_named = false; ///< itself, and not its folder
};

/// Files are taken as they are; of folders all files *.timeline, sorted, whatever folder below they are in.
/// Each once. Throws usage_error for a path that is not there, and for an object.
[[nodiscard]] std::vector<test_file> test_files(const std::vector<std::string>& paths);

} // namespace sockops_run
