// SPDX-License-Identifier: MIT
// What is thought of each program of an object, without making any.
#include <sockops/object/object_check.hpp>

#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {

using namespace object;

std::vector<program_verdict> bpf_object::state::check(bool unchecked) {
	require(stage::open, "check_opened()");
	stage = stage::checked;
	const core_relocations core(types, image);
	bpf_session session(core);
	session.judge_only();
	session.load_unchecked(unchecked);
	const auto pinning = lock_pins();
	load_by_libbpf(session, core);
	std::vector<program_verdict> all;
	for (const judged_program& each : session.judged()) {
		program_verdict& made = all.emplace_back(
			program_verdict{each.name, section_of_program(each.name), {}, each.not_looked_at});
		if (each.refused)
			made.refused = refusal_in_full(*each.refused);
	}
	return all;
}

std::vector<program_verdict> check_opened(bpf_object& object) {
	bpf_object::state& state = *object.state_;
	std::vector<program_verdict> all;
	with_notices(state.notices, [&] { all = state.check(); });
	return all;
}

std::vector<program_verdict> check_file(const std::string& path, const object_options& with) {
	bpf_object object = bpf_object::open_file(path, with);
	return check_opened(object);
}

std::vector<program_verdict> check_memory(std::span<const std::byte> elf, const std::string& name,
										  const object_options& with) {
	bpf_object object = bpf_object::open_memory(elf, name, with);
	return check_opened(object);
}

} // namespace sockops
