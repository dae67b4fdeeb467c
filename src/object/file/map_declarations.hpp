// SPDX-License-Identifier: MIT
// Declarations of maps that libbpf refuses and other loaders take: they are made such that libbpf takes them,
// and a notice tells.
#pragma once

#include <string>

#include <sockops/object/object_notice.hpp>

#include "file_types.hpp"

namespace sockops::object {

/// Changes the types of maps in ".maps", and adds to `notices` what was changed.
void tolerate_declarations(file_types& types, std::vector<object_notice>& notices);

} // namespace sockops::object
