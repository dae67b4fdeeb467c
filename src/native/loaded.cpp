// SPDX-License-Identifier: MIT
#include "loaded.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <span>

#include <sockops/bpf/run_policy.hpp>
#include <sockops/map/prog_array.hpp>
#include <sockops/object/map_view.hpp>

#include "../object/object_failure.hpp"
#include "native_prog.hpp"
#include "registry.hpp"
#include "variables.hpp"

namespace sockops::native {

namespace {

/// Which tables have a `loaded`.
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
	fail_object(EBUSY, std::string(table.name) +
						   ": is loaded already, and its variables exist once: let go of the "
						   "native_object and detach its programs first");
}

bpf_object object_of(const sockops_native_table& table, const object_options& with) {
	const std::span elf(table.object, table.object_end);
	return bpf_object::open_memory(std::as_bytes(elf), table.name, with);
}

/// The value that libbpf has found for the object.
void set_kconfig(const sockops_native_symbol& variable, bpf_object& object) {
	const typed_value value = object.global(variable.name);
	std::memcpy(variable.address, value.bytes().data(),
				std::min<std::size_t>(variable.size, value.bytes().size()));
}

void put_pointer(const sockops_native_symbol& variable, bpf_map* map) {
	std::memcpy(variable.address, &map, sizeof map);
}

/// The name of the program at an index; "" if there is none.
std::string name_at(const prog_array_map& array, u32 index) {
	const migrate_section section;
	const bpf_prog* const prog = array.prog_at(index);
	return prog ? prog->name : "";
}

/// Interpreted programs make way for those of this machine. These hold no maps: whoever comes to them holds
/// them.
void go_native(prog_array_map& array, const sockops_native_table& table) {
	for (u32 index = 0; index != array.attr.max_entries; ++index) {
		const std::string name = name_at(array, index);
		const sockops_native_symbol* const code = name.empty() ? nullptr : find_symbol(table, name);
		if (!code || code->kind != sockops_native_prog)
			continue;
		const auto function = reinterpret_cast<c_function>(code->address);
		array.set(index, bpf_prog_ptr::adopt(new native_prog(name, function, true, {})));
	}
}

} // namespace

claim_of_table::claim_of_table(const sockops_native_table& of) : table(claimed(of)) {}

claim_of_table::~claim_of_table() {
	for (const sockops_native_symbol& each : std::span(table.symbols, table.symbol_count))
		if (each.kind == sockops_native_map)
			put_pointer(each, nullptr);
	const std::lock_guard held(lock);
	in_use.erase(&table);
}

loaded::loaded(const sockops_native_table& of, const object_options& with)
	: claim(of), object(object_of(of, with)) {
	reset_variables(of);
}

void loaded::load() {
	const sockops_native_table& table = claim.table;
	if (is_loaded)
		fail_object(EBUSY,
					std::string(table.name) + ": load() was called before; open() it anew for another one");
	object.load();
	const std::vector<std::string> made = object.map_names(); // not those of types that are not modelled
	for (const sockops_native_symbol& each : std::span(table.symbols, table.symbol_count)) {
		if (each.kind == sockops_native_kconfig)
			set_kconfig(each, object);
		if (each.kind != sockops_native_map || std::ranges::find(made, each.name) == made.end())
			continue;
		bpf_map& map = object.map(each.name).map();
		put_pointer(each, &map);
		if (map.attr.map_type == BPF_MAP_TYPE_PROG_ARRAY)
			go_native(static_cast<prog_array_map&>(map), table);
	}
	is_loaded = true;
}

} // namespace sockops::native
