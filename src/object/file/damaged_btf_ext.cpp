// SPDX-License-Identifier: MIT
#include "damaged_btf_ext.hpp"

#include <algorithm>
#include <cerrno>

#include "../check/btf_ext_check.hpp"
#include "../check/btf_ext_view.hpp"
#include "../object_failure.hpp"

namespace sockops::object {
namespace {

bool has_relocations(std::span<const std::byte> data) noexcept {
	btf_ext_header head{};
	if (!data.empty())
		std::memcpy(&head, data.data(), std::min(data.size(), sizeof head));
	return head.hdr_len >= sizeof head && head.tables[btf_ext::relocations].length != 0;
}

} // namespace

std::string leave_out_damaged_btf_ext(elf_writer& file, const std::string& name) {
	const u32 section = file.view().find(".BTF.ext");
	if (section == 0 || file.view().find(".BTF") == 0) // without types libbpf does not look at it
		return {};
	const auto data = file.view().bytes(*file.view().section(section));
	const std::string wrong = check_btf_ext(file.view(), data);
	if (wrong.empty())
		return {};
	if (has_relocations(data))
		fail_object(EINVAL,
					name + ": section '.BTF.ext': " + wrong +
						"; it has CO-RE relocations, without which the programs would read wrong places: "
						"compile all of it with -g");
	file.rename_section(section, ".damaged.BTF.ext");
	return "section '.BTF.ext' is left out, as libbpf does, and with it the names of functions and source "
		   "lines: " +
		   wrong;
}

} // namespace sockops::object
