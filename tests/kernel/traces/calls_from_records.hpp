// SPDX-License-Identifier: MIT
// What the programs wrote down, without what differs from run to run.
#pragma once

#include <cstddef>
#include <vector>

#include "call.hpp"
#include "trace_record.h"

namespace traces {

/// `intervals`: the number of steps.
trace calls_from(const std::vector<trace_record>& records, std::size_t intervals);

} // namespace traces
