// SPDX-License-Identifier: MIT
// Global variables: a DATASEC of BTF says which there are, and where in the section's one value; without BTF
// the symbols do.
#include <cerrno>

#include "btf_types.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {
namespace {

struct found_variable {
	u32 type = 0; ///< of BTF
	u64 offset = 0, size = 0;
	bool is_there = false;
};

/// One variable of a section after the other, until it is the one of a name.
class variable_search {
  public:
	explicit variable_search(std::string_view name) : name_(name) {}

	void look_at(const ::btf& types, u32 datasec) {
		const ::btf_type* const section = type_at(types, datasec);
		if (!section || !::btf_is_datasec(section))
			return;
		const ::btf_var_secinfo* const each = ::btf_var_secinfos(section);
		for (u32 i = 0; i != ::btf_vlen(section); ++i) {
			const ::btf_type* const variable = type_at(types, each[i].type);
			if (variable && ::btf_is_var(variable))
				look_at(name_at(types, variable->name_off), variable->type, each[i].offset, each[i].size);
		}
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
