// SPDX-License-Identifier: MIT
// The vmlinux.h of a kernel.
#pragma once

#include <string>

namespace three_ways {

/// What `bpftool btf dump file PATH format c` prints, of an ELF file or raw BTF; "" if it cannot be read.
[[nodiscard]] std::string vmlinux_h_of(const std::string& path);

} // namespace three_ways
