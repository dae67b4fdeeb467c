// SPDX-License-Identifier: MIT
#include "native_code.hpp"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <utility>

#include <sockops/sync/rcu.hpp>

#include "../object/object_failure.hpp"
#include "native_prog.hpp"
#include "registry.hpp"
#include "variables.hpp"

namespace sockops::native {

namespace {

/// Which tables have a claim.
std::mutex lock;
std::set<const sockops_native_table*> in_use; ///< under the lock

bool take(const sockops_native_table& table) {
	const std::lock_guard held(lock);
	return in_use.insert(&table).second;
}

const sockops_native_table& claimed(const sockops_native_table& table) {
	if (take(table))
		return table;
	rcu_barrier(); // an earlier one whose programs wait for a grace period is on its way out
	if (take(table))
		return table;
	object::fail_object(EBUSY, std::string(table.name) +
								   ": is loaded already, and its variables exist once: let go of the "
								   "object and detach its programs first");
}

void put_pointer(const sockops_native_symbol& variable, bpf_map* map) {
	std::memcpy(variable.address, &map, sizeof map);
}

} // namespace

claim_of_table::claim_of_table(const sockops_native_table& of) : table(claimed(of)) {}

claim_of_table::~claim_of_table() {
	for (const sockops_native_symbol& each : symbols_of(table))
		if (each.kind == sockops_native_map)
			put_pointer(each, nullptr);
	const std::lock_guard held(lock);
	in_use.erase(&table);
}

native_code::native_code(const sockops_native_table& of) : claim_(of) { reset_variables(of); }

std::span<std::byte> native_code::variable(std::string_view name) const {
	const sockops_native_symbol* const found = find_symbol(claim_.table, name);
	if (!found || found->kind == sockops_native_map || found->kind == sockops_native_prog)
		return {};
	return {static_cast<std::byte*>(found->address), found->size};
}

void native_code::use_map(const std::string& name, bpf_map_ptr map) {
	const sockops_native_symbol* const found = find_symbol(claim_.table, name);
	if (!found || found->kind != sockops_native_map)
		return;
	put_pointer(*found, map.get());
	maps_.push_back(std::move(map));
}

bpf_prog_ptr native_code::make_program(const std::string& name, bool has_tail_calls,
									   const std::shared_ptr<object::program_code>& self) {
	const sockops_native_symbol* const found = find_symbol(claim_.table, name);
	if (!found || found->kind != sockops_native_prog)
		return {};
	const auto function = reinterpret_cast<c_function>(found->address);
	return bpf_prog_ptr::adopt(new native_prog(name, function, has_tail_calls, self));
}

} // namespace sockops::native
