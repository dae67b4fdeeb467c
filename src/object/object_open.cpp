// SPDX-License-Identifier: MIT
// Opening an object: which of its programs and maps are ours to load.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "btf/btf_types.hpp"
#include "check/elf_check.hpp"
#include "extern_failure.hpp"
#include "file/damaged_btf_ext.hpp"
#include "file/legacy_maps.hpp"
#include "file/map_declarations.hpp"
#include "kconfig.hpp"
#include "object_failure.hpp"
#include "object_files.hpp"
#include "object_state.hpp"

namespace sockops {

using namespace object;

namespace {

constexpr const char* with_types = "compile it with clang -target bpf -O2 -g";

std::string why_not_opened(int error, bool has_types, const libbpf_messages& messages) {
	const std::string said = messages.text().empty() ? std::strerror(error) : messages.line();
	const std::optional<heard_refusal> heard = hear(messages.text());
	return heard && heard->what == libbpf_refusal::extern_without_types
			   ? said + remedy_without_types(heard->name, has_types)
			   : said;
}

std::shared_ptr<::bpf_object> open_libbpf(const std::vector<std::byte>& image, const std::string& name) {
	const std::string object_name = stem_of(name); // the maps of global variables are named by it
	::bpf_object_open_opts options{};
	options.sz = sizeof options;
	options.object_name = object_name.c_str();
	options.relaxed_maps = true;
	const libbpf_messages messages;
	::bpf_object* const opened = libbpf::object_open_mem(image.data(), image.size(), &options);
	const int error = errno;
	if (!opened) {
		const bool has_types = elf_view(image).find(".BTF") != 0;
		fail_object(error, name + ": " + why_not_opened(error, has_types, messages));
	}
	return {opened, libbpf::object_close};
}

/// ".rodata": the section whose variables the map holds; "" of other maps.
std::string section_of(const ::bpf_map* map, const ::btf* types) {
	if (!libbpf::map_is_internal(map))
		return {};
	if (!types) { // by its name, "conns.rodata"
		const std::string name = libbpf::map_name(map);
		return name.substr(std::min(name.find('.'), name.size()));
	}
	const ::btf_type* const section = type_at(*types, libbpf::map_value_type(map));
	return section && ::btf_is_datasec(section) ? name_at(*types, section->name_off) : "";
}

std::vector<symbol_variable> variables_of(const elf_view& file) {
	std::vector<symbol_variable> all;
	for_symbols(file, [&](const placed_symbol& symbol) {
		if (const auto section = file.section(symbol.is.st_shndx); section && symbol.is_object())
			all.push_back({std::string(symbol.name), std::string(file.name_of(*section)), symbol.is.st_value,
						   symbol.is.st_size});
	});
	return all;
}

/// libbpf adds up their sizes in an int, and trusts the sum; it takes a negative one for an errno.
void check_kconfig(file_types& types, const std::string& name) {
	constexpr u64 most = 1 << 20;
	u64 size = 0;
	for (const u32 section : types.sections([](std::string_view each) { return each == ".kconfig"; })) {
		const ::btf_type* const type = type_at(*types.get(), section);
		for (u32 i = 0; i != ::btf_vlen(type); ++i) {
			const u32 one = size_of_type(*types.get(), ::btf_var_secinfos(type)[i].type);
			size += one == 0 ? most + 1 : one; // none, or 2 GiB and more
		}
	}
	if (size > most)
		fail_object(EINVAL, name + ": section '.kconfig': a variable without a size, or of more than " +
								std::to_string(most) + " bytes together");
}

} // namespace

/// Makes of the file what libbpf can read, without what is not to be loaded.
void bpf_object::state::prepare_image() {
	elf_writer file(image);
	if (std::string note = leave_out_damaged_btf_ext(file, name); !note.empty())
		notices.push_back(std::move(note));
	const bool has_types = file.view().find(".BTF") != 0;
	if (!has_types && file.view().find(".maps") != 0)
		fail_object(EINVAL,
					name + ": no BTF, by which the maps in its section '.maps' are declared: " + with_types);
	if (!has_types)
		variables = variables_of(file.view());
	file_types own(file);
	if (!own.get())
		fail_object(EINVAL, name + ": section '.BTF': it cannot be read");
	for (const std::string& each : declare_legacy_maps(file, own, name))
		notices.emplace_back("map '" + each +
								 "' is declared in a section 'maps': older loaders take that, libbpf "
								 "from 1.0 on refuses the object (ENOTSUP)",
							 notice_kind::map_of_older_loaders, each);
	tolerate_declarations(own, notices);
	check_kconfig(own, name);
	programs = leave_out(file, own, options.programs, name, notices);
	if (programs.loaded.empty()) {
		no_program_error none(name + ": no sock_ops program: it has " +
							  (programs.others.empty() ? "no program" : programs.others) +
							  "; one is in a section 'sockops', or 'sockops/' and a name");
		none.error = ENOENT;
		throw none;
	}
	if (!own.store())
		fail_object(ENOMEM, name + ": no memory for its types");
}

void bpf_object::state::take_programs() {
	::bpf_program* each = nullptr;
	while ((each = libbpf::next_program(libbpf_object.get(), each)) != nullptr) {
		const std::string its_name = libbpf::program_name(each);
		const bool loaded = std::ranges::find(programs.loaded, its_name) != programs.loaded.end();
		libbpf::program_set_autoload(each, loaded);
		if (!loaded)
			continue;
		libbpf::program_set_type(each, BPF_PROG_TYPE_SOCK_OPS);
		libbpf::program_set_attach_type(each, BPF_CGROUP_SOCK_OPS);
		progs.push_back({its_name, libbpf::program_section_name(each), {}, each});
	}
	if (progs.empty()) // a file whose symbols say otherwise than its sections
		fail_object(ENOENT, name + ": libbpf finds none of its sock_ops programs: compile it anew");
}

/// What is declared otherwise than the kernel wants it, and what this library has not.
void bpf_object::state::take_map(::bpf_map* each) {
	object_map& map = maps.emplace_back(object_map{libbpf::map_name(each),
												   section_of(each, types.get()),
												   types ? libbpf::map_key_type(each) : 0,
												   types ? libbpf::map_value_type(each) : 0,
												   {},
												   each,
												   libbpf::map_type(each)});
	const auto note = [&](notice_kind kind, const std::string& detail, const std::string& what) {
		notices.emplace_back("map '" + map.name + "' " + what, kind, map.name, detail);
	};
	const u32 key_size = libbpf::map_key_size(each), value_size = libbpf::map_value_size(each);
	if (!bpf_map_type_is_modelled(map.type)) {
		libbpf::map_set_autocreate(each, false);
		note(notice_kind::map_not_modelled, bpf_map_type_name(map.type),
			 "is of type " + std::string(bpf_map_type_name(map.type)) + " (" + std::to_string(map.type) +
				 "), which this library has not: left out; a loader would make it");
	} else if (map.type == BPF_MAP_TYPE_RINGBUF && (key_size || value_size)) {
		libbpf::map_set_key_size(each, 0);
		libbpf::map_set_value_size(each, 0);
		map.key_type = map.value_type = 0;
		note(notice_kind::map_of_other_loaders, "a RINGBUF with keys and values",
			 "is a RINGBUF, which has no keys and values: those declared are left out, as cilium/ebpf does; "
			 "with libbpf it cannot be made (EINVAL)");
	} else if (map.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && (key_size != 4 || value_size != 4)) {
		libbpf::map_set_key_size(each, 4);
		libbpf::map_set_value_size(each, 4);
		map.key_type = map.value_type = 0;
		note(notice_kind::map_of_other_loaders, "a PERF_EVENT_ARRAY with keys and values not of 4 bytes",
			 "is a PERF_EVENT_ARRAY with keys of " + std::to_string(key_size) + " and values of " +
				 std::to_string(value_size) +
				 " bytes: both are made 4; with libbpf it cannot be made (EINVAL)");
	}
	if (map.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && libbpf::map_max_entries(each) == 0)
		libbpf::map_set_max_entries(each, num_possible_cpus);
	map.is_pinned = libbpf::map_pin_path(each) && bpf_map_type_is_modelled(map.type);
	libbpf::map_set_pin_path(each, nullptr);
	if (map.is_pinned && !options.pins)
		note(notice_kind::map_not_shared, "",
			 "is pinned by its name: objects that are opened with the same object_options::pins share it; "
			 "this one was opened without, and has a map of its own");
}

void bpf_object::state::take_maps() {
	::bpf_map* each = nullptr;
	while ((each = libbpf::next_map(libbpf_object.get(), each)) != nullptr)
		take_map(each);
}

/// Of variables that may be without a value those that are.
void bpf_object::state::note_unset_kconfig() {
	for (const std::string& each : programs.weak)
		if (!kconfig_knows(options, each))
			notices.emplace_back("'" + each + "' (__kconfig __weak) is 0, as if the kernel had it not; " +
									 kconfig_remedy(each),
								 notice_kind::kconfig_not_set, each);
}

std::unique_ptr<bpf_object::state> bpf_object::state::open(std::vector<std::byte> image,
														   const std::string& name,
														   const object_options& options) {
	const auto begin = std::chrono::steady_clock::now();
	if (const std::string wrong = check_elf(image); !wrong.empty())
		fail_object(EINVAL, name + ": " + wrong);
	auto opened = std::make_unique<state>();
	opened->name = name;
	opened->options = options;
	opened->image = std::move(image);
	if (options.watch)
		opened->debug.add(opened->image);
	with_notices(opened->notices, [&] {
		const bool has_types = elf_view(opened->image).find(".BTF") != 0;
		opened->prepare_image();
		opened->libbpf_object = open_libbpf(opened->image, name);
		const ::btf* const own = libbpf::object_btf(opened->libbpf_object.get());
		opened->types = own && has_types ? copy_of(*own) : btf_ptr();
		opened->take_programs();
		opened->take_maps();
		opened->note_unset_kconfig();
	});
	opened->opening = std::chrono::steady_clock::now() - begin;
	return opened;
}

} // namespace sockops
