// SPDX-License-Identifier: MIT
#include "object_contents.hpp"

#include "btf/btf_types.hpp"
#include "check/btf_ext_view.hpp"
#include "object_state.hpp"

namespace sockops::object {
namespace {

using kind = named_content::kind;

kind kind_of(const std::string& section) {
	if (section.starts_with(".rodata"))
		return kind::constant;
	return section == ".kconfig" ? kind::option : kind::variable;
}

/// One of C: "count", not "tune.count", which is static inside a function, and not ".rodata.str1.1".
bool is_of_c(const std::string& name) noexcept { return name.find('.') == name.npos; }

} // namespace

std::vector<named_content> object_contents::of(const bpf_object& object) {
	const bpf_object::state& state = *object.state_;
	std::vector<named_content> all;
	for (const object_map& each : state.maps) {
		if (each.section.empty() && is_of_c(each.name))
			all.push_back({kind::map, each.name, 0});
		if (each.section.empty())
			continue;
		for (const section_variable& variable : state.variables_in(each))
			if (is_of_c(variable.name))
				all.push_back({kind_of(each.section), variable.name, variable.size});
	}
	for (const object_prog& each : state.progs)
		all.push_back({kind::program, each.name, 0});
	return all;
}

std::string object_contents::source_of(const bpf_object& object) {
	const bpf_object::state& state = *object.state_;
	const elf_view file(state.image);
	const auto section = file.section(file.find(".BTF.ext"));
	if (!section || !state.types || state.progs.empty())
		return {};
	std::string path;
	for_each_record<btf_ext::line_record>(
		file.bytes(*section), btf_ext::lines, [&](u32 name, const btf_ext::line_record& line) {
			if (path.empty() && state.progs.front().section == name_at(*state.types, name))
				path = name_at(*state.types, line.file);
		});
	return path;
}

} // namespace sockops::object
