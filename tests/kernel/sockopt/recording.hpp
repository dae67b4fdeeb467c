// SPDX-License-Identifier: MIT
// Scenes and what a kernel answered, as JSON: recorded/SOCKOPT.md describes the format.
#pragma once

#include "scene.hpp"

namespace sockopt_diff {

struct recording {
	std::string recorded_on;
	surroundings where;
	std::vector<scene> scenes;
};

/// false if the file cannot be written.
bool write_recording(const std::string& path, const recording& what);
/// `error` says what is wrong and where; "" if nothing.
recording read_recording(const std::string& path, std::string& error);

} // namespace sockopt_diff
