// SPDX-License-Identifier: MIT
// What bpf_prog_load() and bpf_raw_run() share.
#pragma once

#include <memory>

#include "ebpf_prog.hpp"

namespace sockops::vm {

/// nullptr, and the reason in `why`. `raw`: without a context, any return value.
std::unique_ptr<ebpf_prog> load(const bpf_prog_load_attr& attr, bool raw, bpf_load_error& why);

} // namespace sockops::vm
