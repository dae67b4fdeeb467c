// SPDX-License-Identifier: MIT
// Which attributes each type of map takes, and with which errno the kernel refuses others.
#pragma once

#include <string>

#include <sockops/map/bpf_map.hpp>

namespace sockops::detail {

/// 0, or -errno and `why` in words. Not of the maps of sockets, which check their own.
[[nodiscard]] int check_map_attr(const bpf_map_attr& attr, std::string& why);

/// The same of what the kernel looks at once the map could be made, whatever its type.
[[nodiscard]] int check_name_and_lock(const bpf_map_attr& attr, std::string& why);

/// "HASH: key_size is 0; make it at least 1".
[[nodiscard]] std::string map_refusal(u32 type, const char* what, u64 value, const char* remedy);

} // namespace sockops::detail
