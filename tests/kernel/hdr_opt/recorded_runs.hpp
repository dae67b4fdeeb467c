// SPDX-License-Identifier: MIT
// Runs and a kernel's answers as JSON (../recorded/FORMAT.md), so that others can be held to them.
#pragma once

#include "run.hpp"

namespace hdr_opt {

/// false if the file cannot be written.
bool write_runs(const std::string& path, const std::string& recorded_on, const std::vector<run>& runs);

/// `error` says what is wrong; then the runs are of no use.
std::vector<run> read_runs(const std::string& path, std::string& error);

} // namespace hdr_opt
