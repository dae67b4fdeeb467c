// SPDX-License-Identifier: MIT
#include "function_types.hpp"

#include "../btf/btf_types.hpp"

namespace sockops::object {

namespace {

using kind = bpf_argument_type::what;

/// Of what a pointer leads to. What has no size, as a struct that is only declared or a function, is as good
/// as void.
bpf_argument_type type_behind_pointer(const ::btf& types, u32 id) {
	const u32 target = without_modifiers(types, id);
	const ::btf_type* const type = type_at(types, target);
	if (!type || ::btf_is_fwd(type) || ::btf_is_func_proto(type))
		return {kind::untyped};
	const std::string name = type_in_words(types, target);
	if (name == "struct bpf_sock_ops")
		return {kind::context};
	const u32 size = name == "struct bpf_dynptr" ? 0 : size_of_type(types, target);
	return size == 0 ? bpf_argument_type() : bpf_argument_type{kind::memory, size};
}

bpf_argument_type type_of(const ::btf& types, u32 id) {
	const u32 plain = without_modifiers(types, id);
	const ::btf_type* const type = type_at(types, plain);
	if (!type)
		return {id == 0 ? kind::nothing : kind::not_known};
	if (::btf_is_ptr(type))
		return type_behind_pointer(types, type->type);
	const bool is_number = ::btf_is_int(type) || ::btf_is_any_enum(type);
	return {is_number && type->size <= sizeof(u64) ? kind::number : kind::not_known};
}

} // namespace

function_types::function_types(const ::btf& types) : types_(types) {
	for (u32 id = 1; id < libbpf::btf_type_cnt(&types); ++id)
		if (const ::btf_type* const type = type_at(types, id); type && ::btf_is_decl_tag(type))
			tags_.push_back(
				{{type->type, ::btf_decl_tag(type)->component_idx}, name_at(types, type->name_off)});
}

/// A tag that is not known here makes something else of the argument.
bpf_argument_type function_types::argument(u32 function, s32 place, u32 type) const {
	bpf_argument_type found = type_of(types_, type);
	for (const auto& [tagged, tag] : tags_) {
		if (tagged != std::pair(function, place) || !tag.starts_with("arg:"))
			continue;
		if (tag == "arg:ctx")
			return {kind::context};
		if (tag != "arg:nonnull")
			return {};
		found.nonnull = true;
	}
	return found;
}

bpf_function function_types::function(u32 insn, u32 type) const {
	bpf_function made{insn, {}};
	const ::btf_type* const function = type_at(types_, type);
	if (!function)
		return made;
	made.name = name_at(types_, function->name_off);
	const ::btf_type* const prototype = ::btf_is_func(function) ? type_at(types_, function->type) : nullptr;
	if (!prototype || !::btf_is_func_proto(prototype))
		return made;
	made.is_global = ::btf_vlen(function) == BTF_FUNC_GLOBAL; // its linkage stands there
	made.result = type_of(types_, prototype->type);
	for (u32 place = 0; place != ::btf_vlen(prototype); ++place)
		made.arguments.push_back(
			argument(type, static_cast<s32>(place), ::btf_params(prototype)[place].type));
	return made;
}

} // namespace sockops::object
