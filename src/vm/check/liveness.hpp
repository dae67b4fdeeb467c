// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "../load_check.hpp"

namespace sockops::vm::check {

/// By instruction: a bit for each register that may be read from there on before it is written. r10 counts
/// for none.
std::vector<u16> live_registers(const bpf_prog_load_attr& attr);

} // namespace sockops::vm::check
