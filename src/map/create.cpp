// SPDX-License-Identifier: MIT
// bpf_map_create(): a map of the type that the attributes name; and what can be asked of a type.
#include "map_type.hpp"

namespace sockops {

namespace {

int create(const bpf_map_attr& attr, bpf_map_ptr& made, std::string* words) {
	detail::attribute_check check(attr, words);
	const detail::map_type* const type = detail::row_of_map_type(attr.map_type).type;
	check.common().refuse_if(!type, EINVAL, "map_type", attr.map_type, "the library has no such type");
	if (check.error() == 0)
		type->check(check);
	if (check.error() != 0)
		return check.error();
	bpf_map_ptr map = bpf_map_ptr::adopt(type->make(attr));
	check
		.refuse_if(!map, ENOMEM, "max_entries", attr.max_entries,
				   "there is no memory for so many of this size: make them fewer or smaller")
		.name()
		.spin_lock(type->takes_lock);
	if (check.error() == 0)
		made = std::move(map);
	return check.error();
}

} // namespace

int bpf_map_create(const bpf_map_attr& attr, bpf_map_ptr& made, std::string& why) {
	return create(attr, made, &why);
}
int bpf_map_create(const bpf_map_attr& attr, bpf_map_ptr& made) noexcept {
	return create(attr, made, nullptr);
}

const char* bpf_map_type_name(u32 type) noexcept {
	return type != 0 && type < std::size(detail::map_types) ? detail::map_types[type].name : "UNKNOWN";
}
kernel_release bpf_map_type_since(u32 type) noexcept { return detail::row_of_map_type(type).since; }
bool bpf_map_type_is_modelled(u32 type) noexcept { return detail::row_of_map_type(type).type != nullptr; }
map_holds bpf_map_type_holds(u32 type) noexcept { return detail::row_of_map_type(type).holds; }

} // namespace sockops
