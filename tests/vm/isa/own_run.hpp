// SPDX-License-Identifier: MIT
// Cases in this library's interpreter.
#pragma once

#include <sockops/vm/raw_run.hpp>

#include "case_file.hpp"

namespace isa {

/// What bpf_raw_run() makes of a case, on a copy of its memory.
inline sockops::raw_run_result run_here(const test_case& each) {
	std::vector<std::byte> memory = each.memory;
	return sockops::bpf_raw_run(each.insns, memory);
}

} // namespace isa
