// SPDX-License-Identifier: MIT
// Variables that DWARF names on the stack, against the code of the same file: each address in a frame that a
// call is given is the beginning of a variable whose name, size and line the source has.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>

#include <gtest/gtest.h>

#include <object/check/elf_check.hpp>
#include <object/check/elf_view.hpp>
#include <object/debug/debug_data.hpp>
#include <object/debug/frame_size.hpp>
#include <object/debug/placed_file.hpp>

namespace {

using namespace sockops;
using namespace sockops::object;

std::vector<std::byte> bytes_of(const char* path) {
	std::ifstream in(path, std::ios::binary);
	const std::vector<char> chars{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
	const auto* const first = reinterpret_cast<const std::byte*>(chars.data());
	return {first, first + chars.size()};
}

/// The instructions of a function, by its symbol.
std::vector<bpf_insn> code_of(std::span<const std::byte> file, std::string_view function) {
	const elf_view view(file);
	for (u32 i = 1; i != view.section_count(); ++i) {
		const Elf64_Shdr table = *view.section(i);
		for (u64 at = 0; table.sh_type == SHT_SYMTAB && at != table.sh_size; at += sizeof(Elf64_Sym)) {
			const auto symbol = *view.at<Elf64_Sym>(table.sh_offset + at);
			if (view.string(table.sh_link, symbol.st_name) != function)
				continue;
			std::vector<bpf_insn> code(symbol.st_size / sizeof(bpf_insn));
			const auto all = view.bytes(*view.section(symbol.st_shndx));
			std::memcpy(code.data(), all.data() + symbol.st_value, symbol.st_size);
			return code;
		}
	}
	ADD_FAILURE() << function << " is not in the file";
	return {};
}

struct given_key {
	u32 insn;
	std::optional<s32> from_r10; ///< nullopt: the address has been in memory meanwhile
};

/// What r2 is at calls of bpf_map_lookup_elem().
std::vector<given_key> keys_given(const std::vector<bpf_insn>& code) {
	std::vector<given_key> all;
	std::array<std::optional<s32>, 11> from_r10;
	from_r10[10] = 0;
	for (u32 at = 0; at != code.size(); ++at) {
		const bpf_insn& insn = code[at];
		const u8 kind = insn.code & 7;
		if (insn.code == 0xbf) // mov
			from_r10[insn.dst_reg] = from_r10[insn.src_reg];
		else if (insn.code == 0x07 && from_r10[insn.dst_reg]) // add
			*from_r10[insn.dst_reg] += insn.imm;
		else if (insn.code == 0x85 && insn.src_reg == 0 && insn.imm == 1)
			all.push_back({at, from_r10[2]});
		else if (kind == 0 || kind == 1 || kind == 4 || kind == 7) // ld, ldx, alu, alu64
			from_r10[insn.dst_reg].reset();
	}
	return all;
}

const bpf_stack_variable* variable_at(const std::vector<bpf_stack_variable>& all, u32 insn, s32 offset) {
	const bpf_stack_variable* found = nullptr;
	for (const bpf_stack_variable& each : all)
		if (insn >= each.from && insn < each.to && offset == each.offset)
			found = &each;
	return found;
}

std::string described(const bpf_stack_variable* variable) {
	if (!variable)
		return "none";
	return variable->name + ", " + std::to_string(variable->size) + " bytes, " +
		   variable->file.substr(variable->file.rfind('/') + 1) + ":" + std::to_string(variable->line);
}

/// Of a program that has these functions, the last of which ends at `insns`.
std::vector<bpf_stack_variable> variables_of(const debug_data& known, std::vector<bpf_function> functions,
											 u32 insns) {
	const std::vector<bpf_insn> code(insns);
	bpf_prog_load_attr program;
	program.insns = code;
	program.functions = std::move(functions);
	known.tell(program);
	return program.variables;
}

/// Of a file, what its calls are given.
std::vector<std::string> names_of_keys(const char* path, const char* function) {
	const std::vector<std::byte> file = bytes_of(path);
	const std::vector<bpf_insn> code = code_of(file, function);
	debug_data known;
	known.add(file);
	const auto variables = variables_of(known, {{0, function}}, static_cast<u32>(code.size()));
	std::vector<std::string> names;
	for (const auto& [insn, offset] : keys_given(code))
		names.push_back(offset ? described(variable_at(variables, insn, *offset)) : "?");
	return names;
}

using names = std::vector<std::string>;

struct stack_variables_of : testing::TestWithParam<const char*> {
	void SetUp() override {
		if (!reads_dwarf())
			GTEST_SKIP() << "the library is made without libdw";
	}
};

TEST_P(stack_variables_of, the_main_program_are_named_with_size_and_line_in_all_scopes) {
	const names expected{"whole, 24 bytes, stack.bpf.c:40",      "number, 8 bytes, stack.bpf.c:42",
						 "text, 20 bytes, stack.bpf.c:43",       "rows, 32 bytes, stack.bpf.c:45",
						 "first_scope, 8 bytes, stack.bpf.c:52", "second_scope, 24 bytes, stack.bpf.c:56",
						 "inlined, 8 bytes, stack.bpf.c:28",     "inlined, 8 bytes, stack.bpf.c:28"};
	const names found = names_of_keys(GetParam(), "stack");
	ASSERT_EQ(found.size(), expected.size());
	std::size_t unknown = 0;
	for (std::size_t i = 0; i != found.size(); ++i)
		if (found[i] == "?")
			++unknown;
		else
			EXPECT_EQ(found[i], expected[i]);
	EXPECT_LE(unknown, 1u);
}
TEST_P(stack_variables_of, a_subprogram_are_counted_from_its_own_frame) {
	EXPECT_EQ(names_of_keys(GetParam(), "apart"), names{"subprogram, 24 bytes, stack.bpf.c:33"});
}
TEST_P(stack_variables_of, another_program_of_the_same_section_are_its_own) {
	EXPECT_EQ(names_of_keys(GetParam(), "other"), names{"alone, 2 bytes, stack.bpf.c:67"});
}
TEST_P(stack_variables_of, a_loaded_program_are_where_libbpf_has_put_its_functions) {
	const std::vector<std::byte> file = bytes_of(GetParam());
	const auto main = static_cast<u32>(code_of(file, "other").size()),
			   apart = static_cast<u32>(code_of(file, "apart").size());
	debug_data known;
	known.add(file);
	const auto all = variables_of(known, {{0, "other"}, {main, "apart"}}, main + apart);
	bool found = false;
	for (const bpf_stack_variable& each : all) {
		EXPECT_EQ(each.from >= main, each.name == "subprogram") << each.name;
		EXPECT_LE(each.to, main + apart);
		found |= each.name == "subprogram";
	}
	EXPECT_TRUE(found);
	EXPECT_TRUE(std::ranges::is_sorted(all, {}, &bpf_stack_variable::from));
	// A function of another length is another one.
	EXPECT_TRUE(variables_of(known, {{0, "apart"}}, apart + 1).empty());
	// Two files that have a static function of one name each: it cannot be told whose it is.
	known.add(file);
	EXPECT_TRUE(variables_of(known, {{0, "apart"}}, apart).empty());
}

INSTANTIATE_TEST_SUITE_P(all, stack_variables_of,
						 testing::Values(STACK_O1_OBJECT, STACK_O2_OBJECT, STACK_DWARF4_OBJECT,
										 STACK_DWARF4_O1_OBJECT, STACK_V1_OBJECT),
						 [](const auto& file) {
							 const std::string path = file.param;
							 const std::size_t name = path.rfind('/') + 1;
							 return path.substr(name, path.find('.', name) - name);
						 });

TEST(stack_variables_of_a_file, without_dwarf_are_none) {
	EXPECT_TRUE(read_debug_data(bytes_of(STACK_WITHOUT_DWARF_OBJECT)).empty());
}

/// Bytes of the debug sections and of their relocations, changed at random.
TEST(stack_variables_of_a_file, whose_dwarf_is_damaged_are_within_their_functions_frames) {
	if (!reads_dwarf())
		GTEST_SKIP() << "the library is made without libdw";
	std::mt19937 random(1);
	const auto below = [&](std::size_t limit) { return random() % limit; };
	std::size_t variables = 0;
	for (int round = 0; round != 200; ++round) {
		std::vector<std::byte> file = bytes_of(round % 2 ? STACK_O2_OBJECT : STACK_DWARF4_OBJECT);
		std::vector<Elf64_Shdr> sections;
		const elf_view view(file);
		for (u32 i = 1; i != view.section_count(); ++i)
			if (view.name_of(*view.section(i)).find(".debug_") != std::string_view::npos)
				sections.push_back(*view.section(i));
		for (std::size_t change = 1 + below(8); change != 0; --change) {
			const Elf64_Shdr& section = sections[below(sections.size())];
			file[section.sh_offset + below(section.sh_size)] = static_cast<std::byte>(random());
		}
		for (const debug_function& each : read_debug_data(file))
			for (const bpf_stack_variable& variable : each.variables) {
				++variables;
				EXPECT_LT(variable.from, variable.to);
				EXPECT_LE(variable.to, each.insns);
				EXPECT_GE(variable.offset, -512);
				EXPECT_LE(variable.offset + static_cast<s32>(variable.size), 0);
			}
	}
	EXPECT_GT(variables, 200u) << "nearly nothing was read: the changes are too many to say anything";
}

TEST(the_reach_below_r10, of_code_is_that_of_its_accesses_and_arguments) {
	const auto reach = [](std::vector<bpf_insn> code) { return reach_below_r10(code); };
	const bpf_insn copy{0xbf, 2, 10, 0, 0}, call{0x85, 0, 0, 0, 1};
	EXPECT_EQ(reach({}), 0u);
	EXPECT_EQ(reach({{0x7b, 10, 1, -24, 0}}), 24u) << "a store";
	EXPECT_EQ(reach({{0x71, 1, 10, -5, 0}}), 5u) << "a load";
	EXPECT_EQ(reach({{0x62, 10, 0, -12, 7}}), 12u) << "a number";
	EXPECT_EQ(reach({copy, {0x07, 2, 0, 0, -16}}), 0u) << "an address that nobody gets";
	EXPECT_EQ(reach({copy, {0x07, 2, 0, 0, -16}, call}), 16u);
	EXPECT_EQ(reach({copy, {0x07, 2, 0, 0, -16}, {0x0f, 2, 1, 0, 0}, call}), 0u) << "an index is added";
	EXPECT_EQ(reach({copy, {0x07, 2, 0, 0, -16}, {0x05, 0, 0, 1, 0}, call}), 0u) << "of another way";
	EXPECT_EQ(reach({copy, {0x07, 2, 0, 0, -16}, {0x15, 1, 0, 1, 0}, call}), 16u) << "of the same way";
	EXPECT_EQ(reach({copy, {0x7b, 2, 1, -8, 0}, {0x07, 2, 0, 0, -32}, {0x7b, 10, 2, -8, 0}}), 32u)
		<< "an address that is stored";
	EXPECT_EQ(reach({{0x7b, 10, 1, -600, 0}}), 0u) << "in no frame";
}

} // namespace
