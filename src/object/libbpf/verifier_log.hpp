// SPDX-License-Identifier: MIT
// What a kernel's verifier writes about a program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sockops/kern/types.hpp>

namespace sockops::object {

struct verifier_log {
	/// Why it is refused: what stands behind the last instruction, in one line; "" if that is nothing.
	std::string words;
	std::optional<u32> insn; ///< the instruction that it came to last
	u64 processed = 0;       ///< instructions that it has looked at; 0: it does not say
};

[[nodiscard]] verifier_log read_verifier_log(std::string_view text);

} // namespace sockops::object
