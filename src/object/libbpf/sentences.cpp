// SPDX-License-Identifier: MIT
#include "sentences.hpp"

#include <algorithm>

namespace sockops::object {
namespace {

constexpr libbpf_sentence sentences[] = {
	{libbpf_refusal::kfunc_not_found, "extern (func ksym) '", "': not found in kernel or module BTFs"},
	{libbpf_refusal::kfunc_otherwise, "extern (func ksym) '", "': func_proto ["},
	{libbpf_refusal::variable_not_found, "extern (var ksym) '", "': not found in kernel BTF"},
	{libbpf_refusal::extern_not_resolved, "extern '", "' (strong): not resolved"},
	{libbpf_refusal::extern_without_types, "for extern '", "'"},
};

/// The name in a line of that form; "" in another.
std::string_view name_in(std::string_view line, const libbpf_sentence& form) {
	const std::size_t before = line.find(form.before);
	if (before == line.npos)
		return {};
	line.remove_prefix(before + form.before.size());
	const std::string_view name = line.substr(0, line.find('\''));
	return line.substr(name.size()).starts_with(form.after) ? name : std::string_view();
}

} // namespace

std::span<const libbpf_sentence> libbpf_sentences() noexcept { return sentences; }

std::optional<heard_refusal> hear(std::string_view messages) {
	while (!messages.empty()) {
		const std::string_view line = messages.substr(0, messages.find('\n'));
		messages.remove_prefix(std::min(line.size() + 1, messages.size()));
		for (const libbpf_sentence& each : sentences)
			if (const std::string_view name = name_in(line, each); !name.empty())
				return heard_refusal{each.what, std::string(name)};
	}
	return std::nullopt;
}

} // namespace sockops::object
