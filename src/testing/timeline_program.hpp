// SPDX-License-Identifier: MIT
// The program that `program …` lines describe.
#pragma once

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/testing/timeline.hpp>

namespace sockops::testing::model {

/// Does, at each op, what the lines say, in the order flags, setsockopt, options, reply.
bpf_prog_ptr make_timeline_program(const char* name, const timeline_program& what);

} // namespace sockops::testing::model
