// SPDX-License-Identifier: MIT
// Which instructions of a file belong to the programs that are loaded: from their functions by calls and by
// addresses of functions to others. What only other code names need not be there.
#pragma once

#include <set>
#include <vector>

#include "../check/elf_view.hpp"

namespace sockops::object {

/// A symbol that is a function.
struct elf_function {
	u32 section;
	u64 begin, end; ///< bytes
	std::string_view name;
};

/// All functions with contents, by section and place. The names are good as long as the file.
[[nodiscard]] std::vector<elf_function> functions_of(const elf_view& file);

class reached_code {
  public:
	/// `file` has passed check_elf(), and outlives this.
	explicit reached_code(const elf_view& file);

	/// A function is reached, and with it whatever it calls.
	void add(const elf_function& function);

	/// Is the instruction at that offset?
	[[nodiscard]] bool has(u32 section, u64 offset) const noexcept;
	/// Is any instruction of the section?
	[[nodiscard]] bool has_any_of(u32 section) const noexcept;
	/// Is a symbol of the table with relocations named by an instruction that is reached?
	[[nodiscard]] bool names_symbol(u32 index) const { return symbols_.contains(index); }

  private:
	struct relocation {
		u64 insn;
		u32 symbol, symbols;
	};
	struct code {
		/// By instruction: itself, if it is not reached, else a later one with none between that is not.
		/// Behind them the number of instructions.
		std::vector<u32> unreached;
		std::vector<relocation> relocations;
		bool is_any_reached = false;
		u32 first_unreached(u32 from) noexcept;
		[[nodiscard]] bool has(u64 insn) const noexcept {
			return insn < unreached.size() && unreached[insn] != insn;
		}
		[[nodiscard]] u64 size() const noexcept { return unreached.empty() ? 0 : unreached.size() - 1; }
	};
	struct range {
		u32 section;
		u64 begin, end; ///< instructions
	};
	void read_relocations(u32 table);
	void follow(u32 section, u64 insn);
	void go_to(u32 section, s64 insn);
	const relocation* relocation_of(u32 section, u64 insn) const noexcept;

	const elf_view& file_;
	std::vector<elf_function> functions_;
	std::vector<code> code_; ///< by section
	std::vector<range> open_;
	std::set<u32> symbols_;
};

} // namespace sockops::object
