// SPDX-License-Identifier: MIT
// Files that are no good: an error that names the file, never a crash.
#include <elf.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "support.hpp"

namespace {

using namespace sockops;

std::vector<std::byte> bytes_of(const char* path) {
	std::ifstream in(path, std::ios::binary);
	const std::vector<char> chars{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
	const auto* const first = reinterpret_cast<const std::byte*>(chars.data());
	return {first, first + chars.size()};
}

std::string error_with(std::span<const std::byte> file) {
	return error_of([&] { bpf_object::open_memory(file, "broken.o").load(); });
}

struct broken_file : testing::Test {
	std::vector<std::byte> file = bytes_of(FILE_CONNS_OBJECT);

	Elf64_Ehdr header() const {
		Elf64_Ehdr head;
		std::memcpy(&head, file.data(), sizeof head);
		return head;
	}
	std::string with_header(void (*change)(Elf64_Ehdr&)) {
		Elf64_Ehdr head = header();
		change(head);
		std::memcpy(file.data(), &head, sizeof head);
		return error_with(file);
	}
	/// Applies `change` to the header of each section of a type.
	std::string with_sections(u32 type, void (*change)(Elf64_Shdr&)) {
		const Elf64_Ehdr head = header();
		for (u32 i = 0; i != head.e_shnum; ++i) {
			Elf64_Shdr section;
			std::byte* const at = file.data() + head.e_shoff + i * sizeof section;
			std::memcpy(&section, at, sizeof section);
			if (section.sh_type != type)
				continue;
			change(section);
			std::memcpy(at, &section, sizeof section);
		}
		return error_with(file);
	}
	/// Where the header of a section is in the file.
	std::size_t header_of(std::string_view name) {
		const Elf64_Ehdr head = header();
		const auto place = [&](u32 index) { return head.e_shoff + index * sizeof(Elf64_Shdr); };
		const Elf64_Shdr names = section_header(place(head.e_shstrndx));
		for (u32 i = 0; i != head.e_shnum; ++i)
			if (name == reinterpret_cast<const char*>(file.data() + names.sh_offset +
													  section_header(place(i)).sh_name))
				return place(i);
		ADD_FAILURE() << "no section " << name;
		return head.e_shoff;
	}
	Elf64_Shdr section_header(std::size_t at) const {
		Elf64_Shdr found;
		std::memcpy(&found, file.data() + at, sizeof found);
		return found;
	}
	/// The bytes of a section, to write to.
	std::span<std::byte> section(std::string_view name) {
		const Elf64_Shdr found = section_header(header_of(name));
		return std::span(file).subspan(found.sh_offset, found.sh_size);
	}
};

TEST_F(broken_file, the_unbroken_one_loads) { EXPECT_EQ(error_with(file), ""); }
TEST_F(broken_file, other_kinds_of_files_are_told_apart) {
	EXPECT_EQ(error_with({}), "broken.o: no ELF file (it does not begin with 7f 'ELF')");
	EXPECT_EQ(error_with(std::as_bytes(std::span("#include <linux/bpf.h>"))),
			  "broken.o: no ELF file (it does not begin with 7f 'ELF')");
	EXPECT_EQ(with_header([](auto& head) { head.e_machine = EM_X86_64; }),
			  "broken.o: an ELF file for machine 62, not for BPF (247): compile with clang -target bpf");
	EXPECT_EQ(with_header([](auto& head) { head.e_ident[EI_DATA] = ELFDATA2MSB; }),
			  "broken.o: a big-endian ELF file: compile with clang -target bpfel");
	EXPECT_EQ(with_header([](auto& head) { head.e_ident[EI_CLASS] = ELFCLASS32; }),
			  "broken.o: a 32-bit ELF file: BPF objects are 64-bit (clang -target bpf)");
}
TEST_F(broken_file, a_program_of_this_machine_is_no_object) {
	EXPECT_EQ(error_of([] { (void)bpf_object::open_file("/proc/self/exe"); }),
			  "exe: an ELF file for machine 62, not for BPF (247): compile with clang -target bpf");
}
TEST_F(broken_file, objects_compiled_for_big_endian_are_told) {
	EXPECT_EQ(error_with(bytes_of(BIG_ENDIAN_OBJECT)),
			  "broken.o: a big-endian ELF file: compile with clang -target bpfel");
}
TEST_F(broken_file, a_file_that_ends_early_says_so) {
	for (std::size_t size = 0; size < file.size(); size += 1 + size / 64) {
		const std::string said = error_with(std::span(file).first(size));
		EXPECT_TRUE(said.starts_with("broken.o: ")) << size << " bytes: " << said;
	}
	EXPECT_NE(error_with(std::span(file).first(file.size() - 1)).find("cut off"), std::string::npos);
}
TEST_F(broken_file, sections_and_symbols_outside_the_file_are_named) {
	const auto far = [](Elf64_Shdr& section) { section.sh_offset = u64{1} << 40; };
	EXPECT_NE(with_sections(SHT_SYMTAB, far).find("section '.symtab': cut off"), std::string::npos);
	file = bytes_of(FILE_CONNS_OBJECT);
	EXPECT_NE(with_sections(SHT_REL, [](Elf64_Shdr& section) { section.sh_link = 99; })
				  .find("its link leads to section 99"),
			  std::string::npos);
	file = bytes_of(FILE_CONNS_OBJECT);
	const auto symbols = section(".symtab");
	Elf64_Sym symbol;
	std::memcpy(&symbol, symbols.data() + sizeof symbol, sizeof symbol);
	symbol.st_shndx = 999;
	std::memcpy(symbols.data() + sizeof symbol, &symbol, sizeof symbol);
	EXPECT_EQ(error_with(file), "broken.o: section '.symtab': symbol 1: section 999 is not there");
}
TEST_F(broken_file, types_that_name_what_is_not_there_or_themselves_are_named) {
	const auto types = section(".BTF");
	types[0] = std::byte{0};
	EXPECT_EQ(error_with(file), "broken.o: section '.BTF': no BTF of version 1 and this byte order");
	types[0] = std::byte{0x9f};
	// The first type is the pointer of a map's member; it becomes a typedef of itself.
	const u32 typedef_of_itself[] = {0, 8u << 24, 1};
	std::memcpy(types.data() + 24, typedef_of_itself, sizeof typedef_of_itself);
	EXPECT_EQ(error_with(file), "broken.o: section '.BTF': type 1 is a part of itself");
	const u32 beyond[] = {0, 8u << 24, 9999};
	std::memcpy(types.data() + 24, beyond, sizeof beyond);
	EXPECT_EQ(error_with(file), "broken.o: section '.BTF': type 1: a type that it names is not there");
}
TEST_F(broken_file, types_without_contents_or_twice_are_told) {
	const std::size_t types = header_of(".BTF"), ext = header_of(".BTF.ext");
	Elf64_Shdr changed = section_header(types);
	changed.sh_type = SHT_NOBITS;
	std::memcpy(file.data() + types, &changed, sizeof changed);
	EXPECT_EQ(error_with(file), "broken.o: section '.BTF': of type 8, not one with contents (1)");
	changed.sh_type = SHT_PROGBITS;
	std::memcpy(file.data() + types, &changed, sizeof changed);
	std::memcpy(file.data() + ext, &changed, sizeof changed);
	EXPECT_EQ(error_with(file), "broken.o: section '.BTF': there are two of them");
}
/// What is told of a file that is loaded all the same.
std::string first_notice(std::span<const std::byte> file) {
	bpf_object object = bpf_object::open_memory(file, "broken.o");
	object.load();
	return object.notices().empty() ? std::string() : object.notices().front().text;
}

TEST_F(broken_file, records_of_instructions_that_are_not_there_are_told_and_left_out) {
	const auto ext = section(".BTF.ext");
	u32 header_size, functions;
	std::memcpy(&header_size, ext.data() + 4, sizeof header_size);
	std::memcpy(&functions, ext.data() + 8, sizeof functions);
	// Behind the size of a record, the section's name and its number of records: the first record's
	// instruction.
	std::byte* const first = ext.data() + header_size + functions + 12;
	const u32 half_an_instruction = 4;
	std::memcpy(first, &half_an_instruction, sizeof half_an_instruction);
	const std::string left_out =
		"section '.BTF.ext' is left out, as libbpf does, and with it the names of functions "
		"and source lines: ";
	EXPECT_EQ(first_notice(file), left_out + "functions: of an instruction that is not there");
	ext[0] = std::byte{0};
	EXPECT_EQ(first_notice(file), left_out + "no header of version 1 and this byte order");
	ext[0] = std::byte{0x9f};
	const u32 some_relocations[] = {0, 16};
	std::memcpy(ext.data() + 24, some_relocations, sizeof some_relocations);
	EXPECT_EQ(error_with(file),
			  "broken.o: section '.BTF.ext': functions: of an instruction that is not there; it has "
			  "CO-RE relocations, without which the programs would read wrong places: compile all "
			  "of it with -g");
}

struct any_file : testing::TestWithParam<const char*> {};

TEST_P(any_file, whatever_byte_of_a_section_is_changed_nothing_crashes) {
	const std::vector<std::byte> file = bytes_of(GetParam());
	Elf64_Ehdr head;
	std::memcpy(&head, file.data(), sizeof head);
	std::mt19937 random(1);
	u32 refused = 0;
	for (u32 round = 0; round != 1000; ++round) {
		Elf64_Shdr section;
		std::memcpy(&section, file.data() + head.e_shoff + (random() % head.e_shnum) * sizeof section,
					sizeof section);
		if (section.sh_size == 0 || section.sh_type == SHT_NOBITS)
			continue;
		std::vector<std::byte> changed = file;
		for (u32 i = 0; i != 1 + round % 3; ++i) {
			std::byte& at = changed[section.sh_offset + random() % section.sh_size];
			at = random() % 2 ? at ^ std::byte{1} << random() % 8 : static_cast<std::byte>(random());
		}
		const std::string said = error_with(changed);
		EXPECT_TRUE(said.empty() || said.starts_with("broken.o: ")) << said;
		refused += !said.empty();
	}
	EXPECT_GT(refused, 50u);
}
INSTANTIATE_TEST_SUITE_P(objects, any_file,
						 testing::Values(FILE_CONNS_OBJECT, FILE_CORE_OBJECT, FILE_MIXED_OBJECT,
										 FILE_LEGACY_OBJECT, FILE_MISSING_BELOW_OBJECT, FILE_STORAGE_OBJECT,
										 FILE_BESIDE_OBJECT, FILE_BOTH_KINDS_OF_MAPS_OBJECT,
										 FILE_KCONFIG_OBJECT, FILE_LENIENT_MAPS_OBJECT, FILE_PINNED_OBJECT,
										 FILE_OLD_MAPS_WITHOUT_TYPES_OBJECT,
										 FILE_GLOBALS_WITHOUT_TYPES_OBJECT),
						 [](const auto& about) { return "file_" + std::to_string(about.index); });

/// libbpf 1.1 takes the size of such a variable, as an int, for an errno, and that for an object.
TEST(broken_kconfig, variables_of_more_than_two_gigabytes_are_refused) {
	std::vector<std::byte> file = bytes_of(FILE_KCONFIG_OBJECT);
	// CONFIG_DEFAULT_HOSTNAME[12]: the one array of 12 elements, behind its types.
	bool found = false;
	for (std::size_t at = 0; at + 24 <= file.size() && !found; at += 4) {
		u32 words[6];
		std::memcpy(words, file.data() + at, sizeof words);
		found = words[0] == 0 && words[1] == 3u << 24 && words[2] == 0 && words[5] == 12;
		const u32 elements = 0xfa000000;
		if (found)
			std::memcpy(file.data() + at + 20, &elements, sizeof elements);
	}
	ASSERT_TRUE(found);
	EXPECT_EQ(error_with(file),
			  "broken.o: section '.kconfig': a variable without a size, or of more than 1048576 "
			  "bytes together");
}

TEST(broken_relocation, a_path_with_a_minus_is_refused) {
	std::vector<std::byte> core = bytes_of(FILE_CORE_OBJECT);
	const char path[] = {0, '0', ':', '0', ':'}; // begins a string of BTF: "0:0:…"
	const auto* const wanted = reinterpret_cast<const std::byte*>(path);
	const auto at = std::search(core.begin(), core.end(), wanted, wanted + sizeof path);
	ASSERT_NE(at, core.end());
	*(at + 1) = std::byte{'-'};
	*(at + 2) = std::byte{'9'};
	const std::string error = error_with(core);
	EXPECT_NE(error.find("CO-RE relocations: with a path that is not numbers and colons"), error.npos)
		<< error;
}

} // namespace
