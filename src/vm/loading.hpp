// SPDX-License-Identifier: MIT
// What bpf_prog_load() and bpf_raw_run() share.
#pragma once

#include <memory>

#include "ebpf_prog.hpp"

namespace sockops::vm {

/// nullptr, and the reason in `why`. `raw`: without a context, any return value.
std::unique_ptr<ebpf_prog> load(const bpf_prog_load_attr& attr, bool raw, bpf_load_error& why);
/// What a SOCK_OPS program returned; 0, and a fault, for other than 0 and 1.
u32 checked_return(machine& m, u64 r0) noexcept;

} // namespace sockops::vm
