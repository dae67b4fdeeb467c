// SPDX-License-Identifier: MIT
// All verdicts of an object, and nothing loaded.
#include <fstream>
#include <iterator>

#include <sockops/object/object_check.hpp>

#include "support.hpp"

namespace {

using namespace sockops;
using by = bpf_load_error::by;

std::vector<std::byte> bytes_of(const char* path) {
	std::ifstream in(path, std::ios::binary);
	const std::string text((std::istreambuf_iterator<char>(in)), {});
	const auto* const first = reinterpret_cast<const std::byte*>(text.data());
	return {first, first + text.size()};
}

TEST(object_check, has_a_verdict_for_each_program_and_says_who_refuses_it) {
	const std::vector<program_verdict> all = check_file(FILE_VERDICTS_OBJECT);
	std::vector<std::string> names;
	for (const program_verdict& each : all)
		names.push_back(each.program);
	ASSERT_EQ(names, (std::vector<std::string>{"writes_where_nothing_may_be", "counts", "filters",
											   "returns_two", "is_the_last"}));
	EXPECT_FALSE(all[1].refused) << all[1].refused->message;
	EXPECT_FALSE(all[4].refused) << all[4].refused->message;
	EXPECT_EQ(all[4].section, "sockops/last");

	ASSERT_TRUE(all[0].refused);
	EXPECT_EQ(all[0].refused->refused_by, by::kernel);
	EXPECT_EQ(all[0].refused->line.text, "*(volatile __u32 *)&skops->op = 1;");
	EXPECT_TRUE(all[0].refused->message.starts_with(
		"file_verdicts.bpf.o: section 'sockops': writes_where_nothing_may_be: instruction "))
		<< all[0].refused->message;
	ASSERT_TRUE(all[2].refused);
	EXPECT_EQ(all[2].refused->refused_by, by::not_here);
	EXPECT_TRUE(all[2].refused->reason.starts_with("map 'ops' is of type BLOOM_FILTER, which this library "))
		<< all[2].refused->reason;
	ASSERT_TRUE(all[3].refused);
	EXPECT_EQ(all[3].refused->refused_by, by::kernel);
}

TEST(object_check, looks_at_what_the_globals_leave) {
	bpf_object object = bpf_object::open_file(FILE_VERDICTS_OBJECT, {.programs = {"is_the_last"}});
	object.global("result").set(3);
	const std::vector<program_verdict> all = check_opened(object);
	ASSERT_EQ(all.back().program, "is_the_last");
	ASSERT_TRUE(all.back().refused) << "what it switches on is looked at";
	EXPECT_EQ(all.back().refused->line.text, "*(volatile __u32 *)&skops->op = 1;");
}

TEST(object_check, is_the_same_of_bytes) {
	const std::vector<program_verdict> all = check_memory(bytes_of(FILE_REFUSED_OBJECT), "mine");
	ASSERT_EQ(all.size(), 1u);
	EXPECT_EQ(all[0].program, "refused_for_a_long_name");
	ASSERT_TRUE(all[0].refused);
	EXPECT_TRUE(all[0].refused->message.starts_with("mine: section 'sockops': ")) << all[0].refused->message;
}

TEST(object_check, loads_nothing_and_tells_what_loading_would) {
	bpf_object object = bpf_object::open_file(FILE_MISSING_OBJECT);
	const std::size_t when_opened = object.notices().size();
	(void)check_opened(object);
	EXPECT_GT(object.notices().size(), when_opened);
	EXPECT_EQ(error_of([&] { object.load(); }),
			  "file_missing.bpf.o: load(): it has been checked, which loads nothing: open it anew");
	EXPECT_NE(error_of([&] { (void)check_opened(object); }), "");
	EXPECT_NE(error_of([&] { (void)object.prog(); }), "");
	bpf_object loaded = bpf_object::load_file(FILE_CONNS_OBJECT);
	EXPECT_NE(error_of([&] { (void)check_opened(loaded); }), "");
}

TEST(object_check, does_not_come_to_programs_where_a_map_is_wrong) {
	EXPECT_EQ(error_of([] { (void)check_file(FILE_BAD_MAP_OBJECT); }),
			  "file_bad_map.bpf.o: map 'wide': ARRAY: key_size is 8; make it 4, an index");
	EXPECT_THROW((void)check_file(FILE_OTHER_TYPES_OBJECT), no_program_error);
	try {
		(void)check_file(FILE_PART_ONE_OBJECT);
		ADD_FAILURE() << "it lacks the other part";
	} catch (const no_program_error& wrong) {
		ADD_FAILURE() << wrong.what();
	} catch (const object_error&) {
	}
}

TEST(object_check, has_its_say_whether_it_is_to_be_loaded_unchecked_or_not) {
	const std::vector<program_verdict> all = check_file(FILE_REFUSED_OBJECT, {.unchecked = true});
	ASSERT_EQ(all.size(), 1u);
	EXPECT_TRUE(all[0].refused);
}

} // namespace
