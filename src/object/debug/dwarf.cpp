// SPDX-License-Identifier: MIT
// Reads with libdw the variables of a file that lie on the stack.
#include <algorithm>
#include <memory>

#include <dwarf.h>

#include "debug_data.hpp"
#include "dwarf_lines.hpp"
#include "dwarf_place.hpp"
#include "dwarf_type.hpp"
#include "frame_size.hpp"
#include "placed_file.hpp"
#include "step_budget.hpp"

namespace sockops::object {

namespace {

constexpr u32 max_scopes = 64; // one within the other

struct address_range {
	u64 from, to;
};

struct scope_range {
	std::vector<address_range> parts{};
	address_range whole{~u64{0}, 0}; ///< from the first to the last
};

/// A variable, and what LLVM says of where it is: counted from the frame's lower end, or from r10.
struct found_variable {
	address_range where;
	s64 place;
	u32 size;
	Dwarf_Die die;
};

class function_reader {
  public:
	/// `without_line`: addresses.
	function_reader(const placed_file& file, const std::vector<u64>& without_line, step_budget& budget)
		: file_(file), without_line_(without_line), budget_(budget) {}

	std::optional<debug_function> read(Dwarf_Die& function) {
		u64 from = 0, to = 0;
		const char* const name = dwarf_diename(&function);
		if (!name || dwarf_lowpc(&function, &from) != 0 || dwarf_highpc(&function, &to) != 0 ||
			!has_r10_as_base(function))
			return std::nullopt;
		const std::vector<bpf_insn> code = file_.code(from, to);
		if (code.empty() || (to - from) % sizeof(bpf_insn) != 0 || !budget_.spend(code.size()))
			return std::nullopt;
		read_scope(function, {from, to}, 0);
		debug_function made{name, static_cast<u32>(code.size())};
		const s64 base = base_of(code);
		for (found_variable& each : found_)
			if (const s64 offset = each.place - base;
				offset >= -s64{max_bpf_stack} && offset + s64{each.size} <= 0)
				made.variables.push_back(in_words(each, from, static_cast<s32>(offset)));
		for (auto at = std::ranges::lower_bound(without_line_, from);
			 at != without_line_.end() && *at < to && budget_.spend(); ++at)
			made.without_line.push_back(static_cast<u32>((*at - from) / sizeof(bpf_insn)));
		return made;
	}

  private:
	static bool has_r10_as_base(Dwarf_Die& function) {
		Dwarf_Attribute attribute;
		Dwarf_Op* ops = nullptr;
		std::size_t count = 0;
		return dwarf_attr(&function, DW_AT_frame_base, &attribute) &&
			   dwarf_getlocation(&attribute, &ops, &count) == 0 && is_r10({ops, count});
	}

	/// Where r10 is, as places are counted. No place in a frame is at r10 or above it: numbers that are come
	/// from a compiler that counts from the frame's lower end, as LLVM does.
	s64 base_of(std::span<const bpf_insn> code) const {
		s64 size = reach_below_r10(code), alignment = 8;
		for (const found_variable& each : found_) {
			if (each.place < 0)
				return 0;
			Dwarf_Die die = each.die;
			size = std::max(size, each.place + s64{each.size});
			alignment = std::max(alignment, s64{alignment_of(die)});
		}
		return (size + alignment - 1) / alignment * alignment;
	}

	/// Not dwarf_decl_file(): to that of elfutils 0.188 number 0 is no file, and in DWARF 5 it is the first
	/// one.
	static std::string declared_in(Dwarf_Die& of) {
		Dwarf_Attribute attribute;
		Dwarf_Word number = 0;
		Dwarf_Die unit;
		Dwarf_Files* files = nullptr;
		std::size_t count = 0;
		Dwarf_Half version = 0;
		if (!dwarf_attr_integrate(&of, DW_AT_decl_file, &attribute) ||
			dwarf_formudata(&attribute, &number) != 0 || !dwarf_diecu(&of, &unit, nullptr, nullptr) ||
			dwarf_getsrcfiles(&unit, &files, &count) != 0 || number >= count ||
			dwarf_cu_info(of.cu, &version, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != 0 ||
			(version < 5 && number == 0))
			return {};
		const char* const name = dwarf_filesrc(files, number, nullptr, nullptr);
		return name ? name : "";
	}

	bpf_stack_variable in_words(found_variable& of, u64 begin, s32 offset) const {
		bpf_stack_variable made;
		made.from = static_cast<u32>((of.where.from - begin) / sizeof(bpf_insn));
		made.to = static_cast<u32>((of.where.to - begin + sizeof(bpf_insn) - 1) / sizeof(bpf_insn));
		made.offset = offset;
		made.size = of.size;
		made.name = dwarf_diename(&of.die);
		made.file = declared_in(of.die);
		if (int line = 0; dwarf_decl_line(&of.die, &line) == 0 && line > 0)
			made.line = static_cast<u32>(line);
		return made;
	}

	void read_scope(Dwarf_Die& scope, address_range function, u32 depth) {
		Dwarf_Die each;
		if (depth == max_scopes || dwarf_child(&scope, &each) != 0)
			return;
		const scope_range ranges = ranges_of(scope, function);
		std::vector<Dwarf_Die> inner;
		do {
			if (!budget_.spend())
				return;
			switch (dwarf_tag(&each)) {
			case DW_TAG_variable:
			case DW_TAG_formal_parameter:
				take(each, ranges);
				break;
			case DW_TAG_lexical_block:
			case DW_TAG_inlined_subroutine:
				inner.push_back(each);
				break;
			default:
				break;
			}
		} while (dwarf_siblingof(&each, &each) == 0);
		for (Dwarf_Die& die : inner)
			read_scope(die, function, depth + 1);
	}

	/// As far as they are in the function.
	scope_range ranges_of(Dwarf_Die& scope, address_range function) {
		scope_range all;
		u64 base = 0, from = 0, to = 0;
		std::ptrdiff_t offset = 0;
		while (budget_.spend() && (offset = dwarf_ranges(&scope, offset, &base, &from, &to)) > 0)
			if (const auto within = common({from, to}, function)) {
				all.parts.push_back(*within);
				all.whole = {std::min(all.whole.from, within->from), std::max(all.whole.to, within->to)};
			}
		return all;
	}

	static std::optional<address_range> common(address_range a, address_range b) {
		const address_range both{std::max(a.from, b.from), std::min(a.to, b.to)};
		return both.from < both.to ? std::optional(both) : std::nullopt;
	}

	/// A list of places may go on behind the scope.
	void take(Dwarf_Die& variable, const scope_range& scope) {
		const auto size = size_of(variable);
		Dwarf_Attribute attribute;
		if (!size || !dwarf_diename(&variable) || !dwarf_attr(&variable, DW_AT_location, &attribute))
			return;
		u64 base = 0, from = 0, to = 0;
		std::ptrdiff_t offset = 0;
		Dwarf_Op* ops = nullptr;
		std::size_t count = 0;
		while (budget_.spend() &&
			   (offset = dwarf_getlocations(&attribute, offset, &base, &from, &to, &ops, &count)) > 0) {
			const auto place = place_on_stack({ops, count}, *size);
			if (!place)
				continue;
			if (to != ~u64{0}) {
				if (const auto within = common({from, to}, scope.whole))
					add({*within, *place, *size, variable});
			} else if (budget_.spend(scope.parts.size())) // as long as it is in scope
				for (const address_range& each : scope.parts)
					add({each, *place, *size, variable});
		}
	}

	/// What goes on where the last one ended is one with it.
	void add(const found_variable& more) {
		if (!found_.empty() && found_.back().die.addr == more.die.addr && found_.back().place == more.place &&
			found_.back().where.to == more.where.from)
			found_.back().where.to = more.where.to;
		else
			found_.push_back(more);
	}

	const placed_file& file_;
	const std::vector<u64>& without_line_;
	step_budget& budget_;
	std::vector<found_variable> found_;
};

struct end_dwarf {
	void operator()(Dwarf* of) const noexcept { dwarf_end(of); }
};
struct end_elf {
	void operator()(Elf* of) const noexcept { elf_end(of); }
};

void read_unit(Dwarf_Die& unit, const placed_file& file, step_budget& budget,
			   std::vector<debug_function>& to) {
	Dwarf_Die each;
	if (dwarf_child(&unit, &each) != 0)
		return;
	const std::vector<u64> without_line = addresses_without_line(unit, budget);
	do {
		if (!budget.spend())
			return;
		if (dwarf_tag(&each) != DW_TAG_subprogram)
			continue;
		if (auto read = function_reader(file, without_line, budget).read(each))
			to.push_back(std::move(*read));
	} while (dwarf_siblingof(&each, &each) == 0);
}

} // namespace

bool reads_dwarf() noexcept { return true; }

std::vector<debug_function> read_debug_data(std::span<const std::byte> bytes) {
	std::vector<debug_function> all;
	placed_file file(bytes);
	(void)elf_version(EV_CURRENT);
	const std::unique_ptr<Elf, end_elf> elf(
		elf_memory(reinterpret_cast<char*>(file.image().data()), file.image().size()));
	const std::unique_ptr<Dwarf, end_dwarf> dwarf(elf ? dwarf_begin_elf(elf.get(), DWARF_C_READ, nullptr)
													  : nullptr);
	if (!dwarf)
		return all;
	// No entry is shorter than a byte; and each variable may lie in all parts of its scope.
	step_budget budget(8 * file.image().size());
	Dwarf_CU* unit = nullptr;
	Dwarf_Half version = 0;
	u8 kind = 0;
	Dwarf_Die die, skeleton;
	while (!budget.is_spent() &&
		   dwarf_get_units(dwarf.get(), unit, &unit, &version, &kind, &die, &skeleton) == 0)
		read_unit(die, file, budget, all);
	return all;
}

} // namespace sockops::object
