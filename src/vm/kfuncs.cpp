// SPDX-License-Identifier: MIT
#include "kfuncs.hpp"

#include <sockops/bpf/kfunc_table.hpp>

namespace sockops::vm {

helper_fn find_kfunc(std::string_view name) noexcept {
	for (auto group : {iterator_kfuncs, dynptr_kfuncs, string_kfuncs, section_kfuncs, pointer_kfuncs})
		for (const kfunc_row& row : group())
			if (row.name == name)
				return row.call;
	return nullptr;
}

std::string kfunc_refusal(std::string_view name) {
	const std::string call = "kfunc " + std::string(name) + "() ";
	if (const bpf_kfunc* const row = find_bpf_kfunc(name))
		return call + "is not here: " + std::string(row->why_not);
	return is_kfunc_of_others(name) ? call + "is not for SOCK_OPS programs"
									: call + "is not known: Linux 6.18 has none of that name";
}

bool is_number_iterator(helper_fn call) noexcept {
	for (const kfunc_row& row : iterator_kfuncs())
		if (row.call == call)
			return row.name.starts_with("bpf_iter_num_");
	return false;
}

} // namespace sockops::vm
