// SPDX-License-Identifier: MIT
// Makes the library's allocations fail on purpose.
#pragma once

namespace sockops::testing {

/// Lets `after` allocations of attach, detach, mkdir, sk_storage and sockmaps succeed, then fails all until
/// called again; a negative number ends it. Process-wide; not for use outside tests.
void fail_allocations_after(int after) noexcept;

} // namespace sockops::testing
