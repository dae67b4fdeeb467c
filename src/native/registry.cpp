// SPDX-License-Identifier: MIT
// A list that grows before main(), by constructors in no order.
#include "registry.hpp"

#include <span>

namespace {
constinit sockops_native_table* first = nullptr;
} // namespace

extern "C" void sockops_native_register(sockops_native_table* table) {
	table->next = first;
	first = table;
}

namespace sockops::native {

const sockops_native_table* first_table() noexcept { return first; }

const sockops_native_table* find_table(std::string_view name) noexcept {
	for (const sockops_native_table* each = first; each; each = each->next)
		if (each->name == name)
			return each;
	return nullptr;
}

const sockops_native_symbol* find_symbol(const sockops_native_table& table, std::string_view name) noexcept {
	for (const sockops_native_symbol& each : std::span(table.symbols, table.symbol_count))
		if (each.name == name)
			return &each;
	return nullptr;
}

} // namespace sockops::native
