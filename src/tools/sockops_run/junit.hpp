// SPDX-License-Identifier: MIT
// Tests in the XML of JUnit, which CI systems read.
#pragma once

#include <ostream>
#include <vector>

#include "test_output.hpp"

namespace sockops_run {

/// A suite for each folder, in which a test is a case of its file's name. A file that cannot be run is an
/// error, another failure a failure; what the seed was is a property. Bytes that XML does not take become
/// U+FFFD.
void write_junit(std::ostream& out, const std::vector<test_outcome>& tests, sockops::u64 seed);

} // namespace sockops_run
