// SPDX-License-Identifier: MIT
#include "kernel_types.hpp"

#include <algorithm>

#include "core_btf.hpp"

namespace sockops::object {
namespace {

constexpr u32 max_depth = 32;

/// Copies types of an object, each once, with all that they name.
class plain_copier {
  public:
	plain_copier(const ::btf& from, ::btf* to) : from_(from), to_(to) {}

	/// Made of numbers alone, all of them declared.
	bool is_plain(u32 id, u32 depth = 0) {
		const ::btf_type* const type = type_at(from_, id);
		if (!type || depth > max_depth)
			return false;
		const auto known = plain_.find(id);
		if (known != plain_.end())
			return known->second;
		return plain_[id] = look(*type, depth + 1);
	}

	/// Of a plain type; 0 or less: there was no memory for it, or it nests too deeply.
	int copy(u32 id) {
		const auto known = copied_.find(id);
		if (known != copied_.end())
			return known->second;
		if (depth_ == max_depth)
			return 0;
		++depth_;
		const int made = add(id);
		--depth_;
		return copied_[id] = made;
	}

  private:
	bool look(const ::btf_type& type, u32 depth) {
		switch (::btf_kind(&type)) {
		case BTF_KIND_INT:
		case BTF_KIND_FLOAT:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			return true;
		case BTF_KIND_ARRAY:
			return is_plain(::btf_array(&type)->type, depth);
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
			return is_plain(type.type, depth);
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION: {
			const ::btf_member* const members = ::btf_members(&type);
			return std::all_of(members, members + ::btf_vlen(&type),
							   [&](const ::btf_member& each) { return is_plain(each.type, depth); });
		}
		default:
			return false;
		}
	}

	int add(u32 id) {
		const ::btf_type* const type = type_at(from_, id);
		const char* const name = name_at(from_, type->name_off);
		const char* const name_or_none = *name ? name : nullptr;
		if (const u32 there = *name ? find_type(*to_, name, ::btf_kind(type)) : 0)
			return static_cast<int>(there);
		switch (::btf_kind(type)) {
		case BTF_KIND_INT:
			return libbpf::btf_add_int(to_, name, type->size, ::btf_int_encoding(type));
		case BTF_KIND_FLOAT:
			return libbpf::btf_add_float(to_, name, type->size);
		case BTF_KIND_ARRAY:
			return libbpf::btf_add_array(to_, copy_index(), copy(::btf_array(type)->type),
										 static_cast<s32>(::btf_array(type)->nelems));
		case BTF_KIND_TYPEDEF:
			return libbpf::btf_add_typedef(to_, name, copy(type->type));
		case BTF_KIND_CONST:
			return libbpf::btf_add_const(to_, copy(type->type));
		case BTF_KIND_VOLATILE:
			return libbpf::btf_add_volatile(to_, copy(type->type));
		case BTF_KIND_ENUM:
			return add_enumeration(*type, name_or_none);
		case BTF_KIND_ENUM64:
			return add_wide_enumeration(*type, name_or_none);
		default:
			return add_composite(*type, name_or_none);
		}
	}

	int copy_index() const noexcept { return static_cast<int>(find_type(*to_, "u32", BTF_KIND_TYPEDEF)); }

	int add_enumeration(const ::btf_type& type, const char* name) {
		const int made = libbpf::btf_add_enum(to_, name, type.size);
		for (u32 i = 0; i != ::btf_vlen(&type); ++i) {
			const auto& each = ::btf_enum(&type)[i];
			const s64 value = ::btf_kflag(&type) ? s64{each.val} : s64{static_cast<u32>(each.val)};
			libbpf::btf_add_enum_value(to_, name_at(from_, each.name_off), value);
		}
		return made;
	}
	int add_wide_enumeration(const ::btf_type& type, const char* name) {
		const int made = libbpf::btf_add_enum64(to_, name, type.size, ::btf_kflag(&type));
		for (u32 i = 0; i != ::btf_vlen(&type); ++i) {
			const auto& each = ::btf_enum64(&type)[i];
			libbpf::btf_add_enum64_value(to_, name_at(from_, each.name_off), ::btf_enum64_value(&each));
		}
		return made;
	}
	int add_composite(const ::btf_type& type, const char* name) {
		std::vector<int> types;
		for (u32 i = 0; i != ::btf_vlen(&type); ++i)
			types.push_back(copy(::btf_members(&type)[i].type));
		const auto add_type = ::btf_is_union(&type) ? libbpf::btf_add_union : libbpf::btf_add_struct;
		const int made = add_type(to_, name, type.size);
		for (u32 i = 0; i != ::btf_vlen(&type); ++i) {
			const char* const member = name_at(from_, ::btf_members(&type)[i].name_off);
			libbpf::btf_add_field(to_, *member ? member : nullptr, types[i],
								  ::btf_member_bit_offset(&type, i), ::btf_member_bitfield_size(&type, i));
		}
		return made;
	}

	const ::btf& from_;
	::btf* to_;
	std::map<u32, bool> plain_;
	std::map<u32, int> copied_;
	u32 depth_ = 0; ///< of copy() within copy()
};

} // namespace

kernel_types kernel_types_for(const ::btf& object, const core_records& records) {
	const std::span<const std::byte> own = core_btf_data();
	kernel_types made{parse_btf(own.data(), static_cast<u32>(own.size())), {}};
	if (!made.types)
		return made;
	// The copy is nobody else's yet.
	plain_copier copier(object, const_cast<::btf*>(made.types.get()));
	for (const auto& [place, record] : records) {
		const ::btf_type* const type = type_at(object, record.type);
		const std::string name = type ? name_at(object, type->name_off) : "";
		if (name.empty() || essential_name(name) != name || find_type(*made.types, name, ::btf_kind(type)) ||
			!copier.is_plain(record.type))
			continue;
		copier.copy(record.type);
		made.assumed.push_back(type_in_words(object, record.type));
	}
	return made;
}

} // namespace sockops::object
