// SPDX-License-Identifier: MIT
#include "shuffled_types.hpp"

#include <algorithm>
#include <random>

namespace sockops::object {
namespace {

/// A helper gets their address, or a map's value has one: their bytes are the kernel's affair.
constexpr std::string_view opaque[] = {
	"bpf_spin_lock",  "bpf_timer",     "bpf_wq",      "bpf_dynptr",   "bpf_iter_num", "bpf_list_head",
	"bpf_list_node",  "bpf_rb_root",   "bpf_rb_node", "bpf_refcount", "btf_ptr",      "bpf_perf_event_value",
	"bpf_pidns_info", "bpf_sock_tuple"};
/// Programs go over them by sizeof: members of one size change places, and no more.
constexpr std::string_view of_fixed_size[] = {"ethhdr",      "vlan_hdr",    "iphdr",   "ipv6hdr",
											  "tcphdr",      "udphdr",      "in_addr", "in6_addr",
											  "sockaddr_in", "sockaddr_in6"};
/// Programs use their enumerators as constants.
constexpr std::string_view of_fixed_values[] = {"bpf_map_type", "sk_action", "sock_type"};

template <std::size_t N>
bool is_among(const std::string_view (&names)[N], std::string_view name) noexcept {
	return std::ranges::find(names, name) != std::end(names);
}

struct member {
	const ::btf_member* of;
	u32 bit_offset, bit_size;
};

class shuffler {
  public:
	shuffler(const ::btf& from, ::btf* to, u64 seed) : from_(from), to_(to), random_(seed) {}

	void all() {
		for (u32 id = 1; id < libbpf::btf_type_cnt(&from_); ++id)
			add(*type_at(from_, id));
	}

  private:
	void add(const ::btf_type& type) {
		const char* const text = name_at(from_, type.name_off);
		const char* const name = *text ? text : nullptr;
		const int refers = static_cast<int>(type.type);
		switch (::btf_kind(&type)) {
		case BTF_KIND_INT:
			libbpf::btf_add_int(to_, name, type.size, ::btf_int_encoding(&type));
			break;
		case BTF_KIND_PTR:
			libbpf::btf_add_ptr(to_, refers);
			break;
		case BTF_KIND_ARRAY:
			libbpf::btf_add_array(to_, static_cast<int>(::btf_array(&type)->index_type),
								  static_cast<int>(::btf_array(&type)->type),
								  static_cast<s32>(::btf_array(&type)->nelems));
			break;
		case BTF_KIND_TYPEDEF:
			libbpf::btf_add_typedef(to_, name, refers);
			break;
		case BTF_KIND_FWD:
			libbpf::btf_add_fwd(to_, name, ::btf_kflag(&type) ? BTF_FWD_UNION : BTF_FWD_STRUCT);
			break;
		case BTF_KIND_ENUM:
			add_enumeration(type, name);
			break;
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			add_composite(type, name);
			break;
		case BTF_KIND_FUNC_PROTO:
			add_function_type(type);
			break;
		default:
			libbpf::btf_add_func(to_, name, BTF_FUNC_STATIC, refers);
		}
	}

	void add_function_type(const ::btf_type& type) {
		libbpf::btf_add_func_proto(to_, static_cast<int>(type.type));
		for (u32 i = 0; i != ::btf_vlen(&type); ++i)
			libbpf::btf_add_func_param(to_, name_at(from_, ::btf_params(&type)[i].name_off),
									   static_cast<int>(::btf_params(&type)[i].type));
	}

	void add_enumeration(const ::btf_type& type, const char* name) {
		const bool renumbers = name && !is_among(of_fixed_values, name);
		const u32 more = renumbers ? 1 + below(100) : 0;
		libbpf::btf_add_enum(to_, name, type.size);
		for (u32 i = 0; i != ::btf_vlen(&type); ++i) {
			const auto& each = ::btf_enum(&type)[i];
			const s64 value = ::btf_kflag(&type) ? s64{each.val} : s64{static_cast<u32>(each.val)};
			libbpf::btf_add_enum_value(to_, name_at(from_, each.name_off), value + s64{more} * (i + 1));
		}
	}

	void add_composite(const ::btf_type& type, const char* name) {
		std::vector<member> members;
		for (u32 i = 0; i != ::btf_vlen(&type); ++i)
			members.push_back({&::btf_members(&type)[i], ::btf_member_bit_offset(&type, i),
							   ::btf_member_bitfield_size(&type, i)});
		u32 size = type.size;
		// What has no name lies within one that has, and goes with it.
		if (name && is_among(of_fixed_size, name))
			swap_equal(members);
		else if (name && !is_among(opaque, name) && !::btf_is_union(&type))
			size = rearrange(members);
		const auto add_type = ::btf_is_union(&type) ? libbpf::btf_add_union : libbpf::btf_add_struct;
		add_type(to_, name, size);
		for (const member& each : members)
			libbpf::btf_add_field(to_, member_name(each), static_cast<int>(each.of->type), each.bit_offset,
								  each.bit_size);
	}

	const char* member_name(const member& of) const {
		const char* const name = name_at(from_, of.of->name_off);
		return *name ? name : nullptr;
	}

	/// Each takes the place of another of its size.
	void swap_equal(std::vector<member>& members) {
		for (member& each : members) {
			std::vector<member*> same;
			for (member& other : members)
				if (each.bit_size == 0 && other.bit_size == 0 && size_of(each) == size_of(other) &&
					align_of(each) == align_of(other))
					same.push_back(&other);
			if (!same.empty())
				std::swap(each.of, same[below(static_cast<u32>(same.size()))]->of);
		}
	}

	/// In any order, here and there with a gap; the size, bytes.
	u32 rearrange(std::vector<member>& members) {
		std::shuffle(members.begin(), members.end(), random_);
		u32 end = 0, align = 1;
		for (member& each : members) {
			const u32 unit = align_of(each);
			end += below(4) == 0 ? unit * (1 + below(3)) : 0;
			each.bit_offset = (end + unit - 1) / unit * unit * 8;
			end = each.bit_offset / 8 + size_of(each); // a bit field alone in its unit
			align = std::max(align, unit);
		}
		return (end + align - 1) / align * align;
	}

	u32 size_of(const member& of) const {
		return std::max<u32>(1, static_cast<u32>(libbpf::btf_resolve_size(to_, of.of->type)));
	}
	u32 align_of(const member& of) const {
		return std::max<u32>(1, static_cast<u32>(libbpf::btf_align_of(to_, of.of->type)));
	}
	u32 below(u32 limit) { return static_cast<u32>(random_() % limit); }

	const ::btf& from_;
	::btf* to_;
	std::mt19937_64 random_;
};

} // namespace

btf_ptr shuffled_types(const ::btf& types, u64 seed) {
	::btf* const made = libbpf::btf_new_empty();
	if (!made)
		return {};
	btf_ptr owned(made, libbpf::btf_free);
	shuffler(types, made, seed).all();
	return owned;
}

} // namespace sockops::object
