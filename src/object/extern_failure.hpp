// SPDX-License-Identifier: MIT
// What an object asks for by name and does not get: in words, with the remedy.
#pragma once

#include <string>

#include "libbpf/sentences.hpp"

namespace sockops::object {

/// Of what load() was refused for.
[[nodiscard]] std::string extern_failure(const heard_refusal& what);

/// What helps where an extern has no types, which is one that another file defines, or nobody; behind what
/// libbpf says of it. `has_types`: the object has BTF.
[[nodiscard]] std::string remedy_without_types(const std::string& name, bool has_types);

} // namespace sockops::object
