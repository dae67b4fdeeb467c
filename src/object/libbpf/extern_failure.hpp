// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sockops {

/// Why an extern of the kernel (__ksym) was not resolved, in words, out of what libbpf says of it; "" if that
/// is not what went wrong.
[[nodiscard]] std::string extern_failure(const std::string& messages);

} // namespace sockops
