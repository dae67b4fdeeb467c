// SPDX-License-Identifier: MIT
// An ELF file for BPF, section by section, of shapes that no compiler makes.
#pragma once

#include <elf.h>

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/kern/types.hpp>
#include <sockops/vm/insn.hpp>

namespace sockops {

class made_file {
  public:
	using contents = std::vector<std::byte>;

	made_file() {
		sections_.emplace_back();
		symbols_.emplace_back();
	}
	template <class T>
	[[nodiscard]] static contents bytes_of(const std::vector<T>& all) {
		const auto bytes = std::as_bytes(std::span(all));
		return {bytes.begin(), bytes.end()};
	}
	/// Makes the names of sections longer.
	void pad_names(std::size_t bytes) { names_.append(bytes, '\0'); }
	/// Its index.
	u32 add(std::string_view name, u32 type, u64 flags, const contents& bytes) {
		Elf64_Shdr& header = sections_.emplace_back();
		header.sh_name = add_name(name);
		header.sh_type = type;
		header.sh_flags = flags;
		header.sh_offset = sizeof(Elf64_Ehdr) + contents_.size();
		header.sh_size = bytes.size();
		header.sh_addralign = 8;
		contents_.insert(contents_.end(), bytes.begin(), bytes.end());
		contents_.resize((contents_.size() + 7) & ~std::size_t{7});
		return static_cast<u32>(sections_.size() - 1);
	}
	void add_symbol(std::string_view name, u32 type, u32 section, u64 size) {
		symbols_.push_back({.st_name = add_name(name),
							.st_info = static_cast<unsigned char>(ELF64_ST_INFO(STB_GLOBAL, type)),
							.st_other = 0,
							.st_shndx = static_cast<Elf64_Half>(section),
							.st_value = 0,
							.st_size = size});
	}
	/// A program "program" of a section "sockops": its first `insns` instructions.
	void add_program(const std::vector<bpf_insn>& code, u64 insns) {
		add("license", SHT_PROGBITS, SHF_ALLOC, contents(4, std::byte{'M'}));
		const u32 section = add("sockops", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, bytes_of(code));
		add_symbol("program", STT_FUNC, section, insns * sizeof(bpf_insn));
	}
	Elf64_Shdr& section(u32 index) { return sections_[index]; }

	/// With the tables of symbols and names as its last sections.
	[[nodiscard]] contents finished() {
		const u32 symbols = add(".symtab", SHT_SYMTAB, 0, bytes_of(symbols_));
		const u32 own_name = add_name(".strtab"); // before its contents are taken
		const u32 names = add("", SHT_STRTAB, 0, bytes_of(std::vector(names_.begin(), names_.end())));
		sections_[names].sh_name = own_name;
		sections_[symbols].sh_link = names;
		sections_[symbols].sh_info = 1;
		sections_[symbols].sh_entsize = sizeof(Elf64_Sym);
		Elf64_Ehdr head{};
		std::memcpy(head.e_ident, ELFMAG, SELFMAG);
		head.e_ident[EI_CLASS] = ELFCLASS64;
		head.e_ident[EI_DATA] = ELFDATA2LSB;
		head.e_ident[EI_VERSION] = head.e_version = EV_CURRENT;
		head.e_type = ET_REL;
		head.e_machine = EM_BPF;
		head.e_ehsize = sizeof head;
		head.e_shentsize = sizeof(Elf64_Shdr);
		head.e_shoff = sizeof head + contents_.size();
		head.e_shnum = static_cast<Elf64_Half>(sections_.size());
		head.e_shstrndx = static_cast<Elf64_Half>(names);
		contents all = bytes_of(std::vector{head});
		all.insert(all.end(), contents_.begin(), contents_.end());
		const auto headers = std::as_bytes(std::span(sections_));
		all.insert(all.end(), headers.begin(), headers.end());
		return all;
	}

  private:
	u32 add_name(std::string_view name) {
		const auto at = static_cast<u32>(names_.size());
		names_.append(name).push_back('\0');
		return at;
	}

	std::string names_ = std::string(1, '\0');
	std::vector<Elf64_Shdr> sections_;
	std::vector<Elf64_Sym> symbols_;
	contents contents_;
};

} // namespace sockops
