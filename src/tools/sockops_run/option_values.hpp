// SPDX-License-Identifier: MIT
// The values of options, read. All throw usage_error, which names the option.
#pragma once

#include "arguments.hpp"

namespace sockops_run {

/// "NAME=VALUE", as `form` says.
[[nodiscard]] named_value parse_pair(const std::string& option, const std::string& word, const char* form);
/// "MAP[KEY]=VALUE" of --map.
[[nodiscard]] filled_entry parse_entry(const std::string& word);
/// A cgroup; what is said of a wrong one begins with `before`.
[[nodiscard]] std::string parse_path(const std::string& before, const std::string& path);
/// nullopt: both.
[[nodiscard]] std::optional<sockops::testing::side> parse_side(const std::string& word);
/// The name of one, "denied", or "any" of all.
void parse_fail_if(const std::string& word, arguments& into);
/// always, auto or never.
[[nodiscard]] when parse_when(const std::string& word);
[[nodiscard]] sockops::u64 parse_number(const std::string& option, const std::string& word);
/// A number, or "random": another one each time.
[[nodiscard]] sockops::u64 parse_seed(const std::string& word);
/// "5.15": a release from the first with sock_ops programs to the one that is modelled.
[[nodiscard]] sockops::kernel_release parse_kernel(const std::string& word);
/// FILE or FILE@/CGROUP.
[[nodiscard]] placed_file parse_object(const std::string& word);

} // namespace sockops_run
