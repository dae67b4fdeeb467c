// SPDX-License-Identifier: MIT
// What an error says: file, section, program, instruction, source line, and what helps.
#include "support.hpp"

namespace {

using namespace sockops;

std::string load_error(const char* path) {
	return error_of([&] { (void)bpf_object::load_file(path); });
}

TEST(bpf_object_error, a_refused_program_is_named_with_its_section_and_line) {
	const std::string said = load_error(FILE_REFUSED_OBJECT);
	EXPECT_TRUE(said.starts_with(
		"file_refused.bpf.o: section 'sockops': refused_for_a_long_name: instruction 1 (refused.bpf.c:11, "
		"'*(volatile __u32 *)&skops->op = 1;'): "))
		<< said;
	EXPECT_EQ(said.find('\n'), std::string::npos);
}
TEST(bpf_object_error, a_refused_map_is_named_with_its_attribute) {
	EXPECT_EQ(load_error(FILE_BAD_MAP_OBJECT),
			  "file_bad_map.bpf.o: map 'wide': ARRAY: key_size is 8; make it 4, an index");
}
TEST(bpf_object_error, a_map_that_was_not_made_is_named_where_it_is_used) {
	const std::string said = load_error(FILE_FOREIGN_MAP_OBJECT);
	EXPECT_TRUE(said.starts_with("file_foreign_map.bpf.o: section 'sockops': uses_devices: instruction "))
		<< said;
	EXPECT_NE(
		said.find("map 'devices' is of type DEVMAP, which this library has not, and was left out: this "
				  "program uses it; object_options::programs, or sockops-run --prog, names others to load"),
		std::string::npos)
		<< said;
}
TEST(bpf_object_error, an_object_without_sock_ops_says_what_it_has) {
	EXPECT_EQ(load_error(FILE_OTHER_TYPES_OBJECT),
			  "file_other_types.bpf.o: no sock_ops program: it has pass in section 'xdp', allow in section "
			  "'cgroup/sock_create'; one is in a section 'sockops', or 'sockops/' and a name");
}
TEST(bpf_object_error, a_part_alone_misses_what_the_other_part_has) {
	const std::string said = load_error(FILE_PART_ONE_OBJECT);
	EXPECT_TRUE(said.starts_with("file_part_one.bpf.o: ")) << said;
	EXPECT_NE(said.find("extern 'twice'"), std::string::npos) << said;
	EXPECT_NE(said.find("open_linked()"), std::string::npos) << said;
}
TEST(bpf_object_error, two_files_with_the_same_function_cannot_be_linked) {
	const std::string said = error_of([] {
		(void)bpf_object::open_linked({FILE_PART_TWO_OBJECT, FILE_PART_TWO_OBJECT});
	});
	EXPECT_TRUE(said.starts_with("file_part_two.bpf.o: it cannot be linked: ")) << said;
	EXPECT_EQ(error_of([] { (void)bpf_object::open_linked({}); }),
			  "open_linked() of no file: name one or more");
}
TEST(bpf_object_error, a_file_that_is_not_there_or_no_file_is_named) {
	EXPECT_EQ(load_error("/nowhere/tune.bpf.o"),
			  "/nowhere/tune.bpf.o: it cannot be read: No such file or directory");
	EXPECT_TRUE(load_error("/").starts_with("/: it cannot be read: "));
}
TEST(bpf_object_error, names_that_are_not_there_are_answered_with_those_that_are) {
	bpf_object object = bpf_object::load_file(FILE_CONNS_OBJECT);
	EXPECT_EQ(error_of([&] { (void)object.prog("tun"); }),
			  "file_conns.bpf.o: no sock_ops program 'tun': it has tune");
	EXPECT_EQ(error_of([&] { (void)object.map("conn"); }),
			  "file_conns.bpf.o: no map 'conn': it has calls_by_cpu, conns, events");
	EXPECT_EQ(error_of([&] { (void)object.global("callz"); }),
			  "file_conns.bpf.o: no global variable 'callz'; it has target_port, expected, offset, hidden, "
			  "hidden_too, calls");
	const bpf_object mixed = bpf_object::load_file(FILE_MIXED_OBJECT);
	EXPECT_EQ(error_of([&] { (void)mixed.prog(); }),
			  "file_mixed.bpf.o: prog() without a name, of 2 programs: it has by_tail_call, entry");
}
TEST(bpf_object_error, what_comes_too_early_or_too_late_is_told) {
	bpf_object object = bpf_object::open_file(FILE_CONNS_OBJECT);
	EXPECT_EQ(error_of([&] { (void)object.prog(); }),
			  "file_conns.bpf.o: prog(): it has not been loaded: load() first");
	EXPECT_EQ(error_of([&] { (void)object.map("conns"); }),
			  "file_conns.bpf.o: map(): it has not been loaded: load() first");
	object.load();
	EXPECT_EQ(error_of([&] { object.load(); }), "file_conns.bpf.o: load(): it has been loaded");
	EXPECT_EQ(error_of([&] { object.global("target_port").set(1); }),
			  "a value that may not be written: a copy, or a variable of .rodata after load()");
	bpf_object refused = bpf_object::open_file(FILE_REFUSED_OBJECT);
	EXPECT_NE(error_of([&] { refused.load(); }), "");
	EXPECT_EQ(error_of([&] { refused.load(); }),
			  "file_refused.bpf.o: load(): to load it has failed: open it anew");
}
std::vector<object_notice> notices_of_failure(const char* path) {
	try {
		(void)bpf_object::load_file(path);
	} catch (const object_error& failure) {
		return failure.notices;
	}
	ADD_FAILURE() << path << " loads";
	return {};
}
TEST(bpf_object_error, notices_come_with_it_when_opening_or_loading_fails) {
	const std::vector<object_notice> when_loading = notices_of_failure(FILE_FOREIGN_MAP_OBJECT);
	ASSERT_EQ(when_loading.size(), 1u);
	EXPECT_TRUE(when_loading[0].text.starts_with("map 'devices' is of type ")) << when_loading[0];
	const std::vector<object_notice> when_opening = notices_of_failure(FILE_OTHER_TYPES_OBJECT);
	ASSERT_EQ(when_opening.size(), 2u);
	EXPECT_TRUE(when_opening[0].text.starts_with("pass in section 'xdp' is of type XDP, no sock_ops program"))
		<< when_opening[0];
	EXPECT_EQ(notices_of_failure("/nowhere/tune.bpf.o"), std::vector<object_notice>{});
}
TEST(bpf_object_error, libbpf_prints_nothing) {
	testing::internal::CaptureStderr();
	testing::internal::CaptureStdout();
	EXPECT_NE(load_error(FILE_REFUSED_OBJECT), "");
	EXPECT_NE(load_error(FILE_PART_ONE_OBJECT), "");
	EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
	EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

} // namespace
