// SPDX-License-Identifier: MIT
// What the DWARF of an object (clang -g) has to say of its programs beyond BTF, for those that are watched:
// the variables of C that lie on the stack, so that a message about a byte there can name it, and which
// instructions come from no line of the source. DWARF is read by libdw, where the library is made with it;
// without it, and of a file whose DWARF is absent or damaged, nothing is known, and nothing is an error.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <sockops/vm/prog_load.hpp>
#include <sockops/vm/watch.hpp>

namespace sockops::object {

/// Of one function; instructions are counted from its first one.
struct debug_function {
	std::string function;
	u32 insns = 0;
	std::vector<bpf_stack_variable> variables{}; ///< inner scopes after those around them
	std::vector<u32> without_line{};             ///< from here on, until another line begins; ascending
};

/// libbpf puts functions of other sections behind a program: so all is kept by function, until it is known
/// where in a program that has come.
class debug_data {
  public:
	/// Takes that of a file that has passed check_elf(); of several that are linked into one object one by
	/// one.
	void add(std::span<const std::byte> file);
	/// Puts it in what a program is loaded by, whose functions, lines and instructions are there.
	void tell(bpf_prog_load_attr& program) const;

  private:
	const debug_function* find(const std::string& name, u32 insns) const;

	/// By name; static functions of several files may have the same.
	std::multimap<std::string, debug_function> functions_;
};

/// Is the library made with libdw?
[[nodiscard]] bool reads_dwarf() noexcept;
/// What the DWARF of a file that has passed check_elf() says.
[[nodiscard]] std::vector<debug_function> read_debug_data(std::span<const std::byte> file);

} // namespace sockops::object
