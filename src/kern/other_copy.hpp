// SPDX-License-Identifier: MIT
// What another copy of the library made is not for this one: kern/library.hpp.
#pragma once

#include <sockops/kern/library.hpp>

namespace sockops::detail {

/// An illegal use: "the cgroup" "/a" was made by another copy. `result`: what the call does then.
[[gnu::cold]] void report_other_copy(const char* call, const char* what, const char* name,
									 const void* made_by, const char* result) noexcept;

} // namespace sockops::detail
