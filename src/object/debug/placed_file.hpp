// SPDX-License-Identifier: MIT
// A relocatable file as one that has been linked, as far as what a debugger reads of it goes: each section of
// code has addresses of its own, so that an address says which function it is in, and the relocations of the
// debug sections are done. Nothing that is wrong with them is an error: what cannot be done is left.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sockops/kern/types.hpp>
#include <sockops/vm/insn.hpp>

namespace sockops::object {

class placed_file {
  public:
	/// A copy of a file that has passed check_elf().
	explicit placed_file(std::span<const std::byte> file);

	std::vector<std::byte>& image() noexcept { return image_; }
	/// The instructions at [from, to); empty if these are not some of one section.
	[[nodiscard]] std::vector<bpf_insn> code(u64 from, u64 to) const;

  private:
	struct section {
		u64 address, offset, size; ///< offset: in the file
	};

	void place_code();
	void relocate_debug_sections();
	void relocate(u32 relocations);
	[[nodiscard]] u64 address_of(u32 symbol_table, u64 symbol) const;

	std::vector<std::byte> image_;
	std::vector<section> sections_; ///< by index; those without code have address 0
};

} // namespace sockops::object
