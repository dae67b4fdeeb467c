// SPDX-License-Identifier: MIT
// Code of this machine, compiled while the tool runs, in its process. A static tool cannot have that: which
// of the two sources beside this one is linked says what it can.
#pragma once

#include <string>

namespace sockops_run {

/// "dynamically linked" or "static".
[[nodiscard]] const char* how_linked() noexcept;

/// Why --native cannot be, with the remedy; "" if it can.
[[nodiscard]] std::string no_native_reason();

/// From then on the program that a shared object has can be opened by its name. Throws std::runtime_error.
void load_native_code(const std::string& shared_object);

} // namespace sockops_run
