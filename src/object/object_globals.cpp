// SPDX-License-Identifier: MIT
// Global variables: a DATASEC of BTF says which there are, and where in the section's one value; without BTF
// the symbols do. Of an object that runs by code of this machine they are where that has them.
#include <cerrno>

#include "btf/btf_types.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"
#include "program_code.hpp"

namespace sockops {

using namespace object;

namespace {

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

std::vector<section_variable> bpf_object::state::variables_in(const object_map& section) const {
	if (types)
		return variables_of(*types, section.value_type);
	std::vector<section_variable> all;
	for (const symbol_variable& each : variables)
		if (each.section == section.section)
			all.push_back({each.name, 0, each.offset, each.size});
	return all;
}

std::span<std::byte> bpf_object::state::bytes_in(const object_map& section,
												 const section_variable& variable) const {
	const std::span<std::byte> bytes = section_bytes(section);
	if (variable.offset > bytes.size() || variable.size > bytes.size() - variable.offset)
		fail_object(EINVAL,
					name + ": variable '" + variable.name + "' lies outside section " + section.section);
	return bytes.subspan(variable.offset, variable.size);
}

/// Natively: a variable has a name, or is a constant, of which the file's is as good.
bool bpf_object::state::is_there(const object_map& section, const section_variable& variable) const {
	return !code || section.section.starts_with(".rodata") || !code->variable(variable.name).empty();
}

typed_value bpf_object::state::value_of(const object_map& section, const section_variable& variable) const {
	const bool is_loaded = stage == stage::loaded;
	const bool is_constant = section.section == ".kconfig" || section.section.starts_with(".rodata");
	const std::span<std::byte> own = code ? code->variable(variable.name) : std::span<std::byte>();
	if (!own.empty())
		return typed_value(types, own.size() == variable.size ? variable.type : 0, own,
						   !is_loaded || !is_constant, code);
	if (!is_there(section, variable))
		fail_object(ENOENT, name + ": variable '" + variable.name +
								"' is static inside a function: natively no name reaches it");
	const auto owner = is_loaded ? std::shared_ptr<const void>(std::make_shared<bpf_map_ptr>(section.map))
								 : std::shared_ptr<const void>(libbpf_object);
	return typed_value(types, variable.type, bytes_in(section, variable),
					   !code && (!is_loaded || !is_constant), owner);
}

std::vector<std::string> bpf_object::global_names() const {
	std::vector<std::string> names;
	for (const object_map& each : state_->maps) {
		if (each.section.empty() || each.section == ".kconfig")
			continue;
		for (section_variable& variable : state_->variables_in(each))
			if (state_->is_there(each, variable))
				names.push_back(std::move(variable.name));
	}
	return names;
}

typed_value bpf_object::global(std::string_view name) {
	const bool is_loaded = state_->stage == state::stage::loaded;
	if (state_->stage == state::stage::failed || state_->stage == state::stage::checked)
		state_->require(state::stage::loaded, "global()");
	std::string others;
	for (const object_map& each : state_->maps) {
		if (each.section.empty() || (each.section == ".kconfig" && !is_loaded))
			continue;
		for (const section_variable& variable : state_->variables_in(each)) {
			if (variable.name == name)
				return state_->value_of(each, variable);
			(others += others.empty() ? "" : ", ") += variable.name;
		}
	}
	fail_object(ENOENT, state_->name + ": no global variable '" + std::string(name) + "'; " +
							(others.empty() ? "it has none" : "it has " + others));
}

} // namespace sockops
