// SPDX-License-Identifier: MIT
// An ELF file in memory, with each access checked.
#pragma once

#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <elf.h>

#include <sockops/kern/types.hpp>

namespace sockops::object {

class elf_view {
  public:
	explicit elf_view(std::span<const std::byte> file) noexcept : file_(file) {}

	/// A T at an offset; nullopt beyond the end.
	template <class T>
	std::optional<T> at(u64 offset) const noexcept {
		if (offset > file_.size() || sizeof(T) > file_.size() - offset)
			return std::nullopt;
		T copy;
		std::memcpy(&copy, file_.data() + offset, sizeof copy);
		return copy;
	}
	std::optional<Elf64_Ehdr> header() const noexcept { return at<Elf64_Ehdr>(0); }
	/// How many sections there are; 0 without a header.
	u32 section_count() const noexcept {
		const auto head = header();
		return head ? head->e_shnum : 0;
	}
	std::optional<Elf64_Shdr> section(u32 index) const noexcept {
		const auto head = header();
		if (!head || index >= head->e_shnum || head->e_shoff > file_.size())
			return std::nullopt;
		return at<Elf64_Shdr>(head->e_shoff + u64{index} * sizeof(Elf64_Shdr));
	}
	/// Its bytes; empty if it has none, or not all of them.
	std::span<const std::byte> bytes(const Elf64_Shdr& of) const noexcept {
		if (of.sh_type == SHT_NOBITS || of.sh_offset > file_.size() ||
			of.sh_size > file_.size() - of.sh_offset)
			return {};
		return file_.subspan(of.sh_offset, of.sh_size);
	}
	/// A string of a string table, which ends within it; else "".
	std::string_view string(u32 table, u64 offset) const noexcept {
		const auto header = section(table);
		const auto all = header ? bytes(*header) : std::span<const std::byte>();
		if (offset >= all.size())
			return {};
		const auto* const first = reinterpret_cast<const char*>(all.data()) + offset;
		const std::size_t length = ::strnlen(first, all.size() - offset);
		return length == all.size() - offset ? std::string_view() : std::string_view(first, length);
	}
	std::string_view name_of(const Elf64_Shdr& of) const noexcept {
		const auto head = header();
		return head ? string(head->e_shstrndx, of.sh_name) : std::string_view();
	}
	/// The index of the section of that name; 0: there is none.
	u32 find(std::string_view name) const noexcept {
		for (u32 i = 1; i < section_count(); ++i)
			if (const auto each = section(i); each && name_of(*each) == name)
				return i;
		return 0;
	}

  private:
	std::span<const std::byte> file_;
};

} // namespace sockops::object
