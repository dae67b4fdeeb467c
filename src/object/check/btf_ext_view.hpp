// SPDX-License-Identifier: MIT
// The parts of .BTF.ext: a header, and up to three tables of records by section.
#pragma once

#include "elf_view.hpp"

namespace sockops::object {

struct btf_ext_header {
	u16 magic;
	u8 version, flags;
	u32 hdr_len;
	struct {
		u32 offset, length; ///< from the header's end
	} tables[3];
};
/// Indexes of the tables, and of what begins each record.
namespace btf_ext {
inline constexpr u32 functions = 0, lines = 1, relocations = 2;

struct section_head {
	u32 name, records;
};
struct function_record {
	u32 insn_off, type_id;
};
struct line_record {
	u32 insn_off, file, line, column; ///< file and line: strings; column: and the number of the line
};
struct relocation_record {
	u32 insn_off, type_id, access_str_off, kind;
};
} // namespace btf_ext

/// Calls each(section's name, an offset among the strings; record) for all of a table. `data`: empty, or has
/// passed check_btf_ext(); a table that is not there has none.
template <class Record, class Each>
void for_each_record(std::span<const std::byte> data, u32 table, Each each) {
	btf_ext_header head{};
	if (data.empty()) // there is no such section
		return;
	std::memcpy(&head, data.data(), std::min(data.size(), sizeof head));
	if (head.hdr_len < offsetof(btf_ext_header, tables) + (table + 1) * sizeof head.tables[0])
		return;
	const elf_view in(data.subspan(head.hdr_len + head.tables[table].offset, head.tables[table].length));
	const u32 step = in.at<u32>(0).value_or(0);
	u64 at = sizeof(u32);
	for (auto section = in.at<btf_ext::section_head>(at); section && step >= sizeof(Record);
		 section = in.at<btf_ext::section_head>(at)) {
		at += sizeof *section;
		for (u32 i = 0; i != section->records; ++i, at += step)
			if (const auto record = in.at<Record>(at))
				each(section->name, *record);
			else
				return;
	}
}

} // namespace sockops::object
