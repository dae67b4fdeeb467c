// SPDX-License-Identifier: MIT
// Each instruction is looked at once, however many symbols cover it and however many calls lead to it: what
// is reached is passed over as one (a union-find, by halving of paths).
#include "reached_code.hpp"

#include <algorithm>
#include <numeric>

#include <sockops/vm/insn.hpp>

#include "elf_writer.hpp"

namespace sockops::object {
namespace {

constexpr u64 insn_bytes = 8;

bool is_code(const Elf64_Shdr& section) noexcept {
	return section.sh_type == SHT_PROGBITS && (section.sh_flags & SHF_EXECINSTR);
}

auto place(const elf_function& of) noexcept { return std::pair(of.section, of.begin); }

} // namespace

std::vector<elf_function> functions_of(const elf_view& file) {
	std::vector<elf_function> all;
	for_symbols(file, [&](const placed_symbol& symbol) {
		const auto section = file.section(symbol.is.st_shndx);
		if (ELF64_ST_TYPE(symbol.is.st_info) == STT_FUNC && section && is_code(*section))
			all.push_back({symbol.is.st_shndx, symbol.is.st_value, symbol.is.st_value + symbol.is.st_size,
						   symbol.name});
	});
	std::ranges::stable_sort(all, {}, place);
	return all;
}

reached_code::reached_code(const elf_view& file) : file_(file), functions_(functions_of(file)) {
	code_.resize(file.section_count());
	for (u32 i = 1; i != file.section_count(); ++i)
		if (const Elf64_Shdr section = *file.section(i); is_code(section)) {
			code_[i].unreached.resize(section.sh_size / insn_bytes + 1);
			std::iota(code_[i].unreached.begin(), code_[i].unreached.end(), 0u);
		}
	for (u32 i = 1; i != file.section_count(); ++i)
		if (file.section(i)->sh_type == SHT_REL)
			read_relocations(i);
	for (code& each : code_)
		std::ranges::stable_sort(each.relocations, {}, &relocation::insn);
}

void reached_code::read_relocations(u32 table) {
	const Elf64_Shdr header = *file_.section(table);
	for (u64 at = 0; at != header.sh_size; at += sizeof(Elf64_Rel)) {
		const Elf64_Rel each = *file_.at<Elf64_Rel>(header.sh_offset + at);
		code_[header.sh_info].relocations.push_back(
			{each.r_offset / insn_bytes, static_cast<u32>(ELF64_R_SYM(each.r_info)), header.sh_link});
	}
}

const reached_code::relocation* reached_code::relocation_of(u32 section, u64 insn) const noexcept {
	const std::vector<relocation>& all = code_[section].relocations;
	const auto found = std::ranges::lower_bound(all, insn, {}, &relocation::insn);
	return found != all.end() && found->insn == insn ? &*found : nullptr;
}

/// The number of instructions, if all are reached from there on.
u32 reached_code::code::first_unreached(u32 from) noexcept {
	while (unreached[from] != from)
		from = unreached[from] = unreached[unreached[from]];
	return from;
}

void reached_code::add(const elf_function& function) {
	open_.push_back({function.section, function.begin / insn_bytes, function.end / insn_bytes});
	while (!open_.empty()) {
		const range next = open_.back();
		open_.pop_back();
		code& in = code_[next.section];
		const u64 end = std::min(next.end, in.size());
		for (u64 insn = next.begin;
			 insn < end && (insn = in.first_unreached(static_cast<u32>(insn))) < end;) {
			in.unreached[insn] = static_cast<u32>(insn + 1);
			in.is_any_reached = true;
			follow(next.section, insn);
		}
	}
}

/// The function with that instruction; where no symbol has it, what follows it in the section.
void reached_code::go_to(u32 section, s64 insn) {
	if (section >= code_.size() || insn < 0 || static_cast<u64>(insn) >= code_[section].size())
		return;
	const u64 at = static_cast<u64>(insn) * insn_bytes;
	auto after = std::ranges::upper_bound(functions_, std::pair(section, at), {}, place);
	const bool is_known = after != functions_.begin() && (--after)->section == section && at < after->end;
	if (is_known)
		open_.push_back({section, after->begin / insn_bytes, after->end / insn_bytes});
	else
		open_.push_back({section, static_cast<u64>(insn), code_[section].size()});
}

void reached_code::follow(u32 section, u64 insn) {
	const auto read = *file_.at<bpf_insn>(file_.section(section)->sh_offset + insn * insn_bytes);
	const bool is_call = read.code == (insn_class::jmp | jmp_op::call);
	const relocation* const named = relocation_of(section, insn);
	if (!named) {
		if (is_call ? read.src_reg == call_kind::subprogram
					: read.code == ld_imm64::code && read.src_reg == ld_imm64::func)
			go_to(section, static_cast<s64>(insn) + read.imm + 1);
		return;
	}
	symbols_.insert(named->symbol);
	const Elf64_Shdr table = *file_.section(named->symbols);
	const auto symbol = *file_.at<Elf64_Sym>(table.sh_offset + u64{named->symbol} * sizeof(Elf64_Sym));
	// A function's own symbol has no addend: of a call that is -1, and 0 of an address.
	const s64 addend = is_call ? s64{read.imm} + 1 : s64{read.imm} / static_cast<s64>(insn_bytes);
	if (symbol.st_shndx != SHN_UNDEF)
		go_to(symbol.st_shndx, static_cast<s64>(symbol.st_value / insn_bytes) + addend);
}

bool reached_code::has(u32 section, u64 offset) const noexcept {
	return code_[section].has(offset / insn_bytes);
}

bool reached_code::has_any_of(u32 section) const noexcept { return code_[section].is_any_reached; }

} // namespace sockops::object
