// SPDX-License-Identifier: MIT
// What libbpf reads in place of /boot/config-6.18.0, and what it says of variables that are not there.
#pragma once

#include <string>

#include <sockops/object/object_options.hpp>

namespace sockops::object {

/// The options as lines of a .config. Throws object_error with EINVAL for a name or a value that is none.
[[nodiscard]] std::string kconfig_text(const object_options& options);

/// Has a variable of that name a value? "LINUX_KERNEL_VERSION" and its kin are libbpf's.
[[nodiscard]] bool kconfig_knows(const object_options& options, const std::string& variable);

/// Why a variable has none, and the remedy: for a message.
[[nodiscard]] std::string kconfig_remedy(const std::string& variable);

} // namespace sockops::object
