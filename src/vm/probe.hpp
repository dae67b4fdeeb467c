// SPDX-License-Identifier: MIT
// Reading by an address that may be anything: bpf_probe_read_kernel() and its kin.
#pragma once

#include "machine.hpp"

namespace sockops::vm {

/// `size` bytes as a kernel would read them: the memory of the program, and what is modelled of sockets and
/// of the context, also by the program's own pointers to those, which a kernel follows to its own structs.
/// For what is no memory zeroes in `to`, and -ERANGE, or -EFAULT if it might be an address of a kernel. A
/// fault where a kernel reads what nobody models: the program takes its view (struct bpf_sock_ops) for the
/// kernel's struct.
int probe_read(machine& m, u8* to, u32 size, u64 from, const char* helper) noexcept;

/// To the NUL, and at most size - 1 bytes: their number with the NUL; the errors are the same. Of 0 bytes: 0.
int probe_read_string(machine& m, u8* to, u32 size, u64 from, const char* helper) noexcept;

} // namespace sockops::vm
