// SPDX-License-Identifier: MIT
// A tail call from an interpreted program to a native one, or back, is a call in C++, and the new run would
// begin to count anew. Who crosses leaves the count here; the run that begins takes it.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops::vm {

/// 0, except between the crossing and the beginning of the next run on this thread.
extern thread_local constinit u32 carried_tail_calls;

} // namespace sockops::vm
