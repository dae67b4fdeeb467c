// SPDX-License-Identifier: MIT
// Where the two sides live, and where each object is attached, so that each has sockets to run for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sockops/testing/timeline.hpp>

namespace sockops::testing {

struct wanted_places {
	struct object {
		std::string file;
		std::optional<std::string> cgroup; ///< nullopt: the side's
	};

	std::vector<object> objects;
	std::optional<std::string> client, server; ///< as they were said
	std::optional<side> whose{};               ///< of objects without a cgroup; nullopt: both
	std::vector<std::string> others{};         ///< where there are sockets, too
	std::string remedy;                        ///< how the sides are put elsewhere, in words
};

struct socket_places {
	std::string client, server;       ///< whose sockets are there
	std::vector<std::string> objects; ///< by object
};

/// The sides live in client and server below the deepest cgroup that an object names (/ if none does), or
/// where they are said to be. Throws object_error for an object's cgroup that has no socket in it or below
/// it, and for one that looks like a mistyped /client or /server.
[[nodiscard]] socket_places places_of(const wanted_places& with);

} // namespace sockops::testing
