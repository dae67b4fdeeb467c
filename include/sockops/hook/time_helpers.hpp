// SPDX-License-Identifier: MIT
// Helpers for time, chance and the processor. In the kernel they take no context; here each net has
// a clock and a random source of its own, so that a run repeats.
//
// Context: inside the call of a handler, on its thread; never waits.
#pragma once

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/sync/processor_id.hpp>

namespace sockops {

/// bpf_ktime_get_ns(): CLOCK_MONOTONIC, by the clock of the socket's net.
u64 bpf_ktime_get_ns(bpf_sock_ops& skops) noexcept;
/// bpf_ktime_get_boot_ns(): the same and net_sources::suspended_ns.
u64 bpf_ktime_get_boot_ns(bpf_sock_ops& skops) noexcept;
/// bpf_ktime_get_tai_ns(): the same and net_sources::tai_offset_ns.
u64 bpf_ktime_get_tai_ns(bpf_sock_ops& skops) noexcept;
/// bpf_ktime_get_coarse_ns(): the clock at the last tick, of which there are HZ a second.
u64 bpf_ktime_get_coarse_ns(bpf_sock_ops& skops) noexcept;
/// bpf_jiffies64(): ticks. (The kernel's begin 5 minutes before 2^32; here at the clock's 0.)
u64 bpf_jiffies64(bpf_sock_ops& skops) noexcept;

/// bpf_get_prandom_u32(), by the random source of the socket's net.
u32 bpf_get_prandom_u32(bpf_sock_ops& skops) noexcept;

/// bpf_get_smp_processor_id(): a number that no other thread has meanwhile (sync/processor_id.hpp).
inline u32 bpf_get_smp_processor_id() noexcept { return smp_processor_id(); }

} // namespace sockops
