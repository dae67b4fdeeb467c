// SPDX-License-Identifier: MIT
#include <sockops/testing/program_output.hpp>
#include <sockops/vm/fault.hpp>

#include "../support.hpp"
#include "accesses.hpp"

namespace core_diff {

std::vector<answer> ask_library(const std::string& path, const generated& of) {
	using namespace sockops;
	object_world on;
	const sockops::testing::program_output not_printed(on.in);
	bpf_object object = bpf_object::open_file(path);
	object.global("come_here").set(1);
	object.load();
	std::vector<answer> answers;
	for (const core_question& each : of.accesses) {
		const bpf_prog_ptr prog = object.prog(each.program);
		on.fire(prog);
		answers.push_back({bpf_prog_faults(*prog.get()) == 0, object.global("out").as<u64>(), {}});
	}
	return answers;
}

} // namespace core_diff
