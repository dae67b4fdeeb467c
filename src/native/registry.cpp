// SPDX-License-Identifier: MIT
// A list that grows before main(), by constructors in no order; and while a plug-in is loaded.
#include "registry.hpp"

#include "native_code.hpp"
#include "numbered_helper.hpp"

namespace {
constinit sockops_native_table* first = nullptr;
} // namespace

namespace sockops::native {

namespace {

const sockops_native_table* find_table(std::string_view name) noexcept {
	for (const sockops_native_table* each = first; each; each = each->next)
		if (each->name == name)
			return each;
	return nullptr;
}

/// What objects ask: they do not name this library, so that who interprets alone need not link it.
class linked_codes final : public object::program_codes {
  public:
	std::span<const std::byte> object_of(std::string_view name) const override {
		const sockops_native_table* const table = find_table(name);
		return table ? std::as_bytes(std::span(table->object, table->object_end))
					 : std::span<const std::byte>();
	}
	std::shared_ptr<object::program_code> take(std::string_view name) const override {
		return std::make_shared<native_code>(*find_table(name));
	}
	std::vector<std::string> names() const override { return native::names(); }
	void* helper_function(u32 number) const noexcept override { return native::helper_function(number); }
};

constinit const linked_codes all{};

} // namespace

std::vector<std::string> names() {
	std::vector<std::string> names;
	for (const sockops_native_table* each = first; each; each = each->next)
		names.emplace_back(each->name);
	return names;
}

const sockops_native_symbol* find_symbol(const sockops_native_table& table, std::string_view name) noexcept {
	for (const sockops_native_symbol& each : symbols_of(table))
		if (each.name == name)
			return &each;
	return nullptr;
}

} // namespace sockops::native

extern "C" void sockops_native_register(sockops_native_table* table) {
	table->next = first;
	first = table;
	sockops::object::set_program_codes(sockops::native::all);
}
