// SPDX-License-Identifier: MIT
#include "call_differences.hpp"
namespace test {
const std::vector<known_difference> known_differences = {};
} // namespace test
