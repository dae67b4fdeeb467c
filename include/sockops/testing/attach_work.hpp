// SPDX-License-Identifier: MIT
// How much work attaching does, in numbers that no clock blurs.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops::testing {

/// Since the process began; for differences. Read without other threads attaching.
struct attach_work {
	u64 allocations;      ///< of attachments, arrays, cgroups and links
	u64 arrays_built;     ///< arrays filled
	u64 arrays_published; ///< homes whose array was exchanged
	u64 homes_changed;    ///< cgroups that were given another home
};
[[nodiscard]] attach_work attach_work_so_far() noexcept;

} // namespace sockops::testing
