// SPDX-License-Identifier: MIT
// How much work attaching does besides allocating, in numbers that no clock blurs.
#pragma once

namespace mutants {

/// Since the process began; for differences. Read without other threads attaching.
struct attach_work {
	unsigned long arrays_published; ///< homes whose array was exchanged
	unsigned long homes_changed;    ///< cgroups that were given another home
	bool operator==(const attach_work&) const = default;
};
inline constinit attach_work attach_work_so_far{};

} // namespace mutants
