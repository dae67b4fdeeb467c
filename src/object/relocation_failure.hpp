// SPDX-License-Identifier: MIT
// libbpf's account of what it could not relocate, in words.
#pragma once

#include <string>

namespace sockops {

/// "it uses map 'devices', which was not made (see notices())", from libbpf's messages about a load that
/// failed.
[[nodiscard]] std::string relocation_failure(const std::string& messages);

} // namespace sockops
