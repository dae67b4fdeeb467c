// SPDX-License-Identifier: MIT
#include "core_records.hpp"

#include <algorithm>
#include <charconv>

#include "../check/btf_ext_view.hpp"

namespace sockops::object {
namespace {

constexpr u32 insn_bytes = 8;
constexpr u32 longest_path = 64;

/// The strings of .BTF.
class string_table {
  public:
	explicit string_table(std::span<const std::byte> btf) {
		::btf_header head{};
		if (btf.empty())
			return;
		std::memcpy(&head, btf.data(), std::min(btf.size(), sizeof head));
		btf = btf.subspan(std::min<std::size_t>(head.hdr_len + std::size_t{head.str_off}, btf.size()));
		all_ = btf.first(std::min<std::size_t>(head.str_len, btf.size()));
	}
	const char* at(u32 offset) const noexcept {
		return offset < all_.size() ? reinterpret_cast<const char*>(all_.data()) + offset : "";
	}

  private:
	std::span<const std::byte> all_;
};

/// Functions by section and the place of their first instruction, bytes.
using function_places = std::map<std::pair<u32, u32>, u32>;

std::vector<u32> indexes_of(const std::string& path) {
	std::vector<u32> found;
	for (const char* at = path.data(); at < path.data() + path.size() && found.size() != longest_path; ++at) {
		u32 value = 0;
		at = std::from_chars(at, path.data() + path.size(), value).ptr;
		found.push_back(value);
	}
	return found;
}

bool asks_for_value(core_kind kind) noexcept {
	return kind == core_kind::enumval_exists || kind == core_kind::enumval_value;
}
bool asks_for_member(core_kind kind) noexcept { return kind <= core_kind::field_rshift_u64; }

const char* enumerator_name(const ::btf& types, const ::btf_type& type, u32 index) {
	if (!::btf_is_any_enum(&type) || index >= ::btf_vlen(&type))
		return "";
	return name_at(types, ::btf_is_enum(&type) ? ::btf_enum(&type)[index].name_off
											   : ::btf_enum64(&type)[index].name_off);
}

/// From a struct or an array one step down, whose name is added; 0: there is none.
u32 step_down(const ::btf& types, u32 id, u32 index, core_subject& to) {
	const ::btf_type* const type = type_at(types, without_modifiers(types, id));
	if (type && ::btf_is_array(type)) {
		to.member.append("[").append(std::to_string(index)).append("]");
		return ::btf_array(type)->type;
	}
	if (!type || !::btf_is_composite(type) || index >= ::btf_vlen(type))
		return 0;
	const ::btf_member& member = ::btf_members(type)[index];
	if (const char* const name = name_at(types, member.name_off); *name)
		(to.member += to.member.empty() ? "" : ".") += name;
	to.is_bit_field = ::btf_member_bitfield_size(type, index) != 0;
	return member.type;
}

} // namespace

core_records read_core_records(std::span<const std::byte> image) {
	const elf_view file(image);
	const auto section_bytes = [&](const char* name) {
		const u32 index = file.find(name);
		return index ? file.bytes(*file.section(index)) : std::span<const std::byte>();
	};
	const auto ext = section_bytes(".BTF.ext");
	const string_table strings(section_bytes(".BTF"));
	std::map<u32, bool> code; // by the place of the section's name
	const auto is_code = [&](u32 section) {
		const auto [at, is_new] = code.try_emplace(section);
		const u32 index = is_new ? file.find(strings.at(section)) : 0;
		if (index != 0)
			at->second = (file.section(index)->sh_flags & SHF_EXECINSTR) != 0;
		return at->second;
	};
	function_places functions;
	core_records found;
	for_each_record<btf_ext::function_record>(ext, btf_ext::functions, [&](u32 section, const auto& each) {
		functions[{section, each.insn_off}] = each.type_id;
	});
	for_each_record<btf_ext::relocation_record>(
		ext, btf_ext::relocations, [&](u32 section, const auto& each) {
			auto at = functions.upper_bound({section, each.insn_off});
			if (!is_code(section) || at == functions.begin() || std::prev(at)->first.first != section)
				return;
			--at;
			found[{at->second, (each.insn_off - at->first.second) / insn_bytes}] = {
				each.type_id, static_cast<core_kind>(each.kind), strings.at(each.access_str_off)};
		});
	return found;
}

core_subject subject_of(const ::btf& types, const core_record& record) {
	core_subject subject{type_in_words(types, record.type), {}};
	const std::vector<u32> path = indexes_of(record.path);
	const u32 root = without_modifiers(types, record.type);
	subject.is_value = asks_for_value(record.kind);
	if (subject.is_value && !path.empty() && type_at(types, root))
		subject.member = enumerator_name(types, *type_at(types, root), path.front());
	else if (asks_for_member(record.kind)) {
		u32 at = root; // the first index is that of an array which a pointer might lead to
		for (std::size_t i = 1; i < path.size() && at != 0; ++i)
			at = step_down(types, at, path[i], subject);
	}
	return subject;
}

std::string essential_name(const std::string& name) {
	const std::size_t flavour = name.rfind("___");
	return flavour == name.npos || flavour == 0 ? name : name.substr(0, flavour);
}

std::string not_found_in_words(const ::btf& types, const ::btf& kernel, const core_record& record) {
	const core_subject about = subject_of(types, record);
	const ::btf_type* const type = type_at(types, without_modifiers(types, record.type));
	const bool is_there =
		type && find_type(kernel, essential_name(name_at(types, type->name_off)), ::btf_kind(type)) != 0;
	if (!is_there || about.member.empty())
		return "CO-RE: there is no " + about.type + " here";
	return "CO-RE: " + about.type + " has no " + (about.is_value ? "value" : "member") + " '" + about.member +
		   "' here";
}

} // namespace sockops::object
