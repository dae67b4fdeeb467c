// SPDX-License-Identifier: MIT
// What BPF_PROG_LOAD is given beside the instructions: records about them.
#pragma once

#include <cstring>
#include <vector>

#include <sockops/vm/prog_load.hpp>

#include "../btf/btf_types.hpp"
#include "libbpf.hpp"

namespace sockops::object {

/// Calls each(record) for `count` records that are `step` bytes apart.
template <class Record, class Each>
void for_records(u64 first, u32 count, u32 step, Each each) {
	if (step < sizeof(Record))
		return;
	for (u32 i = 0; i != count; ++i) {
		Record record;
		std::memcpy(&record, reinterpret_cast<const std::byte*>(first) + std::size_t{i} * step,
					sizeof record);
		each(record);
	}
}

/// Where the instructions come from.
[[nodiscard]] inline std::vector<bpf_source_line> lines_of(const ::bpf_attr& attr, const ::btf& types) {
	std::vector<bpf_source_line> all;
	for_records<::bpf_line_info>(
		attr.line_info, attr.line_info_cnt, attr.line_info_rec_size, [&](auto& record) {
			const char* const text = name_at(types, record.line_off);
			all.push_back({record.insn_off, name_at(types, record.file_name_off),
						   text + std::strspn(text, " \t"), record.line_col >> 10, record.line_col & 0x3ff});
		});
	return all;
}

} // namespace sockops::object
