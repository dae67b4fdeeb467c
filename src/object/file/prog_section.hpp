// SPDX-License-Identifier: MIT
// What a section's name says of the programs in it.
#pragma once

#include <string>
#include <string_view>

namespace sockops::object {

struct prog_section {
	bool is_optional = false; ///< begins with '?': left out unless somebody asks for it
	bool is_sock_ops = false; ///< "sockops", "sock_ops", or one of them, '/' and whatever
	std::string type;         ///< "XDP", as the kernel has it; "" where no loader would know the section
};

[[nodiscard]] prog_section prog_section_of(std::string_view name);

/// Why a sock_ops program in that section is none for every loader; "" where it is.
[[nodiscard]] std::string section_notice(const std::string& name);

} // namespace sockops::object
