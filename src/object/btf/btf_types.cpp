// SPDX-License-Identifier: MIT
// Questions to BTF.
#include "btf_types.hpp"

#include <cstring>

namespace sockops::object {
namespace {

constexpr u32 max_members = 65'535; ///< that are looked at, those of unnamed members too
constexpr u32 max_chain = 64;       ///< of types that name the next one: more is a circle

/// `left`: how many may still be looked at. Unnamed members can name each other's types so often that there
/// is no end.
void add_members(const ::btf& types, u32 id, u32 base, u32 depth, std::vector<found_member>& to, u32& left) {
	const ::btf_type* const type = type_at(types, without_modifiers(types, id));
	if (!type || !::btf_is_composite(type) || depth > max_chain)
		return;
	const ::btf_member* const members = ::btf_members(type);
	for (u32 i = 0; i != ::btf_vlen(type) && left != 0; ++i) {
		--left;
		const std::string name = name_at(types, members[i].name_off);
		const u32 offset = base + ::btf_member_bit_offset(type, i);
		if (name.empty())
			add_members(types, members[i].type, offset, depth + 1, to, left);
		else
			to.push_back({name, members[i].type, offset, ::btf_member_bitfield_size(type, i)});
	}
}

std::string tagged(const char* tag, const char* name) { return std::string(tag) + (*name ? " " : "") + name; }

std::string words(const ::btf& types, u32 id, u32 depth) {
	const ::btf_type* const type = type_at(types, id);
	if (!type || depth > max_chain)
		return id == 0 && depth != 0 ? "void" : "";
	const char* const name = name_at(types, type->name_off);
	switch (::btf_kind(type)) {
	case BTF_KIND_STRUCT:
		return tagged("struct", name);
	case BTF_KIND_UNION:
		return tagged("union", name);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return tagged("enum", name);
	case BTF_KIND_PTR: {
		const std::string to = words(types, type->type, depth + 1);
		return to + (to.ends_with('*') ? "*" : " *");
	}
	case BTF_KIND_ARRAY: {
		const auto* const array = ::btf_array(type);
		return words(types, array->type, depth + 1) + "[" + std::to_string(array->nelems) + "]";
	}
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return words(types, type->type, depth + 1);
	default:
		return name;
	}
}

} // namespace

const ::btf_type* type_at(const ::btf& types, u32 id) noexcept {
	return id == 0 || id >= libbpf::btf_type_cnt(&types) ? nullptr : libbpf::btf_type_by_id(&types, id);
}

const char* name_at(const ::btf& types, u32 offset) noexcept {
	const char* const name = libbpf::btf_name_by_offset(&types, offset);
	return name ? name : "";
}

u32 without_modifiers(const ::btf& types, u32 id) noexcept {
	for (u32 step = 0; step != max_chain; ++step) {
		const ::btf_type* const type = type_at(types, id);
		if (!type || !(::btf_is_mod(type) || ::btf_is_typedef(type) || ::btf_kind(type) == BTF_KIND_TYPE_TAG))
			return id;
		id = type->type;
	}
	return 0;
}

bool is_char_array(const ::btf& types, u32 id) noexcept {
	const ::btf_type* const type = type_at(types, without_modifiers(types, id));
	if (!type || !::btf_is_array(type))
		return false;
	const ::btf_type* const of = type_at(types, without_modifiers(types, ::btf_array(type)->type));
	return of && ::btf_is_int(of) && std::strcmp(name_at(types, of->name_off), "char") == 0;
}

u32 size_of_type(const ::btf& types, u32 id) noexcept {
	const s64 size = type_at(types, id) ? libbpf::btf_resolve_size(&types, id) : 0;
	return size > 0 && size <= 0x7fffffff ? static_cast<u32>(size) : 0;
}

std::string type_in_words(const ::btf& types, u32 id) { return words(types, id, 0); }

u32 find_type(const ::btf& types, const std::string& name, u32 kind) noexcept {
	const s32 id = libbpf::btf_find_by_name_kind(&types, name.c_str(), kind);
	return id > 0 ? static_cast<u32>(id) : 0;
}

u32 type_by_words(const ::btf& types, std::string_view words) {
	const std::pair<std::string_view, u32> tags[] = {
		{"struct ", BTF_KIND_STRUCT}, {"union ", BTF_KIND_UNION}, {"enum ", BTF_KIND_ENUM}};
	for (const auto& [tag, kind] : tags)
		if (words.starts_with(tag))
			return find_type(types, std::string(words.substr(tag.size())), kind);
	const u32 named = find_type(types, std::string(words), BTF_KIND_TYPEDEF);
	return named ? named : find_type(types, std::string(words), BTF_KIND_INT);
}

std::vector<found_member> members_of(const ::btf& types, u32 id) {
	std::vector<found_member> found;
	u32 left = max_members;
	add_members(types, id, 0, 0, found, left);
	return found;
}

std::vector<section_variable> variables_of(const ::btf& types, u32 id) {
	std::vector<section_variable> all;
	const ::btf_type* const section = type_at(types, id);
	if (!section || !::btf_is_datasec(section))
		return all;
	const ::btf_var_secinfo* const at = ::btf_var_secinfos(section);
	for (u32 i = 0; i != ::btf_vlen(section); ++i) {
		const ::btf_type* const variable = type_at(types, at[i].type);
		if (variable && ::btf_is_var(variable))
			all.push_back({name_at(types, variable->name_off), variable->type, at[i].offset, at[i].size});
	}
	return all;
}

btf_ptr copy_of(const ::btf& types) {
	u32 size = 0;
	const void* const data = libbpf::btf_raw_data(&types, &size);
	return data ? parse_btf(data, size) : btf_ptr();
}

btf_ptr parse_btf(const void* data, u32 size) {
	::btf* const made = libbpf::btf_new(data, size);
	return made ? btf_ptr(made, libbpf::btf_free) : btf_ptr();
}

} // namespace sockops::object
