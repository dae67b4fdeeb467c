// SPDX-License-Identifier: MIT
// Sizes are compared before a type of map is asked what it takes, as in the kernel.
#include "map_types.hpp"

#include <cerrno>

#include <sockops/kern/errno.hpp>

#include "../btf/btf_types.hpp"

namespace sockops::object {
namespace {

bool is_index(const ::btf& types, u32 id) noexcept {
	const ::btf_type* const type = type_at(types, without_modifiers(types, id));
	return type && ::btf_is_int(type) && type->size == sizeof(u32) && ::btf_int_offset(type) == 0;
}

bool is_section(const ::btf& types, u32 id) noexcept {
	const ::btf_type* const type = type_at(types, id);
	return type && ::btf_is_datasec(type);
}

int refuse(const bpf_map_attr& map, std::string& why, const std::string& what, int error = EINVAL) {
	why = std::string(bpf_map_type_name(map.map_type)) + ": " + what;
	return -error;
}

std::string sizes(const char* what, u32 of_type, u32 of_map) {
	return std::string("its ") + what + "'s type has " + std::to_string(of_type) + " bytes, and " + what +
		   "_size is " + std::to_string(of_map);
}

} // namespace

int check_map_types(const bpf_map& of, const ::btf* types, u32 key, u32 value, std::string& why) {
	const bpf_map_attr& map = of.attr;
	const map_btf rule = of.btf();
	if (rule == map_btf::both && (key == 0 || value == 0 || !types))
		return refuse(map, why,
					  "a map of sockets' storage has types for its key and its value: declare them with "
					  "__type(key, int) and __type(value, ...), and compile with -g");
	if (!types || (key == 0 && value == 0))
		return 0;
	if (value == 0)
		return refuse(map, why, "a type for its key, and none for its value");
	if ((key != 0 && !type_at(*types, key)) || !type_at(*types, value))
		return refuse(map, why, "types that its BTF has not");
	if (key != 0 && size_of_type(*types, key) != map.key_size)
		return refuse(map, why, sizes("key", size_of_type(*types, key), map.key_size));
	if (key == 0 && rule == map_btf::any)
		return refuse(map, why, "a type for its value, and none for its key");
	if (size_of_type(*types, value) != map.value_size)
		return refuse(map, why, sizes("value", size_of_type(*types, value), map.value_size));
	if (rule == map_btf::none)
		return refuse(map, why, "no types are taken for it", kern_errno::notsupp);
	const bool is_of_variables = key == 0 && map.max_entries == 1 && is_section(*types, value);
	if (rule != map_btf::any && !is_of_variables && !is_index(*types, key))
		return refuse(map, why, "the type of its key is no integer of 4 bytes");
	return 0;
}

} // namespace sockops::object
