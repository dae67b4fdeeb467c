// SPDX-License-Identifier: MIT
#include "command.hpp"

#include "parse.hpp"

namespace sockops::tools {

namespace {

std::vector<std::string_view> parts_of(std::string_view text, std::string_view between) {
	std::vector<std::string_view> parts;
	while (!text.empty()) {
		const std::size_t end = text.find(between);
		parts.push_back(text.substr(0, end));
		text.remove_prefix(end == text.npos ? text.size() : end + between.size());
	}
	return parts;
}

} // namespace

std::vector<std::string_view> names_of(const option& of) { return parts_of(of.names, ", "); }
std::vector<std::string_view> paragraphs_of(std::string_view text) { return parts_of(text, "\n\n"); }

std::string generated(const command& of, std::string_view what) {
	if (what == "man")
		return man_page(of);
	if (what == "bash")
		return bash_completion(of);
	throw usage_error("'--generate " + std::string(what) + "': it is man or bash");
}

} // namespace sockops::tools
