// SPDX-License-Identifier: MIT
#include "file_types.hpp"

namespace sockops::object {
namespace {

::btf* read_types(const elf_view& file) {
	const u32 section = file.find(".BTF");
	if (section == 0)
		return libbpf::btf_new_empty();
	const auto raw = file.bytes(*file.section(section));
	return libbpf::btf_new(raw.data(), static_cast<u32>(raw.size()));
}

} // namespace

file_types::file_types(elf_writer& file) : file_(file), types_(read_types(file.view()), libbpf::btf_free) {}

bool file_types::store() {
	if (!changed_)
		return true;
	u32 size = 0;
	const auto* const data = static_cast<const std::byte*>(libbpf::btf_raw_data(types_.get(), &size));
	if (!data)
		return false;
	if (const u32 section = file_.view().find(".BTF"))
		file_.move_section(section, {data, size});
	else
		file_.add_section(".BTF", {data, size});
	return true;
}

u32 file_types::word() {
	changed_ = true;
	if (word_ == 0)
		word_ = libbpf::btf_add_int(types_.get(), "unsigned int", sizeof(u32), 0);
	return static_cast<u32>(word_);
}

s32 file_types::add_number(u32 number) {
	const auto element = static_cast<s32>(word());
	return libbpf::btf_add_ptr(types_.get(), libbpf::btf_add_array(types_.get(), element, element, number));
}

} // namespace sockops::object
