// SPDX-License-Identifier: MIT
#include "subject_age.hpp"

#include <algorithm>

#include <sockops/bpf/bpf_sock_ops_fields.hpp>
#include <sockops/bpf/helper_table.hpp>
#include <sockops/map/bpf_map.hpp>

namespace sockops::object {
namespace {

/// What stands behind the prefix; "" without it.
std::string_view behind(std::string_view prefix, std::string_view name) noexcept {
	return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

bool is_young_field(std::string_view member, kernel_release than) {
	const std::string_view name = member.substr(0, member.find_first_of(".["));
	return std::ranges::any_of(ctx_fields,
							   [&](const ctx_field& row) { return row.name == name && row.since > than; });
}

/// A helper has its number since it was made for programs of some type, and numbers were given one after the
/// other: it is there if one with the same number or a higher one may be called.
bool is_young_helper(const bpf_helper& which, kernel_release than) {
	return std::ranges::none_of(bpf_helpers, [&](const bpf_helper& row) {
		return row.id >= which.id && row.since != 0 && row.since <= than;
	});
}

template <class Table>
bool is_young_row(const Table& table, std::string_view name, kernel_release than) {
	return std::ranges::any_of(table, [&](const auto& row) { return row.name == name && row.since > than; });
}

bool is_young_map(std::string_view type, kernel_release than) {
	for (u32 each = 1; bpf_map_type_since(each) != 0; ++each)
		if (type == bpf_map_type_name(each))
			return bpf_map_type_since(each) > than;
	return false;
}

bool is_young_value(std::string_view name, kernel_release than) {
	if (const bpf_helper* const row = find_helper("bpf_" + std::string(behind("BPF_FUNC_", name))))
		return is_young_helper(*row, than);
	const std::string_view op = behind("BPF_SOCK_OPS_", name);
	return is_young_row(op_table, op, than) || is_young_row(cb_flag_table, op, than) ||
		   is_young_map(behind("BPF_MAP_TYPE_", name), than);
}

} // namespace

bool is_younger(const core_subject& about, kernel_release than) {
	if (about.is_value)
		return is_young_value(about.member, than);
	return about.type == "struct bpf_sock_ops" && is_young_field(about.member, than);
}

} // namespace sockops::object
