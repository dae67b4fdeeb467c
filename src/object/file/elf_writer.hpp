// SPDX-License-Identifier: MIT
// Changes to an ELF file in memory that has passed check_elf(). What grows gets a new place behind the end of
// the file; all else stays where it is, so that symbols and relocations stay good.
#pragma once

#include <vector>

#include "../check/elf_view.hpp"

namespace sockops::object {

class elf_writer {
  public:
	explicit elf_writer(std::vector<std::byte>& image) : image_(image) {}

	/// Good until the next change.
	elf_view view() const noexcept { return elf_view(image_); }

	/// Writes over what is at an offset, which lies within the file.
	template <class T>
	void put(u64 at, const T& value) {
		std::memcpy(image_.data() + at, &value, sizeof value);
	}
	/// Lets `change` alter the header of a section.
	template <class Change>
	void change_section(u32 index, Change change) {
		Elf64_Shdr header = *view().section(index);
		change(header);
		put(view().header()->e_shoff + u64{index} * sizeof header, header);
	}
	/// Puts bytes behind the end, and lets the section have them.
	void move_section(u32 index, std::span<const std::byte> bytes) {
		const u64 at = append(bytes);
		change_section(index, [&](Elf64_Shdr& header) {
			header.sh_offset = at;
			header.sh_size = bytes.size();
		});
	}
	/// Adds to the names of sections; its place there. All names are copied: a name of
	/// several sections is to be added once.
	u32 add_name(std::string_view name) {
		const u32 names = view().header()->e_shstrndx;
		const auto before = view().bytes(*view().section(names));
		std::vector<std::byte> grown(before.begin(), before.end());
		const auto at = static_cast<u32>(grown.size());
		for (const char c : name)
			grown.push_back(static_cast<std::byte>(c));
		grown.push_back(std::byte{0});
		move_section(names, grown);
		return at;
	}
	/// Gives a section a name that add_name() has added.
	void name_section(u32 index, u32 name) {
		change_section(index, [&](Elf64_Shdr& header) { header.sh_name = name; });
	}
	void rename_section(u32 index, std::string_view name) { name_section(index, add_name(name)); }
	/// A new section with contents; its index.
	u32 add_section(std::string_view name, std::span<const std::byte> bytes) {
		Elf64_Shdr header{};
		header.sh_name = add_name(name);
		header.sh_type = SHT_PROGBITS;
		header.sh_offset = append(bytes);
		header.sh_size = bytes.size();
		header.sh_addralign = 4;
		Elf64_Ehdr head = *view().header();
		std::vector<std::byte> table(std::size_t{head.e_shnum} * sizeof header);
		std::memcpy(table.data(), image_.data() + head.e_shoff, table.size());
		const auto* const added = reinterpret_cast<const std::byte*>(&header);
		table.insert(table.end(), added, added + sizeof header);
		head.e_shoff = append(table);
		++head.e_shnum;
		put(0, head);
		return head.e_shnum - 1u;
	}

  private:
	u64 append(std::span<const std::byte> bytes) {
		image_.resize((image_.size() + 7) & ~std::size_t{7});
		const u64 at = image_.size();
		image_.insert(image_.end(), bytes.begin(), bytes.end());
		return at;
	}

	std::vector<std::byte>& image_;
};

/// A symbol, and where it is.
struct placed_symbol {
	Elf64_Sym is;
	u64 at;    ///< offset in the file
	u32 index; ///< in its table
	std::string_view name;
	bool is_object() const noexcept { return ELF64_ST_TYPE(is.st_info) == STT_OBJECT; }
};

/// Calls visit(placed_symbol) for each symbol but the first of a table, which is none.
template <class Visit>
void for_symbols(const elf_view& file, Visit visit) {
	for (u32 i = 1; i != file.section_count(); ++i) {
		const Elf64_Shdr table = *file.section(i);
		const u64 count = table.sh_type == SHT_SYMTAB ? table.sh_size / sizeof(Elf64_Sym) : 0;
		for (u32 index = 1; index < count; ++index) {
			const u64 at = table.sh_offset + u64{index} * sizeof(Elf64_Sym);
			const Elf64_Sym is = *file.at<Elf64_Sym>(at);
			visit(placed_symbol{is, at, index, file.string(table.sh_link, is.st_name)});
		}
	}
}

} // namespace sockops::object
