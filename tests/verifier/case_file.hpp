// SPDX-License-Identifier: MIT
// The cases of the .case files (cases/FORMAT.md): a program, what it needs, and what a kernel answered.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "text_words.hpp"

namespace verdicts {

struct case_map {
	std::string name;
	u32 type; ///< bpf_map_type
	u32 key_size, value_size, max_entries, map_flags;
	s32 lock = -1, timer = -1;     ///< where the value has such a struct; -1: nowhere
	std::string inner{};           ///< of a map of maps: another map of the case
	std::vector<std::byte> init{}; ///< element 0, as far as it is not zeroes
	bool freeze = false;           ///< user space can no longer write
};

struct verifier_case {
	std::string name; ///< "bounds/index-and-15"
	std::string about;
	std::string place; ///< "07-bounds.case:12", for messages
	std::vector<case_map> maps;
	std::string license = "GPL";
	u32 flags = 0;      ///< of the load
	int error = 0;      ///< what the kernel answered: 0, or errno, positive
	std::string code{}; ///< lines for assemble()
};

/// The cases of all .case files in a folder, by file name and place. Throws std::runtime_error, with the
/// place, for what cannot be read, a name that stands twice, and a folder without cases.
std::vector<verifier_case> read_cases(const std::string& folder);
/// The same of a text; `file`: its name, for messages.
std::vector<verifier_case> cases_of(const std::string& text, const std::string& file);

} // namespace verdicts
