// SPDX-License-Identifier: MIT
// Where the two sides live, and where each object is attached, so that each has sockets to run for.
#pragma once

#include "arguments.hpp"

namespace sockops_run {

struct places {
	std::string client, server;       ///< whose sockets are there
	std::vector<std::string> objects; ///< by object
};

/// The sides live in client and server below the deepest cgroup that an object names (/ if none does), or
/// where
/// --client-cgroup and --server-cgroup say. Throws object_error for an object's cgroup that has no socket in
/// it or below it, and for one that looks like a mistyped /client or /server.
[[nodiscard]] places places_of(const arguments& with);

} // namespace sockops_run
