// SPDX-License-Identifier: MIT
// Global variables: a DATASEC of BTF says which there are, and where in the section's one value.
#include <cerrno>

#include "btf_types.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {
namespace {

struct found_variable {
	u32 type, offset, size;
};

/// Of a section's variables the one of a name; type 0: there is none. The others are added to `names`.
found_variable find_variable(const ::btf& types, u32 datasec, std::string_view name, std::string& names) {
	const ::btf_type* const section = type_at(types, datasec);
	if (!section || !::btf_is_datasec(section))
		return {};
	const ::btf_var_secinfo* const each = ::btf_var_secinfos(section);
	for (u32 i = 0; i != ::btf_vlen(section); ++i) {
		const ::btf_type* const variable = type_at(types, each[i].type);
		if (!variable || !::btf_is_var(variable))
			continue;
		const char* const its_name = name_at(types, variable->name_off);
		if (name == its_name)
			return {variable->type, each[i].offset, each[i].size};
		(names += names.empty() ? "" : ", ") += its_name;
	}
	return {};
}

/// The section's bytes: before load() what the map will begin with, after it the map's.
std::span<std::byte> section_bytes(const object_map& of) {
	if (!of.map) {
		std::size_t size = 0;
		auto* const initial = static_cast<std::byte*>(
			const_cast<void*>(static_cast<const void*>(libbpf::map_initial_value(of.libbpf_map, &size))));
		return initial ? std::span(initial, size) : std::span<std::byte>();
	}
	const bpf_map_area area = of.map.get()->area();
	return area.count ? std::span(area.base, area.value_size) : std::span<std::byte>();
}

} // namespace

typed_value bpf_object::global(std::string_view name) {
	const bool is_loaded = state_->stage == state::stage::loaded;
	if (state_->stage == state::stage::failed)
		state_->require(state::stage::loaded, "global()");
	std::string others;
	for (const object_map& each : state_->maps) {
		if (each.section.empty() || each.section == ".kconfig")
			continue;
		const found_variable found = find_variable(*state_->types, each.value_type, name, others);
		const std::span<std::byte> bytes = found.type ? section_bytes(each) : std::span<std::byte>();
		if (!found.type)
			continue;
		if (found.offset > bytes.size() || found.size > bytes.size() - found.offset)
			fail_object(EINVAL, state_->name + ": variable '" + std::string(name) +
									"' lies outside section " + each.section);
		const bool writable = !is_loaded || !each.section.starts_with(".rodata");
		const auto owner = is_loaded ? std::shared_ptr<const void>(std::make_shared<bpf_map_ptr>(each.map))
									 : std::shared_ptr<const void>(state_->libbpf_object);
		return typed_value(state_->types, found.type, bytes.subspan(found.offset, found.size), writable,
						   owner);
	}
	fail_object(ENOENT, state_->name + ": no global variable '" + std::string(name) + "'; " +
							(others.empty() ? "it has none" : "it has " + others));
}

} // namespace sockops
