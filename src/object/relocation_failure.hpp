// SPDX-License-Identifier: MIT
// libbpf's account of what it could not relocate, in words.
#pragma once

#include <string>

namespace sockops {

/// "CO-RE: struct tcp_sock has no member 'reordering' here", from libbpf's messages about a load that failed.
[[nodiscard]] std::string relocation_failure(const std::string& messages);

} // namespace sockops
