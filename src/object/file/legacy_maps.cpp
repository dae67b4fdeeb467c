// SPDX-License-Identifier: MIT
// The rewriting: BTF gets a type for what each definition says, and a new DATASEC ".maps" that names all
// maps; the section ".maps" gets the bytes of the others behind its own, and symbols go with their bytes.
#include "legacy_maps.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sockops/bpf/map_flags.hpp>

#include "../object_failure.hpp"

namespace sockops {
namespace {

constexpr const char* attributes[] = {"type", "key_size", "value_size", "max_entries", "map_flags"};
constexpr u32 flags_word = 4, pinning_word = 6, words = 7, least_words = 4;
using map_numbers = std::array<u32, words>;

struct map_variable {
	std::string name;
	u32 type; ///< of BTF: a VAR
	u32 offset, size;
};

bool is_legacy_name(std::string_view section) noexcept {
	return section == "maps" || section.starts_with("maps/");
}

std::vector<u32> legacy_sections(const elf_view& file) {
	std::vector<u32> found;
	for (u32 i = 1; i != file.section_count(); ++i)
		if (const auto section = *file.section(i);
			section.sh_type == SHT_PROGBITS && is_legacy_name(file.name_of(section)))
			found.push_back(i);
	return found;
}

/// Lets the section ".maps", which may have to be made of the first of them, have the bytes of all. Its
/// index.
u32 merge_sections(elf_writer& file, const std::vector<u32>& legacy) {
	const u32 present = file.view().find(".maps");
	const u32 maps = present ? present : legacy.front();
	const auto own = file.view().bytes(*file.view().section(maps));
	std::vector<std::byte> merged(own.begin(), own.end());
	for (const u32 each : legacy) {
		if (each == maps)
			continue;
		merged.resize((merged.size() + 7) & ~std::size_t{7});
		const u64 base = merged.size();
		const auto more = file.view().bytes(*file.view().section(each));
		merged.insert(merged.end(), more.begin(), more.end());
		for_symbols(file.view(), [&](placed_symbol symbol) {
			if (symbol.is.st_shndx != each || ELF64_ST_TYPE(symbol.is.st_info) == STT_SECTION)
				return;
			symbol.is.st_shndx = static_cast<Elf64_Half>(maps);
			symbol.is.st_value += base;
			file.put(symbol.at, symbol.is);
		});
		file.rename_section(each, ".maps.moved"); // "maps" would be refused
	}
	file.move_section(maps, merged);
	if (!present)
		file.rename_section(maps, ".maps");
	return maps;
}

struct definition {
	std::string name;
	map_numbers numbers;
	u32 size;
};

definition read_definition(const elf_view& file, const Elf64_Sym& symbol, std::string_view name,
						   const std::string& file_name) {
	definition read{std::string(name), {}, static_cast<u32>(symbol.st_size)};
	if (symbol.st_size < least_words * sizeof(u32))
		fail_object(EINVAL, file_name + ": section 'maps': '" + read.name +
								"' is no struct bpf_map_def: it has " + std::to_string(symbol.st_size) +
								" bytes, and a definition 16 or more");
	const auto bytes = file.bytes(*file.section(symbol.st_shndx));
	std::memcpy(read.numbers.data(), bytes.data() + symbol.st_value,
				std::min<u64>(sizeof read.numbers, symbol.st_size));
	return read;
}

std::vector<definition> read_definitions(const elf_view& file, const std::vector<u32>& sections,
										 const std::string& file_name) {
	std::vector<definition> all;
	for_symbols(file, [&](const placed_symbol& symbol) {
		if (symbol.is_object() && std::ranges::find(sections, symbol.is.st_shndx) != sections.end())
			all.push_back(read_definition(file, symbol.is, symbol.name, file_name));
	});
	if (all.empty())
		fail_object(EINVAL, file_name + ": section 'maps': no symbol says where a map's definition is");
	return all;
}

using map_members = std::vector<std::pair<const char*, s32>>; ///< names and types

/// BPF_ANNOTATE_KV_PAIR tells the types of a map: a struct of that name with members key and value.
void add_annotated_types(file_types& types, const definition& map, map_members& to) {
	const u32 pair = find_type(*types.get(), "____btf_map_" + map.name, BTF_KIND_STRUCT);
	for (const found_member& each : pair ? members_of(*types.get(), pair) : std::vector<found_member>())
		for (const auto& [name, word] : {std::pair("key", 1u), std::pair("value", 2u)})
			if (each.name == name && size_of_type(*types.get(), each.type) == map.numbers[word])
				to.emplace_back(name, libbpf::btf_add_ptr(types.get(), static_cast<s32>(each.type)));
}

/// The type of a map as libbpf wants it; where in it its members are, nobody asks.
s32 add_map_type(file_types& types, const definition& map) {
	map_members members;
	for (u32 i = 0; i != std::size(attributes); ++i)
		members.emplace_back(attributes[i], types.add_number(map.numbers[i]));
	if (map.numbers[pinning_word] != 0 && !(map.numbers[flags_word] & BPF_F_NUMA_NODE))
		members.emplace_back("pinning", types.add_number(map.numbers[pinning_word]));
	add_annotated_types(types, map, members);
	const s32 added = libbpf::btf_add_struct(types.get(), nullptr, map.size);
	for (const auto& [name, type] : members)
		libbpf::btf_add_field(types.get(), name, type, 0, 0);
	return added;
}

/// Calls visit(id of the VAR, its record) for the variables of a DATASEC.
template <class Visit>
void for_variables(const ::btf& types, u32 section, Visit visit) {
	const ::btf_type* const type = type_at(types, section);
	for (u32 i = 0; i != ::btf_vlen(type); ++i) {
		const ::btf_var_secinfo& each = ::btf_var_secinfos(type)[i];
		if (const ::btf_type* const variable = type_at(types, each.type); variable && ::btf_is_var(variable))
			visit(name_at(types, variable->name_off), each);
	}
}

/// The VAR of a map that BTF knows, or a new one; its type is what the definition says.
u32 declare(file_types& types, const definition& map) {
	u32 known = 0;
	for (const u32 section : types.sections(is_legacy_name))
		for_variables(*types.get(), section, [&](const std::string& name, const ::btf_var_secinfo& each) {
			known = name == map.name ? each.type : known;
		});
	const s32 type = add_map_type(types, map);
	if (known == 0)
		return static_cast<u32>(
			libbpf::btf_add_var(types.get(), map.name.c_str(), BTF_VAR_GLOBAL_ALLOCATED, type));
	types.writable(known)->type = static_cast<u32>(type);
	::btf_var(types.writable(known))->linkage = BTF_VAR_GLOBAL_ALLOCATED;
	return known;
}

/// Where a variable begins in its section; nullopt if no symbol says so. (BTF does not: the compiler leaves
/// that to a linker.)
std::optional<u32> place_of(const elf_view& file, u32 section, std::string_view variable) {
	std::optional<u32> found;
	for_symbols(file, [&](const placed_symbol& symbol) {
		if (!found && symbol.is.st_shndx == section && symbol.name == variable)
			found = static_cast<u32>(symbol.is.st_value);
	});
	return found;
}

/// A DATASEC becomes a type that nobody names. It keeps its place, as types are known by their numbers: a
/// struct of as many members, which are as long as a DATASEC's.
void retire(file_types& types, u32 section) {
	static_assert(sizeof(::btf_member) == sizeof(::btf_var_secinfo));
	const u32 word = types.word();
	::btf_type* const type = types.writable(section);
	const u32 count = ::btf_vlen(type);
	*type = {};
	type->info = u32{BTF_KIND_STRUCT} << 24 | count;
	type->size = sizeof(u32);
	for (u32 i = 0; i != count; ++i)
		::btf_members(type)[i] = {.name_off = 0, .type = word, .offset = 0};
}

std::vector<map_variable> variables_of(file_types& types, const std::vector<definition>& definitions) {
	std::vector<map_variable> all;
	const auto is_new_kind = [](std::string_view name) { return name == ".maps"; };
	for (const u32 section : types.sections(is_new_kind)) {
		for_variables(*types.get(), section, [&](const std::string& name, const ::btf_var_secinfo& each) {
			all.push_back({name, each.type, each.offset, each.size});
		});
		retire(types, section);
	}
	for (const definition& each : definitions)
		all.push_back({each.name, declare(types, each), 0, each.size});
	for (const u32 section : types.sections(is_legacy_name))
		retire(types, section);
	return all;
}

} // namespace

std::vector<std::string> declare_legacy_maps(elf_writer& file, file_types& types, const std::string& name) {
	const std::vector<u32> sections = legacy_sections(file.view());
	if (sections.empty())
		return {};
	const std::vector<definition> definitions = read_definitions(file.view(), sections, name);
	std::vector<map_variable> variables = variables_of(types, definitions);
	const u32 maps = merge_sections(file, sections);
	for (map_variable& each : variables)
		each.offset = place_of(file.view(), maps, each.name).value_or(each.offset);
	std::ranges::sort(variables, {}, &map_variable::offset);
	const auto size = static_cast<u32>(file.view().section(maps)->sh_size);
	libbpf::btf_add_datasec(types.get(), ".maps", size);
	for (const map_variable& each : variables)
		libbpf::btf_add_datasec_var_info(types.get(), static_cast<s32>(each.type), each.offset, each.size);
	std::vector<std::string> moved;
	for (const definition& each : definitions)
		moved.push_back(each.name);
	return moved;
}

} // namespace sockops
