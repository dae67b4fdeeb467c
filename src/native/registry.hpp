// SPDX-License-Identifier: MIT
// The natively compiled programs of this process.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/native/table.h>

namespace sockops::native {

/// Of all that are linked, the last one that was registered first.
[[nodiscard]] std::vector<std::string> names();
/// nullptr: none of that name.
[[nodiscard]] const sockops_native_symbol* find_symbol(const sockops_native_table& table,
													   std::string_view name) noexcept;

[[nodiscard]] inline std::span<const sockops_native_symbol>
symbols_of(const sockops_native_table& table) noexcept {
	return {table.symbols, table.symbol_count};
}

} // namespace sockops::native
