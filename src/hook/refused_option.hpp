// SPDX-License-Identifier: MIT
// The last header option on this thread that found no room: what a recorder of calls looks at afterwards.
// Written where a helper refuses, so that what succeeds pays nothing for it.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops::detail {

struct refused_option {
	u32 bytes = 0; ///< that a program wanted to reserve or to store; 0: none was refused
	int error = 0; ///< -ENOSPC, or -EEXIST: the header has one of this kind
};

extern constinit thread_local refused_option last_refused_option;

/// The error, which is noted first.
[[gnu::cold]] int refuse_option(u32 bytes, int error) noexcept;

} // namespace sockops::detail
