// SPDX-License-Identifier: MIT
// Files with very much of one thing, which are read in a time and a space that go with their size. At these
// sizes, what goes with the square of them takes many seconds, or a gigabyte.
#include <sys/resource.h>

#include <ctime>

#include <linux/btf.h>

#include "made_file.hpp"
#include "support.hpp"

namespace {

using namespace sockops;

constexpr bpf_insn return_one[] = {{.code = 0xb7, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 1},
								   {.code = 0x95, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};

std::vector<bpf_insn> returns_one() { return {std::begin(return_one), std::end(return_one)}; }

std::string error_with(std::span<const std::byte> file) {
	return error_of([&] { (void)bpf_object::open_memory(file, "large.o"); });
}

/// Of the whole process so far, in MB.
long most_memory() {
	rusage used{};
	EXPECT_EQ(getrusage(RUSAGE_SELF, &used), 0);
	return used.ru_maxrss / 1024;
}

constexpr double most_work = 6; ///< seconds; without sanitizers half of one is needed at most

/// Seconds of this process's work, whoever else there is.
template <class Action>
double work_of(Action action) {
	const std::clock_t begin = std::clock();
	action();
	return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST(large_file, sections_of_maps_share_one_new_name) {
	made_file file;
	file.add_program(returns_one(), 2);
	const u32 maps = file.add("maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE,
							  made_file::bytes_of(std::vector<u32>{BPF_MAP_TYPE_ARRAY, 4, 8, 16}));
	file.add_symbol("a_map", STT_OBJECT, maps, 16);
	for (u32 i = 0; i != 2000; ++i)
		file.add("maps/x", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, {});
	file.pad_names(500'000);
	const auto image = file.finished();
	const long before = most_memory();
	bpf_object object = bpf_object::open_memory(image, "large.o");
	object.load();
	EXPECT_EQ(object.map("a_map").map().attr.max_entries, 16u);
	EXPECT_LT(most_memory() - before, 500) << "MB: each copy of the names has half of one";
}

std::string section_of_map(u32 number) {
	std::string name = "maps/m";
	return name += std::to_string(number);
}

/// ARRAYs "m0", "m1" … of 1, 2 … elements, each declared in a section of its own.
made_file::contents with_old_maps(u32 count) {
	made_file file;
	file.add_program(returns_one(), 2);
	for (u32 i = 0; i != count; ++i) {
		const std::string name = section_of_map(i);
		const u32 section = file.add(name, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE,
									 made_file::bytes_of(std::vector<u32>{BPF_MAP_TYPE_ARRAY, 4, 8, i + 1}));
		file.add_symbol(std::string_view(name).substr(5), STT_OBJECT, section, 16);
	}
	return file.finished();
}

TEST(large_file, each_old_map_of_many_has_its_place) {
	constexpr u32 count = 200;
	bpf_object object = bpf_object::open_memory(with_old_maps(count), "large.o");
	object.load();
	for (u32 i = 0; i != count; ++i)
		EXPECT_EQ(object.map(section_of_map(i).substr(5)).map().attr.max_entries, i + 1);
	const auto more = with_old_maps(10'000);
	EXPECT_LT(work_of([&] { EXPECT_EQ(error_with(more), ""); }), most_work);
}

TEST(large_file, code_is_looked_at_once_however_many_calls_lead_to_it) {
	constexpr s32 count = 200'000;
	std::vector<bpf_insn> code;
	for (s32 i = 0; i != count; ++i) // each calls the function that it is in, or a place that has no symbol
		code.push_back({.code = 0x85,
						.dst_reg = 0,
						.src_reg = call_kind::subprogram,
						.off = 0,
						.imm = i % 2 ? -i - 1 : count - 1});
	code.resize(2 * count, return_one[1]);
	made_file file;
	file.add_program(code, count);
	const auto image = file.finished();
	EXPECT_LT(work_of([&] { EXPECT_EQ(error_with(image), ""); }), most_work);
}

TEST(large_file, strings_of_types_are_looked_for_once) {
	constexpr u32 count = 20'000;
	made_file file;
	file.add_program(returns_one(), 2);
	for (u32 i = 0; i != count; ++i)
		file.add("empty", SHT_PROGBITS, 0, {});
	const std::string_view strings("\0sockops\0000:0", 13);
	made_file::contents types = made_file::bytes_of(
		std::vector{btf_header{BTF_MAGIC, BTF_VERSION, 0, sizeof(btf_header), 0, 0, 0, 13}});
	const auto characters = std::as_bytes(std::span(strings));
	types.insert(types.end(), characters.begin(), characters.end());
	file.add(".BTF", SHT_PROGBITS, 0, types);
	const u32 of_the_table = 4 + count * 24;
	// A header without functions and lines, and the size of a record of CO-RE's.
	std::vector<u32> records{BTF_MAGIC | BTF_VERSION << 16, 32, 0, 0, 0, 0, 0, of_the_table, 16};
	for (u32 i = 0; i != count; ++i) // one record of section "sockops": instruction, type, path "0:0", kind
		for (const u32 each : {1, 1, 0, 1, 9, 0})
			records.push_back(each);
	file.add(".BTF.ext", SHT_PROGBITS, 0, made_file::bytes_of(records));
	const auto image = file.finished();
	EXPECT_LT(work_of([&] { EXPECT_EQ(error_with(image), ""); }), most_work);
}

TEST(large_file, sections_that_overlap_are_refused) {
	made_file file;
	file.add_program(returns_one(), 2);
	const u32 first = file.add("maps/x", SHT_PROGBITS, SHF_ALLOC, made_file::contents(100'000));
	for (u32 i = 0; i != 1000; ++i) {
		const u32 same = file.add("maps/x", SHT_PROGBITS, SHF_ALLOC, {});
		file.section(same).sh_offset = file.section(first).sh_offset;
		file.section(same).sh_size = file.section(first).sh_size;
	}
	const std::string error = error_with(file.finished());
	EXPECT_TRUE(error.starts_with("large.o: its sections overlap: together they have 1001")) << error;
}

TEST(large_file, more_sections_than_have_indices_are_refused) {
	made_file most;
	most.add_program(returns_one(), 2);
	while (most.add("empty", SHT_PROGBITS, 0, {}) != 0xfefc) {
	}
	made_file more = most;
	EXPECT_EQ(error_with(most.finished()), "");
	more.add("empty", SHT_PROGBITS, 0, {});
	EXPECT_EQ(error_with(more.finished()), "large.o: 65280 sections; allowed are 65279");
}

} // namespace
