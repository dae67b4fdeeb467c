// SPDX-License-Identifier: MIT
// What can be told of the arguments of a program's calls before it runs: by the prototypes of the helpers,
// and what is known of each register once all ways are known.
#pragma once

#include "load_check.hpp"

namespace sockops::vm {

/// The first call, in the order of the instructions, that has an argument which is wrong on every way there.
refusal check_call_arguments(const bpf_prog_load_attr& attr, const program_flow& flow);

} // namespace sockops::vm
