// SPDX-License-Identifier: MIT
#include "refusal_words.hpp"

#include <span>

#include "../vm/ebpf_prog.hpp"

namespace sockops::object {

std::string step_in_words(const bpf_way_step& step) {
	const std::string place =
		step.line.line == 0 ? "instruction " + std::to_string(step.insn) : vm::line_in_words(step.line);
	return place + ": " + step.words;
}

const char* refuser_in_words(bpf_load_error::by who) noexcept {
	switch (who) {
	case bpf_load_error::by::kernel:
		break;
	case bpf_load_error::by::not_here:
		return "this library has not what the program asks for; a kernel may take it";
	case bpf_load_error::by::too_young:
		return "the release that was asked for has it not; 6.18 has";
	}
	return "";
}

std::string below_the_reason(const bpf_load_error& why) {
	std::string text;
	if (!why.remedy.empty())
		text += "\n  remedy: " + why.remedy;
	if (const std::string who = refuser_in_words(why.refused_by); !who.empty())
		text += "\n  " + who;
	constexpr std::size_t enough = 20;
	const std::size_t before = why.way.size() > enough ? why.way.size() - enough : 0;
	if (!why.way.empty())
		text +=
			"\n  the way there" + (before ? ", after " + std::to_string(before) + " other branches:" : ":");
	for (const bpf_way_step& each : std::span(why.way).subspan(before))
		text += "\n    " + step_in_words(each);
	return text;
}

} // namespace sockops::object
