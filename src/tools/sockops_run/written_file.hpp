// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

#include "../command/words.hpp"

namespace sockops_run {

/// The file that an option names, opened before anything else happens, so that a place where nothing can be
/// written is told at once; without a path a file that is not open.
inline std::ofstream written_file(const char* option, const std::string& path) {
	std::ofstream out;
	if (path.empty())
		return out;
	out.open(path);
	if (!out)
		throw std::runtime_error(sockops::tools::in_a_row(
			{"'", option, " ", path, "': it cannot be written: ", std::strerror(errno)}));
	return out;
}

} // namespace sockops_run
