// SPDX-License-Identifier: MIT
// Opening an object: which of its programs and maps are ours to load.
#include <cerrno>
#include <cstring>

#include "btf_types.hpp"
#include "elf_check.hpp"
#include "legacy_maps.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {
namespace {

bool is_sock_ops_section(std::string_view section) noexcept {
	const std::string_view type = section.substr(0, section.find('/'));
	return type == "sockops" || type == "sock_ops";
}

/// What libbpf names the maps of global variables by.
std::string stem(const std::string& name) { return name.substr(0, name.find('.')); }

std::shared_ptr<::bpf_object> open_libbpf(const std::vector<std::byte>& image, const std::string& name) {
	const std::string object_name = stem(name);
	::bpf_object_open_opts options{};
	options.sz = sizeof options;
	options.object_name = object_name.c_str();
	const libbpf_messages messages;
	::bpf_object* const opened = libbpf::object_open_mem(image.data(), image.size(), &options);
	const int error = errno;
	if (!opened) {
		const bool is_part = messages.text().find("for extern '") != std::string::npos;
		fail_object(error, name + ": " + (messages.text().empty() ? std::strerror(error) : messages.line()) +
							   (is_part ? "; link it with the file that has it: open_linked()" : ""));
	}
	return {opened, libbpf::object_close};
}

/// ".rodata": the section whose variables the map holds; "" of other maps.
std::string section_of(const ::bpf_map* map, const ::btf& types) {
	const ::btf_type* const section = type_at(types, libbpf::map_value_type(map));
	return libbpf::map_is_internal(map) && section && ::btf_is_datasec(section)
			   ? name_at(types, section->name_off)
			   : "";
}

/// BPF_ANNOTATE_KV_PAIR, by which old declarations tell the types of a map: a struct with members key and
/// value.
void take_annotated_types(object_map& map, const ::btf& types) {
	const u32 pair = find_type(types, "____btf_map_" + map.name, BTF_KIND_STRUCT);
	for (const found_member& each : pair ? members_of(types, pair) : std::vector<found_member>())
		(each.name == "key" ? map.key_type : map.value_type) = each.type;
}

} // namespace

void bpf_object::state::take_programs() {
	std::string others;
	::bpf_program* each = nullptr;
	while ((each = libbpf::next_program(libbpf_object.get(), each)) != nullptr) {
		const std::string its_name = libbpf::program_name(each), section = libbpf::program_section_name(each);
		if (is_sock_ops_section(section) && libbpf::program_autoload(each)) {
			libbpf::program_set_type(each, BPF_PROG_TYPE_SOCK_OPS);
			libbpf::program_set_attach_type(each, BPF_CGROUP_SOCK_OPS);
			progs.push_back({its_name, section, {}, each});
			continue;
		}
		libbpf::program_set_autoload(each, false);
		const std::string which = its_name + " in section '" + section + "'";
		notices.push_back(which + (is_sock_ops_section(section)
									   ? " is optional (its section begins with '?'): skipped"
									   : " is no sock_ops program: skipped"));
		(others += others.empty() ? "" : ", ") += which;
	}
	if (progs.empty())
		fail_object(ENOENT, name + ": no sock_ops program: it has " +
								(others.empty() ? "no program" : others) +
								"; one is in a section 'sockops', or 'sockops/' and a name");
}

void bpf_object::state::take_maps() {
	::bpf_map* each = nullptr;
	while ((each = libbpf::next_map(libbpf_object.get(), each)) != nullptr) {
		const std::string its_name = libbpf::map_name(each);
		const u32 type = libbpf::map_type(each);
		if (libbpf::map_pin_path(each)) {
			libbpf::map_set_pin_path(each, nullptr);
			notices.push_back("map '" + its_name +
							  "' is to be pinned: a map of this library is in no file system");
		}
		if (type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && libbpf::map_max_entries(each) == 0)
			libbpf::map_set_max_entries(each, num_possible_cpus);
		if (std::strcmp(bpf_map_type_name(type), "UNKNOWN") == 0) {
			libbpf::map_set_autocreate(each, false);
			notices.push_back("map '" + its_name + "' is of type " + std::to_string(type) +
							  ", which this library has not: it is not made");
		}
		maps.push_back({its_name,
						section_of(each, *types),
						libbpf::map_key_type(each),
						libbpf::map_value_type(each),
						{},
						each});
		if (maps.back().value_type == 0)
			take_annotated_types(maps.back(), *types);
	}
}

std::unique_ptr<bpf_object::state> bpf_object::state::open(std::vector<std::byte> image,
														   const std::string& name) {
	const auto begin = std::chrono::steady_clock::now();
	if (const std::string wrong = check_elf(image); !wrong.empty())
		fail_object(EINVAL, name + ": " + wrong);
	auto opened = std::make_unique<state>();
	opened->name = name;
	opened->image = with_btf_maps(std::move(image), name);
	opened->libbpf_object = open_libbpf(opened->image, name);
	const ::btf* const types = libbpf::object_btf(opened->libbpf_object.get());
	opened->types = types ? copy_of(*types) : btf_ptr();
	if (!opened->types)
		fail_object(EINVAL, name + ": it has no BTF: compile it with clang -target bpf -O2 -g");
	with_notices(opened->notices, [&] {
		opened->take_programs();
		opened->take_maps();
	});
	opened->opening = std::chrono::steady_clock::now() - begin;
	return opened;
}

} // namespace sockops
