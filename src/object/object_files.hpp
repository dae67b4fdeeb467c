// SPDX-License-Identifier: MIT
// Files of objects.
#pragma once

#include <string>
#include <vector>

#include <sockops/kern/types.hpp>

namespace sockops::object {

/// All bytes of a file. Throws object_error.
[[nodiscard]] std::vector<std::byte> read_file(const std::string& path);
/// What stands behind the last '/'.
[[nodiscard]] inline std::string file_name(const std::string& path) {
	return path.substr(path.rfind('/') + 1);
}
/// "dir/tune.bpf.o": "tune".
[[nodiscard]] inline std::string stem_of(const std::string& path) {
	const std::string name = file_name(path);
	return name.substr(0, name.find('.'));
}

} // namespace sockops::object
