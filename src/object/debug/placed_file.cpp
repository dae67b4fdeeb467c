// SPDX-License-Identifier: MIT
#include "placed_file.hpp"

#include <cstring>

#include "../check/elf_view.hpp"

namespace sockops::object {

namespace {

/// Sections are this far apart: none is longer, and addresses of none are small.
constexpr u64 stride = u64{1} << 32;

/// How many bytes a relocation of data writes; 0: it is of code. Until LLVM 13 data had those of code.
u32 bytes_of(u32 type) {
	constexpr u32 r_64_64 = 1, r_64_abs64 = 2, r_64_abs32 = 3, r_64_nodyld32 = 4, r_64_32 = 10;
	switch (type) {
	case r_64_64:
	case r_64_abs64:
		return 8;
	case r_64_abs32:
	case r_64_nodyld32:
	case r_64_32:
		return 4;
	default:
		return 0;
	}
}

} // namespace

placed_file::placed_file(std::span<const std::byte> file) : image_(file.begin(), file.end()) {
	place_code();
	relocate_debug_sections();
}

void placed_file::place_code() {
	const elf_view file(image_);
	for (u32 i = 0; i != file.section_count(); ++i) {
		const auto header = file.section(i);
		const bool is_code = header && header->sh_type == SHT_PROGBITS && header->sh_flags & SHF_EXECINSTR &&
							 header->sh_size < stride && !file.bytes(*header).empty();
		sections_.push_back(is_code ? section{(i + u64{1}) * stride, header->sh_offset, header->sh_size}
									: section{});
	}
}

void placed_file::relocate_debug_sections() {
	const elf_view file(image_);
	for (u32 i = 1; i < file.section_count(); ++i) {
		const auto header = file.section(i);
		if (!header || header->sh_type != SHT_REL)
			continue;
		const auto target = file.section(header->sh_info);
		if (target && file.name_of(*target).starts_with(".debug_"))
			relocate(i);
	}
}

/// Of a section (the DWARF's own, too) the addresses begin with 0, unless it is code.
u64 placed_file::address_of(u32 symbol_table, u64 symbol) const {
	const elf_view file(image_);
	const auto table = file.section(symbol_table);
	if (!table || symbol >= table->sh_size / sizeof(Elf64_Sym))
		return 0;
	const auto is = file.at<Elf64_Sym>(table->sh_offset + symbol * sizeof(Elf64_Sym));
	if (!is)
		return 0;
	return is->st_value + (is->st_shndx < sections_.size() ? sections_[is->st_shndx].address : 0);
}

/// The number that stands there already is added.
void placed_file::relocate(u32 relocations) {
	const elf_view file(image_);
	const Elf64_Shdr header = *file.section(relocations);
	const Elf64_Shdr target = *file.section(header.sh_info);
	const std::size_t room = file.bytes(target).size();
	for (u64 at = 0; at + sizeof(Elf64_Rel) <= file.bytes(header).size(); at += sizeof(Elf64_Rel)) {
		const Elf64_Rel each = *file.at<Elf64_Rel>(header.sh_offset + at);
		const u32 size = bytes_of(static_cast<u32>(ELF64_R_TYPE(each.r_info)));
		if (size > room || each.r_offset > room - size)
			continue;
		std::byte* const place = image_.data() + target.sh_offset + each.r_offset;
		u64 value = 0;
		std::memcpy(&value, place, size);
		value += address_of(header.sh_link, ELF64_R_SYM(each.r_info));
		std::memcpy(place, &value, size);
	}
}

std::vector<bpf_insn> placed_file::code(u64 from, u64 to) const {
	for (const section& each : sections_) {
		const u64 begin = from - each.address;
		if (each.address == 0 || from < each.address || to < from || to - each.address > each.size)
			continue;
		std::vector<bpf_insn> insns((to - from) / sizeof(bpf_insn));
		if (!insns.empty())
			std::memcpy(insns.data(), image_.data() + each.offset + begin, insns.size() * sizeof(bpf_insn));
		return insns;
	}
	return {};
}

} // namespace sockops::object
