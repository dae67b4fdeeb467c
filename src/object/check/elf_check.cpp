// SPDX-License-Identifier: MIT
// Header, sections, symbols and relocations of an ELF file: do they lie within it, and name what is there.
#include "elf_check.hpp"

#include <algorithm>
#include <cstdio>

#include "elf_view.hpp"

namespace sockops::object {
namespace {

constexpr u16 machine_bpf = 247; ///< EM_BPF
constexpr u32 most_sections = SHN_LORESERVE - 1;

std::string number(u64 value) { return std::to_string(value); }

std::string check_header(const elf_view& file, std::span<const std::byte> bytes) {
	if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0)
		return "no ELF file (it does not begin with 7f 'ELF')";
	if (bytes.size() > EI_CLASS && std::to_integer<int>(bytes[EI_CLASS]) == ELFCLASS32)
		return "a 32-bit ELF file: BPF objects are 64-bit (clang -target bpf)";
	const auto head = file.header();
	if (!head)
		return "cut off: " + number(bytes.size()) + " bytes are less than an ELF header";
	if (head->e_ident[EI_CLASS] != ELFCLASS64)
		return "an ELF file of no known class (" + number(head->e_ident[EI_CLASS]) + ")";
	if (head->e_ident[EI_DATA] != ELFDATA2LSB)
		return "a big-endian ELF file: compile with clang -target bpfel";
	if (head->e_machine != machine_bpf)
		return "an ELF file for machine " + number(head->e_machine) +
			   ", not for BPF (247): compile with clang -target bpf";
	if (head->e_type != ET_REL)
		return "an ELF file of type " + number(head->e_type) + ", not a relocatable one (1)";
	if (head->e_shnum == 0 || head->e_shentsize != sizeof(Elf64_Shdr))
		return "no section headers of " + number(sizeof(Elf64_Shdr)) + " bytes";
	if (head->e_shnum > most_sections)
		return number(head->e_shnum) + " sections; allowed are " + number(most_sections);
	if (head->e_shoff > bytes.size() ||
		u64{head->e_shnum} * sizeof(Elf64_Shdr) > bytes.size() - head->e_shoff)
		return "cut off: " + number(head->e_shnum) + " section headers at " + number(head->e_shoff) +
			   " lie beyond its " + number(bytes.size()) + " bytes";
	const auto names = file.section(head->e_shstrndx);
	if (!names || names->sh_type != SHT_STRTAB)
		return "section " + number(head->e_shstrndx) +
			   ", which should have the sections' names, is no string table";
	return {};
}

/// "section '.text'", by its number if it has no name.
std::string in_words(const elf_view& file, u32 index) {
	const auto section = file.section(index);
	const std::string_view name = section ? file.name_of(*section) : std::string_view();
	return name.empty() ? "section " + number(index) : "section '" + std::string(name) + "'";
}

/// What each entry of a table takes; 0: the section is no table.
u64 entry_size(u32 type) noexcept {
	return type == SHT_SYMTAB ? sizeof(Elf64_Sym) : type == SHT_REL ? sizeof(Elf64_Rel) : 0;
}

std::string check_place(const elf_view& file, const Elf64_Shdr& section, u64 file_size) {
	if (section.sh_type != SHT_NOBITS && section.sh_type != SHT_NULL &&
		(section.sh_offset > file_size || section.sh_size > file_size - section.sh_offset))
		return "cut off: its " + number(section.sh_size) + " bytes at " + number(section.sh_offset) +
			   " lie beyond the file's " + number(file_size);
	constexpr u64 most = u64{1} << 30; // so that it can be added to without thinking
	if (section.sh_size > most)
		return number(section.sh_size) + " bytes; allowed are " + number(most);
	if (section.sh_addralign > 4096 || (section.sh_addralign & (section.sh_addralign - 1)) != 0)
		return "an alignment of " + number(section.sh_addralign) + ", which is no power of two up to 4096";
	if (section.sh_type == SHT_STRTAB) {
		const auto bytes = file.bytes(section);
		if (bytes.empty() || bytes.back() != std::byte{0})
			return "a string table that does not end with a NUL";
	}
	if (section.sh_flags & SHF_COMPRESSED)
		return "compressed, which BPF objects are not";
	return {};
}

std::string check_table(const elf_view& file, const Elf64_Shdr& section) {
	const u64 size = entry_size(section.sh_type);
	if (section.sh_type == SHT_RELA)
		return "relocations with addends, which BPF objects have not";
	if (size == 0)
		return {};
	if (section.sh_entsize != size || section.sh_size % size != 0)
		return "entries of " + number(section.sh_entsize) + " bytes in " + number(section.sh_size) +
			   "; they have " + number(size);
	const auto linked = file.section(section.sh_link);
	if (!linked || linked->sh_type != (section.sh_type == SHT_SYMTAB ? SHT_STRTAB : SHT_SYMTAB))
		return "its link leads to section " + number(section.sh_link) + ", which is of another type";
	return {};
}

std::string check_symbol(const elf_view& file, const Elf64_Shdr& table, const Elf64_Sym& symbol, u64 index) {
	const std::string which = "symbol " + number(index);
	const auto names = file.section(table.sh_link);
	if (symbol.st_name >= names->sh_size)
		return which + ": its name is not in the string table";
	if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
		return {};
	const auto section = file.section(symbol.st_shndx);
	if (!section)
		return which + ": section " + number(symbol.st_shndx) + " is not there";
	if (symbol.st_value > section->sh_size || symbol.st_size > section->sh_size - symbol.st_value)
		return which + " ('" + std::string(file.string(table.sh_link, symbol.st_name)) +
			   "'): " + number(symbol.st_size) + " bytes at " + number(symbol.st_value) + " lie beyond " +
			   in_words(file, symbol.st_shndx);
	return {};
}

std::string check_relocation(const elf_view& file, const Elf64_Shdr& table, const Elf64_Rel& relocation,
							 u64 index) {
	const std::string which = "relocation " + number(index);
	const auto target = file.section(table.sh_info);
	const auto symbols = file.section(table.sh_link);
	if (!target || target->sh_type != SHT_PROGBITS)
		return "it relocates section " + number(table.sh_info) + ", which is none with contents";
	if (relocation.r_offset > target->sh_size || target->sh_size - relocation.r_offset < sizeof(u32))
		return which + ": offset " + number(relocation.r_offset) + " lies beyond " +
			   in_words(file, table.sh_info);
	if (ELF64_R_SYM(relocation.r_info) >= symbols->sh_size / sizeof(Elf64_Sym))
		return which + ": symbol " + number(ELF64_R_SYM(relocation.r_info)) + " is not there";
	return {};
}

/// Each entry of a table of symbols or relocations.
template <class Entry, class Check>
std::string check_entries(const elf_view& file, const Elf64_Shdr& table, Check check) {
	for (u64 i = 0; i != table.sh_size / sizeof(Entry); ++i)
		if (std::string wrong = check(file, table, *file.at<Entry>(table.sh_offset + i * sizeof(Entry)), i);
			!wrong.empty())
			return wrong;
	return {};
}

std::string check_contents(const elf_view& file, const Elf64_Shdr& section) {
	if (section.sh_type == SHT_SYMTAB)
		return check_entries<Elf64_Sym>(file, section, check_symbol);
	if (section.sh_type == SHT_REL)
		return check_entries<Elf64_Rel>(file, section, check_relocation);
	if (section.sh_type == SHT_PROGBITS && (section.sh_flags & SHF_EXECINSTR) && section.sh_size % 8 != 0)
		return number(section.sh_size) + " bytes are no whole instructions of 8";
	return {};
}

/// Of the sections that are found by their names: is there one at most, and has it contents.
std::string check_named(const elf_view& file, std::string_view name) {
	const u32 first = file.find(name);
	for (u32 i = first; first != 0 && i != file.section_count(); ++i) {
		const Elf64_Shdr section = *file.section(i);
		if (file.name_of(section) != name)
			continue;
		if (i != first)
			return "there are two of them";
		if (section.sh_type != SHT_PROGBITS)
			return "of type " + number(section.sh_type) + ", not one with contents (1)";
	}
	return {};
}

/// Each byte is looked at once, if no two sections have it.
std::string check_overlap(const elf_view& file, u64 file_size) {
	u64 sum = 0;
	for (u32 i = 1; i != file.section_count(); ++i)
		sum += file.bytes(*file.section(i)).size();
	return sum <= file_size ? ""
							: "its sections overlap: together they have " + number(sum) +
								  " bytes, and the file " + number(file_size);
}

std::string check_types(const elf_view& file) {
	const u32 types = file.find(".BTF");
	if (types == 0)
		return {};
	const std::string wrong = check_btf(file.bytes(*file.section(types)));
	return wrong.empty() ? "" : "section '.BTF': " + wrong;
}

using section_check = std::string (*)(const elf_view&, const Elf64_Shdr&);

std::string check_sections(const elf_view& file, section_check check) {
	for (u32 i = 1; i != file.section_count(); ++i)
		if (std::string wrong = check(file, *file.section(i)); !wrong.empty())
			return in_words(file, i) + ": " + wrong;
	return {};
}

} // namespace

std::string check_elf(std::span<const std::byte> bytes) {
	const elf_view file(bytes);
	if (std::string wrong = check_header(file, bytes); !wrong.empty())
		return wrong;
	for (u32 i = 1; i != file.section_count(); ++i)
		if (std::string wrong = check_place(file, *file.section(i), bytes.size()); !wrong.empty())
			return in_words(file, i) + ": " + wrong;
	// In this order: the contents of a table may be read once all tables have been looked at.
	if (std::string wrong = check_sections(file, check_table); !wrong.empty())
		return wrong;
	for (const std::string_view name : {".BTF", ".BTF.ext"})
		if (std::string wrong = check_named(file, name); !wrong.empty())
			return "section '" + std::string(name) + "': " + wrong;
	if (std::string wrong = check_overlap(file, bytes.size()); !wrong.empty())
		return wrong;
	if (std::string wrong = check_sections(file, check_contents); !wrong.empty())
		return wrong;
	return check_types(file);
}

} // namespace sockops::object
