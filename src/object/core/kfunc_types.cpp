// SPDX-License-Identifier: MIT
// Prototypes in C, as the table has them, to BTF: "int *bpf_iter_num_next(struct bpf_iter_num *it)".
#include "kfunc_types.hpp"

#include <sockops/bpf/kfunc_table.hpp>

#include "declarations.hpp"

namespace sockops::object {
namespace {

/// Of their types only that these are structs is compared.
constexpr char other_types[] = "struct bpf_iter_bits { u64 __opaque[2]; }; struct bpf_map { };";

/// " const char *s1" in two: type and name. Constness says nothing to a relocation.
std::pair<std::string, std::string> declared(std::string_view text) {
	constexpr std::string_view constant = "const ", word = "unsigned long";
	text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
	const std::size_t name_at = text.find_last_of(" *") + 1;
	std::string_view type = text.substr(0, name_at);
	if (type.starts_with(constant))
		type.remove_prefix(constant.size());
	std::string as(type.substr(0, type.find_last_not_of(' ') + 1));
	if (as.starts_with(word))
		as.replace(0, word.size(), "long unsigned int");
	return {std::move(as), std::string(text.substr(name_at))};
}

void add_kfunc(btf_writer& to, std::string_view prototype) {
	const std::size_t open = prototype.find('(');
	const auto [result, name] = declared(prototype.substr(0, open));
	std::string_view list = prototype.substr(open + 1, prototype.size() - open - 2);
	std::vector<std::pair<std::string, std::string>> parameters;
	while (!list.empty() && list != "void") {
		const std::size_t end = std::min(list.find(','), list.size());
		parameters.push_back(declared(list.substr(0, end)));
		list.remove_prefix(std::min(end + 1, list.size()));
	}
	to.function(name, result, parameters);
}

} // namespace

void add_kfuncs(btf_writer& to) {
	add_declarations(to, other_types);
	for (const bpf_kfunc& each : bpf_kfuncs)
		if (!each.prototype.empty())
			add_kfunc(to, each.prototype);
}

} // namespace sockops::object
