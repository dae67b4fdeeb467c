// SPDX-License-Identifier: MIT
#include "btf_writer.hpp"

#include <algorithm>

namespace sockops::object {
namespace {

struct integer {
	const char* name; ///< as compilers spell it
	int size, encoding;
};
constexpr integer integers[] = {{"char", 1, 0},
								{"signed char", 1, BTF_INT_SIGNED},
								{"unsigned char", 1, 0},
								{"short int", 2, BTF_INT_SIGNED},
								{"short unsigned int", 2, 0},
								{"int", 4, BTF_INT_SIGNED},
								{"unsigned int", 4, 0},
								{"long int", 8, BTF_INT_SIGNED},
								{"long unsigned int", 8, 0},
								{"long long int", 8, BTF_INT_SIGNED},
								{"long long unsigned int", 8, 0},
								{"_Bool", 1, BTF_INT_BOOL}};

/// What Linux calls them, and of what they are.
constexpr std::pair<const char*, const char*> names_of_integers[] = {{"__u8", "unsigned char"},
																	 {"__s8", "signed char"},
																	 {"__u16", "short unsigned int"},
																	 {"__s16", "short int"},
																	 {"__u32", "unsigned int"},
																	 {"__s32", "int"},
																	 {"__u64", "long long unsigned int"},
																	 {"__s64", "long long int"},
																	 {"u8", "__u8"},
																	 {"s8", "__s8"},
																	 {"u16", "__u16"},
																	 {"s16", "__s16"},
																	 {"u32", "__u32"},
																	 {"s32", "__s32"},
																	 {"u64", "__u64"},
																	 {"s64", "__s64"},
																	 {"bool", "_Bool"}};

struct spelled_type {
	bool is_union;
	std::string name;
};
spelled_type spelled(std::string_view words) {
	const std::size_t space = words.find(' ');
	return {words.starts_with("union"), space == words.npos ? "" : std::string(words.substr(space + 1))};
}

u32 end_of(const btf_writer& in, const btf_field& field) noexcept {
	return field.bit_size ? field.bit_offset + field.bit_size : field.bit_offset + in.size_of(field.type) * 8;
}

} // namespace

btf_writer::btf_writer(::btf* into) : btf_(into) {}

int btf_writer::known(std::string_view words) const noexcept {
	const auto found = ids_.find(words);
	return found == ids_.end() ? 0 : found->second;
}

int btf_writer::type(std::string_view words) {
	const auto found = ids_.find(words);
	if (found != ids_.end())
		return found->second;
	const int made = add(words);
	if (made > 0)
		ids_[std::string(words)] = made;
	return made;
}

int btf_writer::add(std::string_view words) {
	if (words.ends_with('*')) {
		const std::string_view to = words.substr(0, words.find_last_not_of(' ', words.size() - 2) + 1);
		return pointer(to.starts_with("struct ") || to.starts_with("union ") ? declared(to) : type(to));
	}
	if (words.ends_with(']')) {
		const std::size_t bracket = words.rfind('[');
		const int element = type(words.substr(0, bracket));
		return array(element, static_cast<u32>(std::stoul(std::string(words.substr(bracket + 1)))));
	}
	return scalar(words);
}

int btf_writer::scalar(std::string_view words) {
	for (const integer& each : integers)
		if (words == each.name)
			return libbpf::btf_add_int(btf_, each.name, each.size, each.encoding);
	for (const auto& [name, of] : names_of_integers)
		if (words == name)
			return libbpf::btf_add_typedef(btf_, name, type(of));
	return 0;
}

/// It may nest the one that has the pointer.
int btf_writer::declared(std::string_view words) {
	if (words.ends_with('*'))
		return type(words);
	if (const int there = known(words))
		return there;
	const std::string declaration = "declared " + std::string(words);
	int& made = ids_[declaration];
	const spelled_type as = spelled(words);
	if (made == 0)
		made = libbpf::btf_add_fwd(btf_, as.name.c_str(), as.is_union ? BTF_FWD_UNION : BTF_FWD_STRUCT);
	return made;
}

int btf_writer::composite(std::string_view words, u32 size, std::span<const btf_field> fields) {
	const spelled_type as = spelled(words);
	const char* const name = as.name.empty() ? nullptr : as.name.c_str();
	const int made =
		as.is_union ? libbpf::btf_add_union(btf_, name, size) : libbpf::btf_add_struct(btf_, name, size);
	for (const btf_field& each : fields)
		libbpf::btf_add_field(btf_, each.name.empty() ? nullptr : each.name.c_str(), each.type,
							  each.bit_offset, each.bit_size);
	if (!as.name.empty())
		ids_[std::string(words)] = made;
	return made;
}

/// Members that overlap, as an unnamed union: each choice is one of them, or a struct of such as lie one
/// behind the other.
btf_field btf_writer::choice_of(std::span<const btf_field> fields, u32 end) {
	const u32 base = fields.front().bit_offset;
	std::vector<std::vector<btf_field>> choices;
	for (btf_field each : fields) {
		each.bit_offset -= base;
		auto behind = std::ranges::find_if(
			choices, [&](const auto& choice) { return end_of(*this, choice.back()) <= each.bit_offset; });
		if (behind == choices.end())
			behind = choices.emplace(choices.end());
		behind->push_back(std::move(each));
	}
	std::vector<btf_field> members;
	for (const std::vector<btf_field>& each : choices)
		if (each.size() == 1 && each.front().bit_offset == 0) // as all of a union's are
			members.push_back(each.front());
		else
			members.push_back({"", overlapping("struct", each), 0});
	return {"", composite("union", (end - base) / 8, members), base};
}

int btf_writer::overlapping(std::string_view words, std::vector<btf_field> fields) {
	std::ranges::stable_sort(fields, {}, &btf_field::bit_offset);
	std::vector<btf_field> members;
	u32 size = 0, align = 1;
	for (auto from = fields.begin(); from != fields.end();) {
		u32 end = end_of(*this, *from);
		auto next = std::next(from);
		for (; next != fields.end() && next->bit_offset < end; ++next)
			end = std::max(end, end_of(*this, *next));
		members.push_back(next - from == 1 ? *from : choice_of({from, next}, end));
		size = std::max(size, (end + 7) / 8);
		for (; from != next; ++from)
			align = std::max(align, align_of(from->type));
	}
	return composite(words, (size + align - 1) / align * align, members);
}

int btf_writer::enumeration(std::string_view name, std::span<const std::pair<std::string, s64>> values) {
	const std::string text(name);
	const int made = libbpf::btf_add_enum(btf_, text.empty() ? nullptr : text.c_str(), 4);
	for (const auto& [each, value] : values)
		libbpf::btf_add_enum_value(btf_, each.c_str(), value);
	if (!text.empty())
		ids_["enum " + text] = made;
	return made;
}

void btf_writer::type_definition(std::string_view name, int type) {
	ids_[std::string(name)] = libbpf::btf_add_typedef(btf_, std::string(name).c_str(), type);
}

int btf_writer::array(int element, u32 count) {
	return libbpf::btf_add_array(btf_, type("u32"), element, static_cast<s32>(count));
}
int btf_writer::pointer(int to) { return libbpf::btf_add_ptr(btf_, to); }

void btf_writer::function(const std::string& name, std::string_view result,
						  std::span<const std::pair<std::string, std::string>> parameters) {
	std::vector<int> types;
	for (const auto& each : parameters)
		types.push_back(type(each.first));
	const int made = libbpf::btf_add_func_proto(btf_, type(result));
	std::size_t at = 0;
	for (const auto& each : parameters)
		libbpf::btf_add_func_param(btf_, each.second.c_str(), types[at++]);
	libbpf::btf_add_func(btf_, name.c_str(), BTF_FUNC_STATIC, made);
}

u32 btf_writer::size_of(int type) const noexcept {
	const s64 size = type > 0 ? libbpf::btf_resolve_size(btf_, static_cast<u32>(type)) : 0;
	return size > 0 ? static_cast<u32>(size) : 0;
}
u32 btf_writer::align_of(int type) const noexcept {
	const int align = type > 0 ? libbpf::btf_align_of(btf_, static_cast<u32>(type)) : 1;
	return align > 0 ? static_cast<u32>(align) : 1;
}

} // namespace sockops::object
