// SPDX-License-Identifier: MIT
// The kernel's configuration, as programs ask for it: extern unsigned CONFIG_HZ __kconfig;
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <sockops/kern/containers.hpp>

#include <map>
#include <string>
#include <string_view>

namespace sockops {

/// Options by their names, "CONFIG_IPV6"; values as a .config has them: y, m, n, a number (decimal or 0x…,
/// a minus before it), or a text, with or without quotes around it. One that is not there is not set.
using kconfig = std::map<std::string, std::string, std::less<>>;

/// Adds "CONFIG_NAME=VALUE". Throws object_error with EINVAL for what is no such thing.
void add_kconfig(kconfig& to, std::string_view option);
/// A whole .config, its comments left out; `name` is for messages. Throws object_error with EINVAL.
[[nodiscard]] kconfig parse_kconfig(std::string_view text, const std::string& name);
/// A file of it, packed with gzip or not: /boot/config-6.18.0, /proc/config.gz. Throws object_error.
[[nodiscard]] kconfig read_kconfig(const std::string& path);

} // namespace sockops
