// SPDX-License-Identifier: MIT
// BTF before libbpf sees it: strings and types that are named are there, records are whole, and no type is
// its own part, which would be followed for ever.
#include <algorithm>
#include <cstring>
#include <vector>

#include <linux/btf.h>

#include "elf_check.hpp"

namespace sockops::object {
namespace {

constexpr u32 last_kind = BTF_KIND_ENUM64;

std::string number(u64 value) { return std::to_string(value); }

template <class T>
T read(std::span<const std::byte> from, u64 at) noexcept {
	T copy;
	std::memcpy(&copy, from.data() + at, sizeof copy);
	return copy;
}

/// What follows a type's record: so many bytes a member.
struct tail {
	u64 each;
	u64 count;
};

tail tail_of(const ::btf_type& type) noexcept {
	const u32 kind = BTF_INFO_KIND(type.info), members = BTF_INFO_VLEN(type.info);
	switch (kind) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return {sizeof(u32), 1};
	case BTF_KIND_ARRAY:
		return {sizeof(::btf_array), 1};
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return {sizeof(::btf_member), members};
	case BTF_KIND_ENUM:
		return {sizeof(::btf_enum), members};
	case BTF_KIND_ENUM64:
		return {sizeof(::btf_enum64), members};
	case BTF_KIND_FUNC_PROTO:
		return {sizeof(::btf_param), members};
	case BTF_KIND_DATASEC:
		return {sizeof(::btf_var_secinfo), members};
	default:
		return {0, 0};
	}
}

class checker {
  public:
	std::string check(std::span<const std::byte> data) {
		if (std::string wrong = split(data); !wrong.empty())
			return wrong;
		if (std::string wrong = find_types(); !wrong.empty())
			return wrong;
		for (u32 id = 1; id <= types_.size(); ++id)
			if (const char* const wrong = check_type(types_[id - 1], id))
				return "type " + number(id) + ": " + wrong;
		return check_circles();
	}

  private:
	std::string split(std::span<const std::byte> data) {
		if (data.size() < sizeof(::btf_header))
			return "cut off: " + number(data.size()) + " bytes are less than its header";
		const auto head = read<::btf_header>(data, 0);
		if (head.magic != BTF_MAGIC || head.version != BTF_VERSION)
			return "no BTF of version 1 and this byte order";
		if (head.hdr_len < sizeof head || head.hdr_len > data.size())
			return "a header of " + number(head.hdr_len) + " bytes";
		data = data.subspan(head.hdr_len);
		const u64 types_end = u64{head.type_off} + head.type_len,
				  strings_end = u64{head.str_off} + head.str_len;
		if (types_end > data.size() || strings_end > data.size() || head.type_off % 4 || head.type_len % 4 ||
			types_end > head.str_off)
			return "cut off: types up to " + number(types_end) + " and strings up to " + number(strings_end) +
				   " of " + number(data.size()) + " bytes";
		type_bytes_ = data.subspan(head.type_off, head.type_len);
		strings_ = data.subspan(head.str_off, head.str_len);
		if (strings_.empty() || strings_.front() != std::byte{0} || strings_.back() != std::byte{0})
			return "strings that do not begin and end with a NUL";
		return {};
	}

	std::string find_types() {
		for (u64 at = 0; at != type_bytes_.size();) {
			const std::string which = "type " + number(types_.size() + 1);
			if (type_bytes_.size() - at < sizeof(::btf_type))
				return which + ": cut off";
			const auto type = read<::btf_type>(type_bytes_, at);
			const u32 kind = BTF_INFO_KIND(type.info);
			if (kind == BTF_KIND_UNKN || kind > last_kind)
				return which + ": kind " + number(kind) + ", which is not known (1 to " + number(last_kind) +
					   " are)";
			const tail members = tail_of(type);
			types_.push_back(at);
			at += sizeof(::btf_type);
			if (members.each * members.count > type_bytes_.size() - at)
				return which + ": cut off";
			at += members.each * members.count;
		}
		return {};
	}

	bool has_string(u32 offset) const noexcept { return offset < strings_.size(); }
	bool has_type(u32 id) const noexcept { return id <= types_.size(); }
	u32 kind_of(u32 id) const noexcept {
		return id == 0 ? u32{BTF_KIND_UNKN}
					   : BTF_INFO_KIND(read<::btf_type>(type_bytes_, types_[id - 1]).info);
	}

	/// Calls look(member) for each of a type's members, as long as it finds nothing.
	template <class Member, class Look>
	const char* check_members(u64 at, u32 count, Look look) const {
		for (u32 i = 0; i != count; ++i)
			if (const char* const wrong = look(read<Member>(type_bytes_, at + u64{i} * sizeof(Member))))
				return wrong;
		return nullptr;
	}

	const char* check_type(u64 at, u32 id) const {
		const auto type = read<::btf_type>(type_bytes_, at);
		if (!has_string(type.name_off))
			return "its name is not among the strings";
		at += sizeof type;
		const u32 members = BTF_INFO_VLEN(type.info);
		constexpr const char* no_name = "a member's name is not among the strings";
		constexpr const char* no_type = "a type that it names is not there";
		switch (BTF_INFO_KIND(type.info)) {
		case BTF_KIND_INT:
			return type.size == 0 || type.size > 16 ? "an integer of no known size" : nullptr;
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			return check_members<::btf_member>(at, members, [&](const ::btf_member& each) {
				return !has_string(each.name_off)                ? no_name
					   : !has_type(each.type) || each.type == id ? no_type
																 : nullptr;
			});
		case BTF_KIND_ENUM:
			return check_members<::btf_enum>(at, members, [&](const ::btf_enum& each) {
				return has_string(each.name_off) ? nullptr : no_name;
			});
		case BTF_KIND_ENUM64:
			return check_members<::btf_enum64>(at, members, [&](const ::btf_enum64& each) {
				return has_string(each.name_off) ? nullptr : no_name;
			});
		case BTF_KIND_FUNC_PROTO:
			if (!has_type(type.type))
				return no_type;
			return check_members<::btf_param>(at, members, [&](const ::btf_param& each) {
				return !has_string(each.name_off) ? no_name : !has_type(each.type) ? no_type : nullptr;
			});
		case BTF_KIND_DATASEC:
			return check_members<::btf_var_secinfo>(at, members, [&](const ::btf_var_secinfo& each) {
				const bool is_named = has_type(each.type) && (kind_of(each.type) == BTF_KIND_VAR ||
															  kind_of(each.type) == BTF_KIND_FUNC);
				return is_named ? nullptr : "it names what is no variable and no function";
			});
		case BTF_KIND_ARRAY: {
			const auto array = read<::btf_array>(type_bytes_, at);
			return has_type(array.type) && has_type(array.index_type) ? nullptr : no_type;
		}
		case BTF_KIND_FUNC:
			return has_type(type.type) && kind_of(type.type) == BTF_KIND_FUNC_PROTO
					   ? nullptr
					   : "a function without its parameters";
		case BTF_KIND_FWD:
		case BTF_KIND_FLOAT:
			return nullptr;
		default:
			return has_type(type.type) ? nullptr : no_type;
		}
	}

	/// The types that a type consists of or stands for; a pointer is no part of what it points to.
	std::vector<u32> parts_of(u32 id) const {
		const u64 at = types_[id - 1];
		const auto type = read<::btf_type>(type_bytes_, at);
		std::vector<u32> parts;
		switch (BTF_INFO_KIND(type.info)) {
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			for (u32 i = 0; i != BTF_INFO_VLEN(type.info); ++i)
				parts.push_back(
					read<::btf_member>(type_bytes_, at + sizeof type + u64{i} * sizeof(::btf_member)).type);
			break;
		case BTF_KIND_ARRAY:
			parts.push_back(read<::btf_array>(type_bytes_, at + sizeof type).type);
			break;
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
		case BTF_KIND_VAR:
			parts.push_back(type.type);
			break;
		default:
			break;
		}
		return parts;
	}

	/// Goes down from each type to its parts; who meets a type that it is on its way down from has found a
	/// circle.
	std::string check_circles() const {
		enum class mark : u8 { fresh, on_the_way, done };
		std::vector<mark> marks(types_.size() + 1);
		struct step {
			u32 id;
			std::vector<u32> left;
		};
		for (u32 first = 1; first <= types_.size(); ++first) {
			std::vector<step> way;
			const auto enter = [&](u32 id) {
				marks[id] = mark::on_the_way;
				way.push_back({id, parts_of(id)});
			};
			if (marks[first] == mark::fresh)
				enter(first);
			while (!way.empty()) {
				step& last = way.back();
				if (last.left.empty()) {
					marks[last.id] = mark::done;
					way.pop_back();
					continue;
				}
				const u32 part = last.left.back();
				last.left.pop_back();
				if (part != 0 && marks[part] == mark::on_the_way)
					return "type " + number(part) + " is a part of itself";
				if (part != 0 && marks[part] == mark::fresh)
					enter(part);
			}
		}
		return {};
	}

	std::span<const std::byte> type_bytes_, strings_;
	std::vector<u64> types_; ///< where each begins; the first has id 1
};

} // namespace

std::string check_btf(std::span<const std::byte> data) { return checker().check(data); }

} // namespace sockops::object
