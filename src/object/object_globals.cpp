// SPDX-License-Identifier: MIT
// Global variables: a DATASEC of BTF says which there are, and where in the section's one value; without BTF
// the symbols do.
#include <cerrno>

#include "btf/btf_types.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {
namespace {

struct found_variable {
	u32 type = 0; ///< of BTF
	u64 offset = 0, size = 0;
	bool is_there = false;
};

/// Calls each(name, variable, where) for those of a DATASEC.
template <class Each>
void for_variables(const ::btf& types, u32 datasec, Each each) {
	const ::btf_type* const section = type_at(types, datasec);
	if (!section || !::btf_is_datasec(section))
		return;
	const ::btf_var_secinfo* const at = ::btf_var_secinfos(section);
	for (u32 i = 0; i != ::btf_vlen(section); ++i) {
		const ::btf_type* const variable = type_at(types, at[i].type);
		if (variable && ::btf_is_var(variable))
			each(std::string(name_at(types, variable->name_off)), *variable, at[i]);
	}
}

/// One variable of a section after the other, until it is the one of a name.
class variable_search {
  public:
	explicit variable_search(std::string_view name) : name_(name) {}

	void look_at(const ::btf& types, u32 datasec) {
		for_variables(types, datasec,
					  [&](const std::string& name, const ::btf_type& variable, const ::btf_var_secinfo& at) {
						  look_at(name, variable.type, at.offset, at.size);
					  });
	}
	void look_at(const std::vector<symbol_variable>& symbols, const std::string& section) {
		for (const symbol_variable& each : symbols)
			if (each.section == section)
				look_at(each.name, 0, each.offset, each.size);
	}

	found_variable found;
	std::string others; ///< names of those before it

  private:
	void look_at(const std::string& name, u32 type, u64 offset, u64 size) {
		if (found.is_there)
			return;
		if (name == name_)
			found = {type, offset, size, true};
		else
			(others += others.empty() ? "" : ", ") += name;
	}
	std::string_view name_;
};

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

std::vector<std::string> bpf_object::global_names() const {
	std::vector<std::string> names;
	for (const object_map& each : state_->maps) {
		if (each.section.empty() || each.section == ".kconfig")
			continue;
		const auto add = [&](const std::string& name) { names.push_back(name); };
		if (state_->types)
			for_variables(
				*state_->types, each.value_type,
				[&](const std::string& name, const ::btf_type&, const ::btf_var_secinfo&) { add(name); });
		else
			for (const symbol_variable& variable : state_->variables)
				if (variable.section == each.section)
					add(variable.name);
	}
	return names;
}

typed_value bpf_object::global(std::string_view name) {
	const bool is_loaded = state_->stage == state::stage::loaded;
	if (state_->stage == state::stage::failed)
		state_->require(state::stage::loaded, "global()");
	variable_search search(name);
	for (const object_map& each : state_->maps) {
		const bool is_kconfig = each.section == ".kconfig";
		if (each.section.empty() || (is_kconfig && !is_loaded))
			continue;
		if (state_->types)
			search.look_at(*state_->types, each.value_type);
		else
			search.look_at(state_->variables, each.section);
		if (!search.found.is_there)
			continue;
		const std::span<std::byte> bytes = section_bytes(each);
		const found_variable& found = search.found;
		if (found.offset > bytes.size() || found.size > bytes.size() - found.offset)
			fail_object(EINVAL, state_->name + ": variable '" + std::string(name) +
									"' lies outside section " + each.section);
		const bool writable = !is_loaded || !(is_kconfig || each.section.starts_with(".rodata"));
		const auto owner = is_loaded ? std::shared_ptr<const void>(std::make_shared<bpf_map_ptr>(each.map))
									 : std::shared_ptr<const void>(state_->libbpf_object);
		return typed_value(state_->types, found.type, bytes.subspan(found.offset, found.size), writable,
						   owner);
	}
	fail_object(ENOENT, state_->name + ": no global variable '" + std::string(name) + "'; " +
							(search.others.empty() ? "it has none" : "it has " + search.others));
}

} // namespace sockops
