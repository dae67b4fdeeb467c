// SPDX-License-Identifier: MIT
// Instructions by which libbpf marks what it could not relocate: calls of helpers that nobody has. They may
// stand where no program comes; a reachable one is refused.
#pragma once

#include <string>

namespace sockops {

/// A CO-RE relocation: 0xbad2310.
inline constexpr const char* poisoned_core_relocation = "invalid func unknown#195896080";
/// A map that is not created: this and four digits, its place in the file.
inline constexpr const char* poisoned_map = "invalid func unknown#200100";

[[nodiscard]] inline bool is_poisoned(const std::string& reason) noexcept {
	return reason.starts_with(poisoned_core_relocation) || reason.starts_with(poisoned_map);
}

} // namespace sockops
