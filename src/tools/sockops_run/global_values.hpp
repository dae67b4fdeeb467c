// SPDX-License-Identifier: MIT
// Global variables of an object by words: --set NAME=VALUE.
#pragma once

#include <string>

#include <sockops/object/bpf_object.hpp>

namespace sockops_run {

/// "name", "name.member", "name[2].member". Throws object_error for what is not there.
[[nodiscard]] sockops::typed_value global_by_path(sockops::bpf_object& object, const std::string& path);

/// Before load(). Throws object_error for what is not there, is no value, or does not fit.
void set_global(sockops::bpf_object& object, const std::string& path, const std::string& value);

} // namespace sockops_run
