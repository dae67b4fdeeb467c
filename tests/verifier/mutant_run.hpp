// SPDX-License-Identifier: MIT
// Mutants of the programs of object files, each loaded by the machine's kernel and here.
#pragma once

#include "kernel_object.hpp"
#include "mutation.hpp"
#include "recorded_loads.hpp"

namespace verdicts {

/// A program, as it is in the kernel and as it is here: the same instructions, but for the numbers of maps
/// and what CO-RE has filled in.
struct mutant_base {
	std::string file;
	const recorded_load* here;
	const kernel_prog* there;
	std::vector<sockops::s32> here_maps, there_maps; ///< what stands in imm, by the map's index
};

class mutant_bases {
  public:
	/// The programs of an object file; where they cannot be had, it is left out, with a line that says why.
	void add(const std::string& file);
	[[nodiscard]] const std::vector<mutant_base>& all() const noexcept { return bases_; }

  private:
	struct loaded {
		explicit loaded(const std::string& file) : there(file) {}

		kernel_object there;
		std::vector<recorded_load> here{};
	};
	std::vector<std::unique_ptr<loaded>> objects_;
	std::vector<mutant_base> bases_;
};

/// How often each pair of answers was given.
struct mutant_tally {
	unsigned long mutants = 0, both_take = 0, both_refuse = 0;
	unsigned long kernel_refuses = 0; ///< and it is loaded here: silent, or stopped later
	unsigned long not_here = 0;       ///< the kernel takes it, and the library has not what it asks for
	/// The kernel takes it, as it never comes to the instruction that is refused here: numbers say so that
	/// are not followed at load.
	unsigned long here_refuses_dead_code = 0;
	/// The kernel takes it by mistake: an iterator at r10 + 0, above the stack, for the one at r10 - 8.
	unsigned long here_refuses_mistakes = 0;
	unsigned long here_refuses = 0; ///< the kernel takes it: none should be

	[[nodiscard]] std::string words() const;
};

/// Each that is refused here alone, but for the kernel's mistakes, is printed: the program, the change, both
/// answers, and all of it as a case.
mutant_tally try_mutants(const mutant_bases& bases, unsigned long count, std::uint64_t seed);

} // namespace verdicts
