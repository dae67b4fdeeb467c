// SPDX-License-Identifier: MIT
// smp_processor_id(): which of a program's per-CPU values is this thread's own.
//
// Context: any thread, inside programs too; never waits. In a signal handler once the thread has asked
// before.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

/// Each thread is a CPU: the lowest number from 0 on that no other living thread has, kept until the
/// thread ends. So threads that run programs at the same time never share a number, and a process of
/// one thread always reads 0. Threads beyond max_processors, and destructors that run after the
/// thread's own end, share the last number.
[[nodiscard]] u32 smp_processor_id() noexcept;

inline constexpr u32 max_processors = 1024;

} // namespace sockops
