// SPDX-License-Identifier: MIT
// Where in the source the instructions of a program come from, as far as it is known.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow_counts.hpp"
#include "program_coverage.hpp"

namespace sockops::object {

/// A place in the source: a column of a line, where an expression is.
struct source_place {
	std::string_view file;
	u32 line, column;
	auto operator<=>(const source_place&) const = default;
};
using known_place = std::optional<source_place>;

/// What is counted, and where it comes from.
class source_places {
  public:
	source_places(const counted_program& of, const coverage::naming& name_of);
	source_places(const source_places&) = delete;
	source_places& operator=(const source_places&) = delete;

	const counted_program program;
	const flow_counts flow;

	/// Of an instruction.
	[[nodiscard]] const known_place& operator[](u32 insn) const { return places_[insn]; }

  private:
	void place_instructions();
	void forget_at_joins();
	known_place place_of(const bpf_source_line& line) const;
	bool has_record(u32 insn) const;
	u32 end_of_nowhere(const basic_block& block) const;

	std::map<std::string, std::string> names_; ///< of files, by the compiler's
	std::vector<known_place> places_;
};

/// Adds the branches of a program to its files.
void count_branches(const source_places& places, std::map<std::string, coverage::file>& to);

} // namespace sockops::object
