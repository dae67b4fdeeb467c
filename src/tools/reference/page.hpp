// SPDX-License-Identifier: MIT
// The pages of the reference: each is made of a table of the library, as Markdown.
#pragma once

#include <string>
#include <string_view>

namespace sockops_reference {

std::string ops_page();
std::string helpers_page();
std::string fields_page();
std::string kfuncs_page();
std::string maps_page();
std::string options_page();

struct page {
	std::string_view file;
	std::string (*make)();
};
inline constexpr page all_pages[] = {
	{"ops.md", ops_page},       {"helpers.md", helpers_page}, {"fields.md", fields_page},
	{"kfuncs.md", kfuncs_page}, {"maps.md", maps_page},       {"options.md", options_page},
};

} // namespace sockops_reference
