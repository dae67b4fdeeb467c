// SPDX-License-Identifier: MIT
// How each thing is taken out:
//
//   a section of programs    is no longer one of code: libbpf passes over it and its relocations
//   a function               has no relocations any more (of .text, or beside a program that is loaded)
//   struct_ops               the section is a note, and its DATASEC has a size, so that nobody looks for it
//   a PROG_ARRAY's program   its relocation goes
//   an extern                is weak: libbpf makes nothing of one that it cannot find
#include "left_out.hpp"

#include <algorithm>
#include <cerrno>

#include "../object_failure.hpp"
#include "prog_section.hpp"
#include "reached_code.hpp"

namespace sockops::object {
namespace {

std::string name_of(const elf_view& file, u32 section) {
	return std::string(file.name_of(*file.section(section)));
}

bool is_struct_ops(std::string_view section) noexcept { return section.starts_with(".struct_ops"); }

class leaving_out {
  public:
	leaving_out(elf_writer& file, const std::vector<std::string>& chosen, std::vector<object_notice>& notices)
		: file_(file), image_(file.view()), chosen_(chosen), notices_(notices), reached_(image_) {}

	file_programs find_programs(const std::string& name) {
		file_programs found;
		for (const elf_function& each : functions_of(image_)) {
			const std::string section = name_of(image_, each.section);
			if (section != ".text")
				look_at(each, section, found);
		}
		for (const std::string& each : chosen_)
			if (std::ranges::find(found.loaded, each) == found.loaded.end())
				fail_object(ENOENT, name + ": no sock_ops program '" + each + "' to load: it has " +
										(found.others.empty() ? "none" : found.others));
		return found;
	}

	void take_out(file_programs& programs) {
		for (u32 i = 1; i != image_.section_count(); ++i) {
			const Elf64_Shdr section = *image_.section(i);
			if (section.sh_type == SHT_REL)
				keep_relocations(i, section);
			else if (is_struct_ops(image_.name_of(section)))
				take_out_struct_ops(i);
			else if ((section.sh_flags & SHF_EXECINSTR) && image_.name_of(section) != ".text" &&
					 !reached_.has_any_of(i))
				file_.change_section(i, [](Elf64_Shdr& header) { header.sh_flags &= ~u64{SHF_EXECINSTR}; });
		}
		weaken_externs(programs.weak);
	}

  private:
	bool is_chosen(const elf_function& program) const {
		return chosen_.empty() || std::ranges::find(chosen_, program.name) != chosen_.end() ||
			   is_in_prog_array(program);
	}

	bool is_in_prog_array(const elf_function& program) const {
		bool found = false;
		for_relocations(image_.find(".rel.maps"), [&](const Elf64_Rel&, const Elf64_Sym& symbol) {
			found |= is_symbol_of(symbol, program);
			return true;
		});
		return found;
	}

	static bool is_symbol_of(const Elf64_Sym& symbol, const elf_function& function) noexcept {
		return symbol.st_shndx == function.section && symbol.st_value == function.begin &&
			   ELF64_ST_TYPE(symbol.st_info) == STT_FUNC;
	}

	void look_at(const elf_function& program, const std::string& section, file_programs& found) {
		const prog_section says = prog_section_of(section);
		const std::string which = std::string(program.name) + " in section '" + section + "'";
		if (says.is_sock_ops && !says.is_optional && is_chosen(program)) {
			found.loaded.emplace_back(program.name);
			reached_.add(program);
			if (const std::string only_here = section_notice(section); !only_here.empty())
				notices_.emplace_back(which + " is loaded: " + only_here, notice_kind::older_section,
									  std::string(program.name), section);
			return;
		}
		(found.others += found.others.empty() ? "" : ", ") += which;
		const auto note = [&](notice_kind kind, const std::string& what, const std::string& detail = {}) {
			notices_.emplace_back(which + what, kind, std::string(program.name), detail);
		};
		if (says.is_optional)
			note(notice_kind::optional_program, " is optional (its section begins with '?'): left out, as "
												"a loader does that is not told otherwise");
		else if (says.is_sock_ops)
			note(notice_kind::program_not_chosen, " is not among the programs to load: left out");
		else if (says.type.empty())
			note(notice_kind::unknown_section,
				 " is left out: libbpf knows no such section and refuses the whole "
				 "object (EINVAL); one of sock_ops programs is named 'sockops'",
				 section);
		else
			note(notice_kind::program_of_other_type,
				 " is of type " + says.type + ", no sock_ops program: left out; a loader would load it too",
				 says.type);
	}

	/// Calls keep(relocation, its symbol) for those of a table; those for which it is false are to go.
	template <class Keep>
	std::vector<Elf64_Rel> for_relocations(u32 table, Keep keep) const {
		std::vector<Elf64_Rel> kept;
		const Elf64_Shdr header = *image_.section(table);
		const auto symbols = header.sh_type == SHT_REL ? image_.section(header.sh_link) : std::nullopt;
		for (u64 at = 0; symbols && at != header.sh_size; at += sizeof(Elf64_Rel)) {
			const Elf64_Rel each = *image_.at<Elf64_Rel>(header.sh_offset + at);
			const u64 place = symbols->sh_offset + ELF64_R_SYM(each.r_info) * sizeof(Elf64_Sym);
			if (keep(each, *image_.at<Elf64_Sym>(place)))
				kept.push_back(each);
		}
		return kept;
	}

	/// In code those of instructions that are reached; elsewhere those of maps and of programs that are
	/// loaded.
	void keep_relocations(u32 table, const Elf64_Shdr& header) {
		const auto target = image_.section(header.sh_info);
		const bool is_code = target && (target->sh_flags & SHF_EXECINSTR);
		const bool drop_all = target && is_struct_ops(image_.name_of(*target));
		const std::vector<Elf64_Rel> kept =
			for_relocations(table, [&](const Elf64_Rel& each, const Elf64_Sym& symbol) {
				const bool is_function = ELF64_ST_TYPE(symbol.st_info) == STT_FUNC;
				return !drop_all && (is_code       ? reached_.has(header.sh_info, each.r_offset)
									 : is_function ? is_reached(symbol)
												   : true);
			});
		if (kept.size() * sizeof(Elf64_Rel) == header.sh_size)
			return;
		for (std::size_t i = 0; i != kept.size(); ++i)
			file_.put(header.sh_offset + i * sizeof(Elf64_Rel), kept[i]);
		file_.change_section(table, [&](Elf64_Shdr& changed) {
			changed.sh_size = kept.size() * sizeof(Elf64_Rel);
			if (kept.empty())
				changed.sh_type = SHT_NOTE;
		});
	}

	bool is_reached(const Elf64_Sym& function) const noexcept {
		return function.st_shndx < image_.section_count() &&
			   reached_.has(function.st_shndx, function.st_value);
	}

	void take_out_struct_ops(u32 section) {
		const std::string its_name = name_of(image_, section);
		for_symbols(image_, [&](const placed_symbol& symbol) {
			if (symbol.is.st_shndx == section && symbol.is_object())
				notices_.emplace_back(
					std::string(symbol.name) + " in section '" + its_name +
						"' is struct_ops: left out; a loader would make it known to the kernel, "
						"and here nothing of it is",
					notice_kind::struct_ops, std::string(symbol.name));
		});
		file_.change_section(section, [](Elf64_Shdr& header) { header.sh_type = SHT_NOTE; });
	}

	void weaken_externs(std::vector<std::string>& weak) {
		for_symbols(image_, [&](placed_symbol symbol) {
			const u32 binding = ELF64_ST_BIND(symbol.is.st_info);
			const bool is_named = reached_.names_symbol(symbol.index);
			if (symbol.is.st_shndx != SHN_UNDEF || binding == STB_LOCAL)
				return;
			if (is_named && binding == STB_WEAK)
				weak.emplace_back(symbol.name);
			if (is_named)
				return;
			symbol.is.st_info = ELF64_ST_INFO(STB_WEAK, ELF64_ST_TYPE(symbol.is.st_info));
			file_.put(symbol.at, symbol.is);
		});
	}

	elf_writer& file_;
	const elf_view image_; ///< changes are made in place
	const std::vector<std::string>& chosen_;
	std::vector<object_notice>& notices_;
	reached_code reached_;
};

} // namespace

file_programs leave_out(elf_writer& file, file_types& types, const std::vector<std::string>& chosen,
						const std::string& name, std::vector<object_notice>& notices) {
	leaving_out all(file, chosen, notices);
	file_programs programs = all.find_programs(name);
	all.take_out(programs);
	for (const u32 section : types.sections(is_struct_ops))
		types.writable(section)->size = std::max(types.writable(section)->size, 1u);
	return programs;
}

} // namespace sockops::object
