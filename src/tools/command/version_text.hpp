// SPDX-License-Identifier: MIT
// What --version prints.
#pragma once

#include <string>
#include <string_view>

namespace sockops::tools {

/// The version, the kernel that is modelled, libbpf's version, and `more`, lines of the tool.
[[nodiscard]] std::string version_text(std::string_view name, std::string_view more);

} // namespace sockops::tools
