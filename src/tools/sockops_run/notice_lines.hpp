// SPDX-License-Identifier: MIT
// Notices of objects, for people: of each kind one line, however many there are.
#pragma once

#include <string>
#include <vector>

#include <sockops/object/object_notice.hpp>

namespace sockops_run {

/// In the order of the first of each kind. One alone of its kind is told in full.
[[nodiscard]] std::vector<std::string> notice_lines(const std::vector<sockops::object_notice>& all);

} // namespace sockops_run
