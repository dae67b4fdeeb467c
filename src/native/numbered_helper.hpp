// SPDX-License-Identifier: MIT
// Helpers by their numbers, as programs have them that declare them without <bpf/bpf_helpers.h>:
//
//     static __u64 (*cookie_of)(void *) = (void *)BPF_FUNC_get_socket_cookie;
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops::native {

/// The function that a number stands for; nullptr: none. In the file that sockops_helper_faces writes.
[[nodiscard]] void* numbered_helper(u32 number) noexcept;

/// The same with the helpers whose arguments are no list: bpf_trace_printk().
[[nodiscard]] void* helper_function(u32 number) noexcept;

} // namespace sockops::native
