// SPDX-License-Identifier: MIT
// The rewriting: types are added to BTF for what each struct bpf_map_def says, the variables and their
// DATASEC take these types and the name ".maps", and so does the ELF section. BTF and section names get new
// places behind the end of the file; all else stays where it is, so that symbols and relocations stay good.
#include "legacy_maps.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "btf_types.hpp"
#include "elf_view.hpp"
#include "object_failure.hpp"

namespace sockops {
namespace {

/// The first five words of any struct bpf_map_def, in their order.
constexpr const char* attributes[] = {"type", "key_size", "value_size", "max_entries", "map_flags"};
using map_numbers = std::array<u32, std::size(attributes)>;

/// Writes to an image that may grow.
class elf_writer {
  public:
	explicit elf_writer(std::vector<std::byte>& image) : image_(image) {}

	/// Puts bytes behind the end, and lets the section have them.
	void move_section(u32 index, std::span<const std::byte> bytes) {
		Elf64_Shdr header = *view().section(index);
		image_.resize((image_.size() + 7) & ~std::size_t{7});
		header.sh_offset = image_.size();
		header.sh_size = bytes.size();
		image_.insert(image_.end(), bytes.begin(), bytes.end());
		write_header(index, header);
	}
	void rename_section(u32 index, u32 name) {
		Elf64_Shdr header = *view().section(index);
		header.sh_name = name;
		write_header(index, header);
	}
	elf_view view() const noexcept { return elf_view(image_); }

  private:
	void write_header(u32 index, const Elf64_Shdr& header) {
		const u64 at = view().header()->e_shoff + u64{index} * sizeof header;
		std::memcpy(image_.data() + at, &header, sizeof header);
	}
	std::vector<std::byte>& image_;
};

/// Where a variable begins in its section; nullopt if no symbol says so. (BTF does not: the compiler leaves
/// that to a linker.)
std::optional<u64> place_of(const elf_view& file, u32 section, std::string_view variable) {
	for (u32 i = 1; i != file.section_count(); ++i) {
		const Elf64_Shdr table = *file.section(i);
		for (u64 at = 0; table.sh_type == SHT_SYMTAB && at != table.sh_size; at += sizeof(Elf64_Sym)) {
			const auto symbol = *file.at<Elf64_Sym>(table.sh_offset + at);
			if (symbol.st_shndx == section && file.string(table.sh_link, symbol.st_name) == variable)
				return symbol.st_value;
		}
	}
	return std::nullopt;
}

map_numbers numbers_of(const elf_view& file, u32 section, std::string_view map, u32 size,
					   const std::string& file_name) {
	const auto bytes = file.bytes(*file.section(section));
	const std::optional<u64> at = place_of(file, section, map);
	map_numbers numbers{};
	if (!at || size < sizeof numbers || *at > bytes.size() || size > bytes.size() - *at)
		fail_object(EINVAL, file_name + ": section 'maps': '" + std::string(map) +
								"' is no struct bpf_map_def: " + std::to_string(size) +
								" bytes of the section's " + std::to_string(bytes.size()) +
								"; a definition has 20 or more");
	std::memcpy(numbers.data(), bytes.data() + *at, sizeof numbers);
	return numbers;
}

/// The type of a map as libbpf wants it: each number is the length of an array that a member points to. The
/// struct keeps the size of the definition, and its members their places: nobody reads them.
u32 add_map_type(::btf* types, s32 word, const map_numbers& numbers, u32 size) {
	std::array<s32, std::size(attributes)> pointers;
	for (std::size_t i = 0; i != pointers.size(); ++i)
		pointers[i] = libbpf::btf_add_ptr(types, libbpf::btf_add_array(types, word, word, numbers[i]));
	const s32 added = libbpf::btf_add_struct(types, nullptr, size);
	for (u32 i = 0; i != pointers.size(); ++i)
		libbpf::btf_add_field(types, attributes[i], pointers[i], i * 32, 0);
	return static_cast<u32>(added);
}

/// The DATASEC named "maps"; 0: there is none.
u32 legacy_datasec(const ::btf& types) { return find_type(types, "maps", BTF_KIND_DATASEC); }

/// The parts of raw BTF, to be written to.
::btf_type* writable_type(::btf* types, u32 id) {
	return const_cast<::btf_type*>(libbpf::btf_type_by_id(types, id));
}

using owned_btf = std::unique_ptr<::btf, void (*)(::btf*)>;

/// Gives the maps their types. `section`: "maps", which the numbers are in.
void retype(::btf* types, u32 datasec, const elf_view& file, u32 section, const std::string& file_name) {
	const s32 word = libbpf::btf_add_int(types, "unsigned int", sizeof(u32), 0);
	const s32 name = libbpf::btf_add_str(types, ".maps");
	const u32 count = ::btf_vlen(writable_type(types, datasec));
	for (u32 i = 0; i != count; ++i) {
		// Adding types moves them: nothing that points into BTF is kept.
		const ::btf_var_secinfo each = ::btf_var_secinfos(writable_type(types, datasec))[i];
		const ::btf_type* const variable = type_at(*types, each.type);
		if (!variable || !::btf_is_var(variable))
			fail_object(EINVAL, file_name + ": section 'maps': BTF has no variables for it");
		const map_numbers numbers =
			numbers_of(file, section, name_at(*types, variable->name_off), each.size, file_name);
		const u32 type = add_map_type(types, word, numbers, each.size);
		writable_type(types, each.type)->type = type;
		::btf_var(writable_type(types, each.type))->linkage = BTF_VAR_GLOBAL_ALLOCATED;
	}
	writable_type(types, datasec)->name_off = static_cast<u32>(name);
}

/// A string table with one more, whose place is `added`.
std::vector<std::byte> with_string(std::span<const std::byte> table, std::string_view text, u32& added) {
	std::vector<std::byte> grown(table.begin(), table.end());
	added = static_cast<u32>(grown.size());
	for (const char c : text)
		grown.push_back(static_cast<std::byte>(c));
	grown.push_back(std::byte{0});
	return grown;
}

} // namespace

std::vector<std::byte> with_btf_maps(std::vector<std::byte> image, const std::string& name) {
	elf_writer file(image);
	const u32 maps = file.view().find("maps"), btf_section = file.view().find(".BTF");
	if (maps == 0 || btf_section == 0)
		return image;
	const auto raw = file.view().bytes(*file.view().section(btf_section));
	const owned_btf types(libbpf::btf_new(raw.data(), static_cast<u32>(raw.size())), libbpf::btf_free);
	const u32 datasec = types ? legacy_datasec(*types) : 0;
	if (datasec == 0)
		fail_object(EINVAL, name + ": section 'maps': BTF says nothing about it: compile it with -g");
	retype(types.get(), datasec, file.view(), maps, name);
	u32 size = 0;
	const auto* const data = static_cast<const std::byte*>(libbpf::btf_raw_data(types.get(), &size));
	if (!data)
		fail_object(ENOMEM, name + ": section 'maps': no memory for its types");
	file.move_section(btf_section, {data, size});
	const u32 names = file.view().header()->e_shstrndx;
	u32 new_name = 0;
	const auto table = with_string(file.view().bytes(*file.view().section(names)), ".maps", new_name);
	file.move_section(names, table);
	file.rename_section(maps, new_name);
	return image;
}

} // namespace sockops
