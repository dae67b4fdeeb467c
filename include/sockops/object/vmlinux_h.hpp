// SPDX-License-Identifier: MIT
// A vmlinux.h without a kernel: the types that this library knows, as `bpftool btf dump … format c` prints
// those of a kernel. A program that is compiled against it runs here and, by CO-RE, in kernels that have the
// members it reads.
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <optional>
#include <string>

#include <sockops/kern/types.hpp>

namespace sockops {

/// The header's text. With `shuffle` the members of structs stand in another order and with gaps, and the
/// enumerators of enumerations that are asked for by CO-RE have other numbers: a program whose accesses are
/// all relocated does the same. One number, one text. Kept as they are: what a program hands to helpers by
/// address (bpf_spin_lock, …), the sizes of headers and addresses of the network, and constants of the UAPI.
[[nodiscard]] std::string vmlinux_h(std::optional<u64> shuffle = std::nullopt);

} // namespace sockops
