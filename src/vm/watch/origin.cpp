// SPDX-License-Identifier: MIT
#include "origin.hpp"

#include "../ebpf_prog.hpp"

namespace sockops::vm {

origin_id origin_table::add(const origin& what) {
	for (std::size_t back = 0; back != all_.size() && back != 16; ++back) {
		const origin& last = all_[all_.size() - 1 - back];
		if (last.is == what.is && last.place == what.place && last.where == what.where &&
			last.size == what.size && last.text == what.text)
			return static_cast<origin_id>(all_.size() - back);
	}
	if (all_.size() < max)
		all_.push_back(what);
	return static_cast<origin_id>(all_.size());
}

namespace {

/// The innermost variable that has all of these bytes, or else the first of them.
const bpf_stack_variable* variable_at(const code_place& in, s32 offset) {
	const bpf_stack_variable* found = nullptr;
	if (!in.prog->watched)
		return found;
	for (const bpf_stack_variable& each : in.prog->watched->variables) {
		if (each.from > in.insn)
			break;
		if (in.insn < each.to && offset >= each.offset && offset < each.offset + static_cast<s32>(each.size))
			found = &each;
	}
	return found;
}

std::string named(const bpf_stack_variable& variable) {
	std::string text = "'" + variable.name + "'";
	if (variable.line != 0)
		text.append(" (")
			.append(variable.file, variable.file.rfind('/') + 1)
			.append(":")
			.append(std::to_string(variable.line))
			.append(")");
	return text;
}

} // namespace

std::string from_to(s64 first, s64 last, const char* before) {
	std::string text = first == last ? "byte " : "bytes ";
	text.append(before).append(std::to_string(first));
	if (first != last)
		text.append(" to ").append(before).append(std::to_string(last));
	return text;
}

std::string in_words(const std::vector<named_bytes>& pieces) {
	std::string words;
	for (std::size_t i = 0; i != pieces.size(); ++i) {
		const bool is_said =
			i + 1 != pieces.size() && pieces[i + 1].of == pieces[i].of && !pieces[i].range.empty();
		words.append(i == 0 ? "" : " and ").append(pieces[i].range);
		if (!is_said)
			words.append(pieces[i].range.empty() ? "" : " of ").append(pieces[i].of);
	}
	return words;
}

named_bytes name_frame_bytes(const code_place& in, s32 offset, u32 size) {
	const auto last = static_cast<s32>(size) - 1;
	const bpf_stack_variable* const variable = variable_at(in, offset);
	if (!variable)
		return {from_to(-s64{offset}, -s64{offset} - last, "r10 - "), "the stack"};
	const s32 first = offset - variable->offset;
	if (first == 0 && size >= variable->size)
		return {"", named(*variable)};
	return {from_to(first, first + last), named(*variable)};
}

std::string in_words(const origin& what) {
	return what.is == origin::kind::frame ? in_words({name_frame_bytes(what.place, what.where, what.size)})
										  : what.text;
}

} // namespace sockops::vm
