// SPDX-License-Identifier: MIT
// Objects as the command line wants them: opened, and with its variables set; not loaded.
#pragma once

#include <sockops/object/object_set.hpp>

#include "arguments.hpp"

namespace sockops_run {

/// With what they are opened.
[[nodiscard]] sockops::object_options options_of_objects(const arguments& with);

/// Of those that --prog names the object's; of two objects' names the "b:" says whose it is.
[[nodiscard]] std::vector<std::string> chosen_programs(const sockops::object_set::member& of,
													   const std::vector<std::string>& names);

/// Adds one. Only what --prog names is loaded: another program that cannot be is no matter. Throws
/// object_error.
sockops::object_set::member& open_object(sockops::object_set& objects, const std::string& file,
										 const std::string& cgroup, sockops::object_options options,
										 const std::vector<std::string>& progs);

/// What --set says. Throws object_error.
void set_globals(sockops::object_set& objects, const arguments& with);

} // namespace sockops_run
