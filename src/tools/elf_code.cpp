// SPDX-License-Identifier: MIT
#include "elf_code.hpp"

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include <gelf.h>
#include <libelf.h>

namespace sockops::tools {

namespace {

constexpr u32 relocation_of_call = 10; // R_BPF_64_32
constexpr u16 machine_bpf = 247;

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error("ELF object: " + why); }
[[noreturn]] void refuse_by_libelf() { refuse(elf_errmsg(-1)); }

using elf_handle = std::unique_ptr<Elf, decltype(&elf_end)>;

struct section {
	std::size_t index = 0;
	GElf_Shdr header{};
	Elf_Data* data = nullptr;
};

/// The first section after `after` for which `wanted` holds; index 0 if there is none.
template <class Wanted>
section find_section(Elf* elf, std::size_t after, Wanted wanted) {
	section found;
	Elf_Scn* at = after ? elf_getscn(elf, after) : nullptr;
	while ((at = elf_nextscn(elf, at))) {
		if (!gelf_getshdr(at, &found.header))
			refuse_by_libelf();
		if (!wanted(found.header))
			continue;
		found.index = elf_ndxscn(at);
		found.data = elf_getdata(at, nullptr);
		return found.data ? found : (refuse_by_libelf(), found);
	}
	return {};
}

bool has_code(const GElf_Shdr& header) {
	return header.sh_type == SHT_PROGBITS && (header.sh_flags & SHF_EXECINSTR) && header.sh_size != 0;
}

std::vector<bpf_insn> instructions(const section& code) {
	const std::size_t size = code.data->d_size;
	if (size == 0 || size % sizeof(bpf_insn) != 0)
		refuse("its code has " + std::to_string(size) + " bytes, which are no instructions of 8");
	std::vector<bpf_insn> insns(size / sizeof(bpf_insn));
	std::memcpy(insns.data(), code.data->d_buf, size);
	return insns;
}

/// A call's imm counts from the symbol, and becomes a distance from the call.
void relocate(std::vector<bpf_insn>& insns, const GElf_Rel& relocation, const GElf_Sym& symbol,
			  const section& code) {
	const u64 at = relocation.r_offset / sizeof(bpf_insn);
	if (at >= insns.size())
		refuse("a relocation lies behind the code, at byte " + std::to_string(relocation.r_offset));
	if (GELF_R_TYPE(relocation.r_info) != relocation_of_call || symbol.st_shndx != code.index)
		refuse("instruction " + std::to_string(at) +
			   " refers to what is not in its section (a map, a variable, another section's function); load "
			   "such an object with bpf_object");
	const auto from_symbol = static_cast<s64>(symbol.st_value / sizeof(bpf_insn));
	insns[at].imm = static_cast<s32>(from_symbol + insns[at].imm - static_cast<s64>(at));
}

void relocate_all(Elf* elf, std::vector<bpf_insn>& insns, const section& code) {
	const auto for_code = [&](const GElf_Shdr& header) {
		return header.sh_type == SHT_REL && header.sh_info == code.index;
	};
	for (section each = find_section(elf, 0, for_code); each.index;
		 each = find_section(elf, each.index, for_code)) {
		Elf_Scn* const symbols = elf_getscn(elf, each.header.sh_link);
		Elf_Data* const symbol_data = symbols ? elf_getdata(symbols, nullptr) : nullptr;
		if (!symbol_data || each.header.sh_entsize == 0)
			refuse("its relocations have no symbol table");
		const auto count = static_cast<int>(each.header.sh_size / each.header.sh_entsize);
		for (int i = 0; i != count; ++i) {
			GElf_Rel relocation;
			GElf_Sym symbol;
			if (!gelf_getrel(each.data, i, &relocation) ||
				!gelf_getsym(symbol_data, static_cast<int>(GELF_R_SYM(relocation.r_info)), &symbol))
				refuse_by_libelf();
			relocate(insns, relocation, symbol, code);
		}
	}
}

} // namespace

std::vector<bpf_insn> code_of_elf(std::span<const std::byte> object) {
	if (elf_version(EV_CURRENT) == EV_NONE)
		refuse_by_libelf();
	std::vector<std::byte> copy(object.begin(), object.end()); // libelf takes what it may write to
	const elf_handle elf(elf_memory(reinterpret_cast<char*>(copy.data()), copy.size()), elf_end);
	GElf_Ehdr header;
	if (!elf || elf_kind(elf.get()) != ELF_K_ELF || !gelf_getehdr(elf.get(), &header))
		refuse("these bytes are none");
	if (header.e_machine != machine_bpf && header.e_machine != EM_NONE)
		refuse("its machine is " + std::to_string(header.e_machine) + ", not BPF (247)");
	const section code = find_section(elf.get(), 0, has_code);
	if (!code.index)
		refuse("no section has code");
	std::vector<bpf_insn> insns = instructions(code);
	relocate_all(elf.get(), insns, code);
	return insns;
}

} // namespace sockops::tools
