// SPDX-License-Identifier: MIT
// The adapter works with protected members of ns-3, which ns-3 may change in any release. A note at
// compile time says so where the release is not the tested one, 3.37. No macro says otherwise: a
// build of ns-3 without version information passes in silence.
#pragma once

#include <sockops/kern/cxx20.hpp>

#if __has_include(<ns3/version-defines.h>)
#include <ns3/version-defines.h>
#if NS3_VERSION_MAJOR != 3 || NS3_VERSION_MINOR != 37
#pragma message("sockops/ns3 is tested with ns-3.37 only; this is another release")
#endif
#endif
