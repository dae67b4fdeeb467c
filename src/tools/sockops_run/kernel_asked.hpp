// SPDX-License-Identifier: MIT
// What this machine's kernel says of the objects on the command line, and how it stands beside what is said
// here.
#pragma once

#include <optional>

#include <sockops/object/ask_kernel.hpp>
#include <sockops/object/object_check.hpp>

#include "arguments.hpp"
#include "failure.hpp"

namespace sockops_run {

/// Of one object.
struct asked_object {
	std::vector<sockops::kernel_answer> answers; ///< in the order of its programs
	std::string why_not;                         ///< why it did not come to them; "": it did
};

/// Of files that can be opened, in their order; writes --kernel-log's file. Throws object_error where the
/// kernel may not be asked, and std::runtime_error where that file cannot be written.
[[nodiscard]] std::vector<asked_object> ask_about(const std::vector<std::string>& files,
												  const arguments& with);

/// "Linux 6.18.44 refuses it: …"
[[nodiscard]] std::string in_words(const sockops::kernel_answer& answer);

/// "Linux 6.18.44 refuses what is taken here: …". `here`: nullptr: it is taken.
[[nodiscard]] std::string beside_ours(const sockops::kernel_answer& answer,
									  const sockops::bpf_load_error* here);

/// Does the kernel refuse what is taken here, or the other way round?
[[nodiscard]] inline bool differs(const sockops::kernel_answer& answer, bool taken_here) noexcept {
	return answer.asked && answer.taken() != taken_here;
}

/// That it refuses a program, which is called `name`.
[[nodiscard]] failure failure_of(const sockops::kernel_answer& answer, const std::string& name);

} // namespace sockops_run
