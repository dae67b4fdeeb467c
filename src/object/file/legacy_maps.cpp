// SPDX-License-Identifier: MIT
// The rewriting: BTF gets a type for what each definition says, and a new DATASEC ".maps" that names all
// maps; the section ".maps" gets the bytes of the others behind its own, and symbols go with their bytes.
#include "legacy_maps.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>

#include <sockops/map/map_flags.hpp>

#include "../object_failure.hpp"

namespace sockops::object {
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

/// Where the bytes of each section begin in the merged one.
using section_bases = std::map<u32, u64>;

void move_symbols(elf_writer& file, const section_bases& bases, u32 to) {
	for_symbols(file.view(), [&](placed_symbol symbol) {
		const auto base = bases.find(symbol.is.st_shndx);
		if (base == bases.end() || ELF64_ST_TYPE(symbol.is.st_info) == STT_SECTION)
			return;
		symbol.is.st_shndx = static_cast<Elf64_Half>(to);
		symbol.is.st_value += base->second;
		file.put(symbol.at, symbol.is);
	});
}

/// Lets the section ".maps", which may have to be made of the first of them, have the bytes of all. Its
/// index.
u32 merge_sections(elf_writer& file, const std::vector<u32>& legacy) {
	const u32 present = file.view().find(".maps");
	const u32 maps = present ? present : legacy.front();
	const auto own = file.view().bytes(*file.view().section(maps));
	std::vector<std::byte> merged(own.begin(), own.end());
	section_bases bases;
	for (const u32 each : legacy) {
		if (each == maps)
			continue;
		merged.resize((merged.size() + 7) & ~std::size_t{7});
		bases.emplace(each, merged.size());
		const auto more = file.view().bytes(*file.view().section(each));
		merged.insert(merged.end(), more.begin(), more.end());
	}
	move_symbols(file, bases, maps);
	const u32 moved = bases.empty() ? 0 : file.add_name(".maps.moved"); // "maps" would be refused
	for (const auto& [each, base] : bases)
		file.name_section(each, moved);
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
		if (symbol.is_object() && std::ranges::binary_search(sections, u32{symbol.is.st_shndx}))
			all.push_back(read_definition(file, symbol.is, symbol.name, file_name));
	});
	if (all.empty())
		fail_object(EINVAL, file_name + ": section 'maps': no symbol says where a map's definition is");
	return all;
}

using map_members = std::vector<std::pair<const char*, s32>>; ///< names and types

using ids_by_name = std::map<std::string, u32>;

/// What BTF knows of maps, by their names.
struct known_types {
	ids_by_name variables; ///< VARs
	ids_by_name pairs;     ///< of BPF_ANNOTATE_KV_PAIR: structs with members key and value
};

void add_annotated_types(file_types& types, const definition& map, const ids_by_name& pairs,
						 map_members& to) {
	const auto pair = pairs.find(map.name);
	if (pair == pairs.end())
		return;
	for (const found_member& each : members_of(*types.get(), pair->second))
		for (const auto& [name, word] : {std::pair("key", 1u), std::pair("value", 2u)})
			if (each.name == name && size_of_type(*types.get(), each.type) == map.numbers[word])
				to.emplace_back(name, libbpf::btf_add_ptr(types.get(), static_cast<s32>(each.type)));
}

/// The type of a map as libbpf wants it; where in it its members are, nobody asks.
s32 add_map_type(file_types& types, const definition& map, const ids_by_name& pairs) {
	map_members members;
	for (u32 i = 0; i != std::size(attributes); ++i)
		members.emplace_back(attributes[i], types.add_number(map.numbers[i]));
	if (map.numbers[pinning_word] != 0 && !(map.numbers[flags_word] & BPF_F_NUMA_NODE))
		members.emplace_back("pinning", types.add_number(map.numbers[pinning_word]));
	add_annotated_types(types, map, pairs, members);
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

known_types types_of_maps(file_types& types) {
	constexpr std::string_view pair = "____btf_map_";
	known_types known;
	for (const u32 section : types.sections(is_legacy_name))
		for_variables(*types.get(), section, [&](const std::string& name, const ::btf_var_secinfo& each) {
			known.variables.insert_or_assign(name, each.type);
		});
	for (u32 id = 1; id != libbpf::btf_type_cnt(types.get()); ++id)
		if (const ::btf_type* const type = type_at(*types.get(), id); ::btf_kind(type) == BTF_KIND_STRUCT)
			if (const std::string name = name_at(*types.get(), type->name_off); name.starts_with(pair))
				known.pairs.emplace(name.substr(pair.size()), id);
	return known;
}

/// The VAR of a map, known or new; its type is what the definition says.
u32 declare(file_types& types, const definition& map, const known_types& known) {
	const auto variable = known.variables.find(map.name);
	const s32 type = add_map_type(types, map, known.pairs);
	if (variable == known.variables.end())
		return static_cast<u32>(
			libbpf::btf_add_var(types.get(), map.name.c_str(), BTF_VAR_GLOBAL_ALLOCATED, type));
	types.writable(variable->second)->type = static_cast<u32>(type);
	::btf_var(types.writable(variable->second))->linkage = BTF_VAR_GLOBAL_ALLOCATED;
	return variable->second;
}

/// Where each variable begins in a section, if a symbol says so. (BTF does not: the compiler leaves that to
/// a linker.)
std::map<std::string_view, u32> places_in(const elf_view& file, u32 section) {
	std::map<std::string_view, u32> places;
	for_symbols(file, [&](const placed_symbol& symbol) {
		if (symbol.is.st_shndx == section)
			places.emplace(symbol.name, static_cast<u32>(symbol.is.st_value));
	});
	return places;
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
	const known_types known = types_of_maps(types);
	for (const definition& each : definitions)
		all.push_back({each.name, declare(types, each, known), 0, each.size});
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
	const auto places = places_in(file.view(), maps);
	for (map_variable& each : variables)
		if (const auto place = places.find(each.name); place != places.end())
			each.offset = place->second;
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

} // namespace sockops::object
