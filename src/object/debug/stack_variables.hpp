// SPDX-License-Identifier: MIT
// The variables of C that lie on the stack, as the DWARF of an object has them (clang -g): so that a message
// about a byte of the stack can name it. DWARF is read by libdw, where the library is made with it; without
// it, and of a file whose DWARF is absent or damaged, no variable is known, and nothing is an error.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sockops/vm/prog_load.hpp>
#include <sockops/vm/watch.hpp>

namespace sockops::object {

/// Those of one function; instructions are counted from its first one.
struct function_variables {
	std::string function;
	u32 insns;
	std::vector<bpf_stack_variable> variables; ///< inner scopes after those around them
};

/// libbpf puts functions of other sections behind a program: so variables are kept by function, until it is
/// known where in a program that has come.
class stack_variables {
  public:
	/// Takes those of a file that has passed check_elf(); of several that are linked into one object one by
	/// one.
	void add(std::span<const std::byte> file);
	/// Those of a program that is loaded, as bpf_prog_load_attr::variables has them.
	[[nodiscard]] std::vector<bpf_stack_variable> of_program(std::span<const bpf_function> functions,
															 u32 insns) const;

  private:
	/// By name; static functions of several files may have the same.
	std::multimap<std::string, function_variables> functions_;
};

/// Is the library made with libdw?
[[nodiscard]] bool reads_dwarf() noexcept;
/// What the DWARF of a file that has passed check_elf() says.
[[nodiscard]] std::vector<function_variables> read_stack_variables(std::span<const std::byte> file);

} // namespace sockops::object
