// SPDX-License-Identifier: MIT
// What a cgroup's path looks like, as cgroup_root takes it: "/", "/web/api".
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <string_view>

#include <sockops/kern/cxx20.hpp>

namespace sockops {

/// "/", or names with a '/' before each: none is empty, and none is behind the last.
constexpr bool is_cgroup_path(std::string_view path) noexcept {
	return path == "/" || (path.starts_with('/') && !path.ends_with('/') && path.find("//") == path.npos);
}

} // namespace sockops
