// SPDX-License-Identifier: MIT
#include "attribute_check.hpp"

#include <algorithm>
#include <cctype>

#include "value_words.hpp"

namespace sockops::detail {

attribute_check& attribute_check::refuse_if(bool wrong, int with, const char* what, u64 value,
											const char* remedy) {
	if (!wrong || error_ != 0)
		return *this;
	error_ = -with;
	if (words_)
		*words_ = std::string(bpf_map_type_name(attr_.map_type))
					  .append(": ")
					  .append(what)
					  .append(" is ")
					  .append(std::to_string(value))
					  .append("; ")
					  .append(remedy);
	return *this;
}

attribute_check& attribute_check::has_entries() {
	return refuse_if(attr_.max_entries == 0, EINVAL, "max_entries", 0, "make it at least 1");
}
attribute_check& attribute_check::has_key() {
	return refuse_if(attr_.key_size == 0, EINVAL, "key_size", 0, "make it at least 1");
}
attribute_check& attribute_check::has_value() {
	return refuse_if(attr_.value_size == 0, EINVAL, "value_size", 0, "make it at least 1");
}
attribute_check& attribute_check::key_is_index() {
	return refuse_if(attr_.key_size != sizeof(u32), EINVAL, "key_size", attr_.key_size,
					 "make it 4, an index");
}
attribute_check& attribute_check::has_no_key() {
	return refuse_if(attr_.key_size != 0, EINVAL, "key_size", attr_.key_size,
					 "this type has no keys: make it 0");
}
attribute_check& attribute_check::value_is(u32 size, const char* remedy) {
	return refuse_if(attr_.value_size != size, EINVAL, "value_size", attr_.value_size, remedy);
}
attribute_check& attribute_check::percpu_value_fits() {
	constexpr u32 most = 32'768; // PCPU_MIN_UNIT_SIZE
	return refuse_if(padded(attr_.value_size) > most, E2BIG, "value_size", attr_.value_size,
					 "a value of one CPU has at most 32768 bytes");
}
attribute_check& attribute_check::flags_among(u32 known) {
	return refuse_if(attr_.map_flags & ~known, EINVAL, "map_flags has unknown bits", attr_.map_flags & ~known,
					 "leave them out: this type does not take them")
		.refuse_if((attr_.map_flags & prog_one_way) == prog_one_way, EINVAL, "map_flags", attr_.map_flags,
				   "programs may be kept from reading or from writing, not from both");
}

attribute_check& attribute_check::common() {
	return refuse_if(attr_.map_extra != 0, EINVAL, "map_extra", attr_.map_extra, "make it 0")
		.refuse_if((attr_.map_flags & one_way) == one_way, EINVAL, "map_flags", attr_.map_flags,
				   "BPF_F_RDONLY and BPF_F_WRONLY exclude each other");
}

attribute_check& attribute_check::name() {
	const std::string& given = attr_.map_name;
	const auto strange = [](unsigned char c) { return !std::isalnum(c) && c != '_' && c != '.'; };
	return refuse_if(std::any_of(given.begin(), given.end(), strange), EINVAL, "the length of map_name",
					 given.size(), "a name has letters, digits, '_' and '.' alone");
}

attribute_check& attribute_check::spin_lock(bool type_takes_one) {
	const auto at = static_cast<u32>(attr_.spin_lock_off);
	if (attr_.spin_lock_off < 0)
		return *this;
	return refuse_if(attr_.map_flags & prog_one_way, EACCES, "map_flags", attr_.map_flags,
					 "programs must read and write values with a struct bpf_spin_lock")
		.refuse_if(!type_takes_one, EOPNOTSUPP, "spin_lock_off", at,
				   "a struct bpf_spin_lock stands in values of a HASH or ARRAY")
		.refuse_if(at % sizeof(u32) != 0 || u64{at} + sizeof(u32) > attr_.value_size, EINVAL, "spin_lock_off",
				   at, "the lock's 4 bytes are aligned and inside the value");
}

} // namespace sockops::detail
