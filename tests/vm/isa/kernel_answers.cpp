// SPDX-License-Identifier: MIT
#include "kernel_answers.hpp"

#include <sys/utsname.h>

#include "kernel_program.hpp"

namespace isa {

kernel_answer ask_kernel(const test_case& asked) {
	std::vector<std::byte> memory = asked.memory;
	if (kernel_program called(asked.insns, memory.size(), kernel_program::called); called.loaded())
		return {kernel_answer::all_of_r0, called.run(memory), ""};
	kernel_program whole(asked.insns, memory.size(), kernel_program::whole);
	if (whole.loaded())
		return {kernel_answer::low_half_of_r0, whole.run(memory), ""};
	return {kernel_answer::refused, 0, whole.refusal()};
}

std::string kernel_name() {
	utsname names{};
	::uname(&names);
	const std::string release = names.release;
	return std::string(names.sysname) + " " + release.substr(0, release.find('-')) + " " + names.machine;
}

} // namespace isa
