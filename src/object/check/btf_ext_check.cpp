// SPDX-License-Identifier: MIT
// .BTF.ext: tables of functions, source lines and CO-RE relocations. Each record begins with the offset of an
// instruction.
#include "btf_ext_check.hpp"

#include <algorithm>
#include <map>

#include <linux/btf.h>

#include "btf_ext_view.hpp"

namespace sockops::object {
namespace {

constexpr u32 insn_bytes = 8;

constexpr const char* table_names[] = {"functions", "source lines", "CO-RE relocations"};
constexpr u32 least_record[] = {8, 16, 16}; ///< bytes
constexpr u32 path_at = offsetof(btf_ext::relocation_record, access_str_off);

/// libbpf 1.1 takes a minus in it too, and then reads before the members.
bool is_path(std::string_view path) noexcept {
	u32 digits = 0;
	for (const char c : path) {
		const bool digit = c >= '0' && c <= '9';
		if (digit ? ++digits > 9 : c != ':' || digits == 0)
			return false;
		if (!digit)
			digits = 0;
	}
	return digits != 0;
}

class checker {
  public:
	checker(const elf_view& file, std::span<const std::byte> data) : file_(file), data_(data) {
		for (u32 i = 1; i < file.section_count(); ++i)
			sections_.emplace(file.name_of(*file.section(i)), i); // the first of a name
		const auto types = file.bytes(*file.section(section_of(".BTF")));
		const auto head = *elf_view(types).at<::btf_header>(0);
		strings_ = types.subspan(head.hdr_len + head.str_off, head.str_len);
	}

	std::string check() {
		constexpr u32 without_relocations = sizeof(btf_ext_header) - sizeof(btf_ext_header::tables[0]);
		btf_ext_header head{};
		std::memcpy(&head, data_.data(), std::min(data_.size(), sizeof head));
		if (data_.size() < without_relocations || head.magic != BTF_MAGIC || head.version != BTF_VERSION ||
			head.hdr_len < without_relocations || head.hdr_len > data_.size())
			return "no header of version 1 and this byte order";
		const u32 tables = head.hdr_len >= sizeof head ? 3 : 2;
		const auto rest = data_.subspan(head.hdr_len);
		for (u32 i = 0; i != tables; ++i) {
			const auto& table = head.tables[i];
			if (table.offset > rest.size() || table.length > rest.size() - table.offset || table.offset % 4)
				return std::string(table_names[i]) + ": cut off";
			if (const char* const wrong =
					check_table(elf_view(rest.subspan(table.offset, table.length)), table.length, i))
				return std::string(table_names[i]) + ": " + wrong;
		}
		return {};
	}

  private:
	const char* check_table(const elf_view& table, u32 length, u32 which) {
		if (length == 0)
			return nullptr;
		const auto record_size = table.at<u32>(0);
		if (!record_size || *record_size < least_record[which] || *record_size % 4)
			return "records of no known size";
		for (u64 at = sizeof(u32); at != length;) {
			const auto section = table.at<btf_ext::section_head>(at);
			at += sizeof(btf_ext::section_head);
			if (!section || section->records == 0 || u64{section->records} * *record_size > length - at)
				return "cut off";
			if (const char* const wrong = check_records(table, at, *section, *record_size, which))
				return wrong;
			at += u64{section->records} * *record_size;
		}
		return nullptr;
	}

	const char* check_records(const elf_view& table, u64 at, const btf_ext::section_head& section,
							  u32 record_size, u32 which) {
		const auto code = file_.section(section_of(string(section.name)));
		if (!code || code->sh_type != SHT_PROGBITS)
			return "of a section that is not there";
		for (u32 i = 0; i != section.records; ++i) {
			const u64 record = at + u64{i} * record_size;
			const u32 offset = *table.at<u32>(record);
			if (offset % insn_bytes || offset >= code->sh_size)
				return "of an instruction that is not there";
			if (which == btf_ext::relocations && !is_path(string(*table.at<u32>(record + path_at))))
				return "with a path that is not numbers and colons";
		}
		return nullptr;
	}

	/// Of BTF's strings, which have been checked.
	std::string_view string(u32 offset) const noexcept {
		return offset < strings_.size() ? reinterpret_cast<const char*>(strings_.data()) + offset : "";
	}
	/// 0: there is none.
	u32 section_of(std::string_view name) const noexcept {
		const auto found = sections_.find(name);
		return found == sections_.end() ? 0 : found->second;
	}

	const elf_view& file_;
	std::span<const std::byte> data_, strings_;
	std::map<std::string_view, u32> sections_;
};

} // namespace

std::string check_btf_ext(const elf_view& file, std::span<const std::byte> data) {
	return checker(file, data).check();
}

} // namespace sockops::object
