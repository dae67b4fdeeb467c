// SPDX-License-Identifier: MIT
// Why a program is refused, in words: what stands below the reason.
#pragma once

#include <string>

#include <sockops/vm/prog_load.hpp>

namespace sockops::object {

/// "tune.bpf.c:12, 'if (!conn)': R0 is NULL"
[[nodiscard]] std::string step_in_words(const bpf_way_step& step);

/// Who refuses it, where that is not the kernel: a sentence; "" where it is.
[[nodiscard]] const char* refuser_in_words(bpf_load_error::by who) noexcept;

/// The remedy, who refuses it, and the way there: a line each, with a line's end in front; "" if there is
/// nothing to say.
[[nodiscard]] std::string below_the_reason(const bpf_load_error& why);

} // namespace sockops::object
