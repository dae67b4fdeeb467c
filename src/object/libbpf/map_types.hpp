// SPDX-License-Identifier: MIT
// BTF types that a map is made with: which the kernel takes for which type of map.
#pragma once

#include <string>

#include <sockops/map/bpf_map.hpp>

#include "libbpf.hpp"

namespace sockops::object {

/// 0, or what BPF_MAP_CREATE answers in 6.18, with `why` in words. `types`: nullptr: none were given; then
/// both ids are 0.
[[nodiscard]] int check_map_types(const bpf_map& map, const ::btf* types, u32 key, u32 value,
								  std::string& why);

} // namespace sockops::object
