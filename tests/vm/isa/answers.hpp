// SPDX-License-Identifier: MIT
// What a kernel answered: to the cases, and to the generated operands of each form. RECORDED.md has the
// files.
#pragma once

#include <map>
#include <string>

#include "batch.hpp"
#include "own_run.hpp"

namespace isa {

struct kernel_answer {
	enum outcome { all_of_r0, low_half_of_r0, refused };

	outcome kind;
	sockops::u64 r0;
	std::string reason; ///< of a refusal, in the kernel's words
};

enum class comparison {
	same,
	different,
	left_out, ///< the kernel's verifier refuses what is checked here when it runs
};
/// Whether what is refused here was so by structure, or stopped when it ran, is what the case expects.
comparison compare(const test_case& each, const sockops::raw_run_result& here, const kernel_answer& kernel);

/// All results of one form, or of one random program, in the order in which they came.
struct digest {
	sockops::u64 count = 0, hash = 0xcbf29ce484222325; // FNV-1a

	void add(sockops::u64 result) noexcept;
	bool operator==(const digest&) const = default;
};

using case_answers = std::map<std::string, kernel_answer>;
using form_digests = std::map<std::string, digest>;

void add_results(form_digests& to, const batch& of, const std::vector<std::byte>& memory);
/// The registers that a random program left: under its number.
void add_registers(form_digests& to, unsigned number, const std::vector<std::byte>& memory);

/// The files; what they begin with, on which kernel it was recorded, is a comment. Reading throws
/// std::runtime_error.
void write_answers(const std::string& path, const std::string& comment, const case_answers& answers);
case_answers read_answers(const std::string& path);
void write_digests(const std::string& path, const std::string& comment, const form_digests& digests);
form_digests read_digests(const std::string& path);

} // namespace isa
