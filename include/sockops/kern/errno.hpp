// SPDX-License-Identifier: MIT
// Error numbers. Kernel twins return 0 or a negative errno; these are the ones `<cerrno>` lacks.
#pragma once

#include <sockops/kern/cxx20.hpp>

#include <cerrno>

namespace sockops::kern_errno {

/// ENOTSUPP, which the kernel lets out to user space though no system header names it.
inline constexpr int notsupp = 524;

} // namespace sockops::kern_errno
