// SPDX-License-Identifier: MIT
#include "recorded_loads.hpp"

#include <algorithm>

#include <sockops/object/bpf_object.hpp>

// sockops::bpf_prog_load(), for all who are linked with --wrap of it, and as it is.
#define PROG_LOAD "_ZN7sockops13bpf_prog_loadERKNS_18bpf_prog_load_attrERNS_14bpf_load_errorE"
sockops::bpf_prog_ptr prog_load_itself(const sockops::bpf_prog_load_attr& attr,
									   sockops::bpf_load_error& why) asm("__real_" PROG_LOAD);
sockops::bpf_prog_ptr prog_load_recorded(const sockops::bpf_prog_load_attr& attr,
										 sockops::bpf_load_error& why) asm("__wrap_" PROG_LOAD);

namespace {

std::vector<verdicts::recorded_load>* recording = nullptr;
verdicts::recording_of recorded;

sockops::bpf_prog_ptr load_nothing(const sockops::bpf_prog_load_attr& attr, sockops::bpf_load_error& why) {
	constexpr sockops::bpf_insn nothing[] = {{0xb7, 0, 0, 0, 1}, {0x95, 0, 0, 0, 0}}; // r0 = 1; exit
	return prog_load_itself({.name = attr.name, .insns = nothing}, why);
}

} // namespace

sockops::bpf_prog_ptr prog_load_recorded(const sockops::bpf_prog_load_attr& attr,
										 sockops::bpf_load_error& why) {
	if (!recording)
		return prog_load_itself(attr, why);
	const bool is_checked = recorded == verdicts::recording_of::checked;
	sockops::bpf_prog_ptr made = is_checked ? prog_load_itself(attr, why) : load_nothing(attr, why);
	if (!recording->empty() && !recording->back().taken) // libbpf asks again, for a log
		recording->pop_back();
	recording->emplace_back(attr, made ? nullptr : &why);
	return made;
}

namespace verdicts {

std::string recorded_load::line_of(sockops::u32 insn) const {
	const auto after = std::ranges::upper_bound(attr_.lines, insn, {}, &sockops::bpf_source_line::insn);
	if (after == attr_.lines.begin())
		return "";
	const sockops::bpf_source_line& line = *(after - 1);
	return line.file.substr(line.file.rfind('/') + 1) + ":" + std::to_string(line.line) + ", '" + line.text +
		   "'";
}

std::vector<recorded_load> loads_of(const std::string& file, std::string& error, recording_of which) {
	std::vector<recorded_load> all;
	recorded = which;
	recording = &all;
	error.clear();
	try {
		(void)sockops::bpf_object::load_file(file, {.watch = std::nullopt});
	} catch (const sockops::object_error& wrong) {
		error = wrong.what();
	}
	recording = nullptr;
	return all;
}

} // namespace verdicts
