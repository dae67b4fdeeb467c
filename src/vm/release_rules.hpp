// SPDX-License-Identifier: MIT
// What a program asks for that is younger than the release it is loaded for (bpf_prog_load_attr::kernel).
#pragma once

#include "load_check.hpp"

namespace sockops::vm {

/// The first instruction that a run may come to and that is too young: a helper or kfunc, a field of the
/// context, a type of map, a form of instruction; a loop; too many instructions. For the release that is
/// modelled nothing is. Ops and flags are asked for at run, and answered by the net's profile.
refusal check_release(const bpf_prog_load_attr& attr, const program_flow& flow);

} // namespace sockops::vm
