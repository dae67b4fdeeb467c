// SPDX-License-Identifier: MIT
// What this machine's kernel says of a program, as JSON.
#pragma once

#include <sockops/object/ask_kernel.hpp>

#include "json_words.hpp"

namespace sockops_run {

[[nodiscard]] inline std::string kernel_json(const sockops::kernel_answer& of) {
	using namespace sockops::object;
	return json_object({{"program", json_string(of.program)},
						{"taken", of.taken() ? "true" : "false"},
						{"errno", number(of.error)},
						{"text", text_or_null(of.words)},
						{"instruction", of.insn ? number(*of.insn) : "null"},
						{"source_file", text_or_null(of.line.file)},
						{"source_line", line_or_null(of.line.line)},
						{"looked_at", number(of.processed)}});
}

} // namespace sockops_run
