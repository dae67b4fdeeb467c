// SPDX-License-Identifier: MIT
// The BTF of this library: what a kernel has in /sys/kernel/btf/vmlinux. Made of the table of
// vm/core_types.hpp, of enumerations by the library's own names, and of the kfuncs that SOCK_OPS programs may
// call.
#pragma once

#include <span>
#include <string>

#include <sockops/kern/types.hpp>

namespace sockops::object {

/// Raw BTF, good for as long as the process runs; empty without memory. Any thread.
[[nodiscard]] std::span<const std::byte> core_btf_data();

/// The name of the kfunc with this type id, which is the imm of its calls; "" if it is none.
[[nodiscard]] std::string core_kfunc_name(s32 id);

} // namespace sockops::object
