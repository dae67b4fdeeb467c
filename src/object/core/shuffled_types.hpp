// SPDX-License-Identifier: MIT
// The library's types in another layout, as another kernel might have them.
#pragma once

#include "../btf/btf_types.hpp"

namespace sockops::object {

/// Every type keeps its id. Empty without memory.
[[nodiscard]] btf_ptr shuffled_types(const ::btf& types, u64 seed);

} // namespace sockops::object
