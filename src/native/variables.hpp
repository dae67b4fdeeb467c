// SPDX-License-Identifier: MIT
// The variables of a natively compiled program: what they begin with, and writing to constants.
#pragma once

#include <sockops/native/table.h>

namespace sockops::native {

/// Gives all variables the values that they had when the process began. Constants can be written from then
/// on; so can what other constants stand in their pages. Not thread-safe with a run of the program, nor with
/// itself. Throws object_error if the memory cannot be made writable.
void reset_variables(const sockops_native_table& table);

} // namespace sockops::native
