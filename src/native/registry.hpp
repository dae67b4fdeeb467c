// SPDX-License-Identifier: MIT
// The natively compiled programs of this process.
#pragma once

#include <string_view>

#include <sockops/native/table.h>

namespace sockops::native {

/// The first of the list; nullptr: none is linked.
const sockops_native_table* first_table() noexcept;
/// nullptr: none of that name.
const sockops_native_table* find_table(std::string_view name) noexcept;
/// nullptr: none of that name.
const sockops_native_symbol* find_symbol(const sockops_native_table& table, std::string_view name) noexcept;

} // namespace sockops::native
