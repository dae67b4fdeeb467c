// SPDX-License-Identifier: MIT
// Which bytes of a type no member has.
#pragma once

#include "../../vm/watch/padding.hpp"
#include "btf_types.hpp"

namespace sockops::object {

/// Of a struct or union, of arrays of them, and of such members; of other types none is padding. Empty where
/// the type is not there.
[[nodiscard]] vm::padding_bytes padding_of(const ::btf& types, u32 id);

} // namespace sockops::object
