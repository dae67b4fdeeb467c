// SPDX-License-Identifier: MIT
// The maps of a case, made by the library.
#pragma once

#include <sockops/map/bpf_map.hpp>

#include "case_file.hpp"

namespace verdicts {

/// Why the library cannot make one; "": it can.
std::string why_no_map(const case_map& of);
/// With what it begins with, and frozen. Throws std::runtime_error.
sockops::bpf_map_ptr make_map_here(const case_map& of);

} // namespace verdicts
