// SPDX-License-Identifier: MIT
#include <sockops/native/native_object.hpp>

#include "registry.hpp"

namespace sockops {

std::vector<std::string> native_object::names() { return native::names(); }

} // namespace sockops
