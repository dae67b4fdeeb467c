// SPDX-License-Identifier: MIT
// Programs whose code is not the object file's instructions but the machine's own: what an object needs of
// them. src/native has them, and is linked where a program is that was compiled so; nothing here asks it by
// name.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/map/bpf_map.hpp>

namespace sockops::object {

/// The code of one source, while an object runs by it. Its programs hold it.
class program_code {
  public:
	virtual ~program_code() = default;
	/// A variable's own memory; empty: it has none of that name, which is so of
	/// `static` ones inside functions.
	[[nodiscard]] virtual std::span<std::byte> variable(std::string_view name) const = 0;
	/// The map that the code means by a name, from now on; held as long as this is.
	virtual void use_map(const std::string& name, bpf_map_ptr map) = 0;
	/// A program that holds `self`, which is this; nullptr: the code has none of that name.
	[[nodiscard]] virtual bpf_prog_ptr make_program(const std::string& name, bool has_tail_calls,
													const std::shared_ptr<program_code>& self) = 0;
};

/// All that are linked into this process.
class program_codes {
  public:
	/// The object file that was compiled from the same source; empty: none is linked under that name.
	[[nodiscard]] virtual std::span<const std::byte> object_of(std::string_view name) const = 0;
	/// Its variables begin anew. Throws object_error with EBUSY while somebody else has it.
	[[nodiscard]] virtual std::shared_ptr<program_code> take(std::string_view name) const = 0;
	[[nodiscard]] virtual std::vector<std::string> names() const = 0;
	/// What a helper's number would call; nullptr: nothing.
	[[nodiscard]] virtual void* helper_function(u32 number) const noexcept = 0;

  protected:
	~program_codes() = default;
};

/// Called before main() by what is linked; `all` stays.
void set_program_codes(const program_codes& all) noexcept;
/// nullptr: nothing is linked.
[[nodiscard]] const program_codes* linked_program_codes() noexcept;

} // namespace sockops::object
