// SPDX-License-Identifier: MIT
// Instructions by which libbpf marks what it could not relocate: calls of helpers that nobody has. They may
// stand where no program comes; a reachable one for a map is refused, one for CO-RE is where a run ends.
#pragma once

#include <string>

#include <sockops/kern/types.hpp>

namespace sockops {

/// imm of the call where a CO-RE relocation found nothing.
inline constexpr s32 poisoned_core_relocation = 0xbad2310;
/// A map that is not created: this and four digits, its place in the file.
inline constexpr const char* poisoned_map = "invalid func unknown#200100";

[[nodiscard]] inline bool is_poisoned(const std::string& reason) noexcept {
	return reason.starts_with(poisoned_map);
}

} // namespace sockops
