// SPDX-License-Identifier: MIT
// A member without a name is one that libbpf does not know, and passes over (relaxed_maps).
#include "map_declarations.hpp"

#include <algorithm>

namespace sockops::object {
namespace {

constexpr std::string_view known_members[] = {"type",     "max_entries", "map_flags", "numa_node",
											  "key_size", "key",         "value",     "value_size",
											  "values",   "pinning",     "map_extra"};
constexpr u32 pin_by_name = 1;   ///< LIBBPF_PIN_BY_NAME
constexpr u32 pin_global_ns = 2; ///< PIN_GLOBAL_NS of tc

/// The number that a member says; 0: none.
u32 number_of(const ::btf& types, u32 member_type) {
	const ::btf_type* const pointer = type_at(types, without_modifiers(types, member_type));
	const ::btf_type* const array =
		pointer && ::btf_is_ptr(pointer) ? type_at(types, without_modifiers(types, pointer->type)) : nullptr;
	return array && ::btf_is_array(array) ? ::btf_array(array)->nelems : 0;
}

class declarations {
  public:
	declarations(file_types& types, std::vector<object_notice>& notices) : types_(types), notices_(notices) {}

	/// One map's; `type`: of a struct.
	void look_at(const std::string& map, u32 type) {
		const ::btf_type* const declared = type_at(*types_.get(), type);
		const u32 count = declared && ::btf_is_struct(declared) ? ::btf_vlen(declared) : 0;
		for (u32 i = 0; i != count; ++i) { // adding types moves them
			const ::btf_member member = ::btf_members(type_at(*types_.get(), type))[i];
			const std::string name = name_at(*types_.get(), member.name_off);
			if (name == "pinning")
				look_at_pinning(map, type, i, number_of(*types_.get(), member.type));
			else if (!name.empty() && std::ranges::find(known_members, name) == std::end(known_members))
				note(map, "a member '" + name + "'",
					 "its member '" + name +
						 "' is not known to libbpf, which refuses the object (ENOTSUP); it is not looked "
						 "at");
		}
	}

  private:
	::btf_member& member(u32 type, u32 index) { return ::btf_members(types_.writable(type))[index]; }

	void look_at_pinning(const std::string& map, u32 type, u32 index, u32 pinning) {
		const std::string value = "pinning " + std::to_string(pinning);
		if (pinning <= pin_by_name)
			return;
		if (pinning == pin_global_ns) {
			const s32 by_name = types_.add_number(pin_by_name);
			member(type, index).type = static_cast<u32>(by_name);
			note(map, value,
				 value + " (PIN_GLOBAL_NS of tc) is taken for LIBBPF_PIN_BY_NAME; libbpf refuses the "
						 "object (EINVAL)");
			return;
		}
		member(type, index).name_off = 0;
		note(map, value,
			 value + " is of another loader's making (of Cilium's, 16 replaces what was pinned): each "
					 "object has a map of its own; libbpf refuses the object (EINVAL)");
	}

	/// `short_form`: what other maps may have, too.
	void note(const std::string& map, const std::string& short_form, const std::string& what) {
		notices_.emplace_back("map '" + map + "': " + what, notice_kind::map_of_other_loaders, map,
							  short_form);
	}

	file_types& types_;
	std::vector<object_notice>& notices_;
};

} // namespace

void tolerate_declarations(file_types& types, std::vector<object_notice>& notices) {
	declarations all(types, notices);
	const std::vector<u32> sections = types.sections([](std::string_view name) { return name == ".maps"; });
	for (const u32 section : sections)
		for (u32 i = 0; i != ::btf_vlen(type_at(*types.get(), section)); ++i) {
			const ::btf_type* const variable =
				type_at(*types.get(), ::btf_var_secinfos(type_at(*types.get(), section))[i].type);
			if (variable && ::btf_is_var(variable))
				all.look_at(name_at(*types.get(), variable->name_off),
							without_modifiers(*types.get(), variable->type));
		}
}

} // namespace sockops::object
