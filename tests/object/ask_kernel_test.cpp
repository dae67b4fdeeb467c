// SPDX-License-Identifier: MIT
// What this machine's kernel says of objects, and that nothing is left of them in it.
#include <cerrno>
#include <filesystem>
#include <iterator>

#include <unistd.h>

#include <bpf/bpf.h>

#include <sockops/object/ask_kernel.hpp>
#include <sockops/object/object_check.hpp>

#include <object/libbpf/machine_kernel.hpp>

#include "support.hpp"

namespace sockops { // libbpf has a bpf_object, too
namespace {

struct asked_kernel : testing::Test {
	void SetUp() override {
		if (const object::no_verifier none = object::why_no_verifier(); none.error != 0)
			GTEST_SKIP() << none.why;
		if (::access("/sys/kernel/btf/vmlinux", R_OK) != 0)
			GTEST_SKIP() << "the kernel's types cannot be read: no /sys/kernel/btf/vmlinux";
	}
	static std::vector<kernel_answer> ask(const char* path, const object_options& with = {}) {
		bpf_object object = bpf_object::open_file(path, with);
		return ask_kernel(object);
	}
};

TEST_F(asked_kernel, answers_for_each_program_though_others_are_refused) {
	const std::vector<kernel_answer> all = ask(FILE_VERDICTS_OBJECT);
	std::vector<std::pair<std::string, int>> said;
	for (const kernel_answer& each : all)
		said.emplace_back(each.program, each.error);
	EXPECT_EQ(said, (std::vector<std::pair<std::string, int>>{{"writes_where_nothing_may_be", EACCES},
															  {"counts", 0},
															  {"filters", 0}, // of a map that is not modelled
															  {"returns_two", EINVAL},
															  {"is_the_last", 0}}));
	EXPECT_GT(all[1].processed, 5u);
	EXPECT_NE(all[0].words.find("invalid bpf_context access"), std::string::npos) << all[0].words;
	EXPECT_EQ(all[0].line.text, "*(volatile __u32 *)&skops->op = 1;");
	EXPECT_NE(all[0].log.find(all[0].words), std::string::npos);
	EXPECT_NE(all[3].words.find("R0"), std::string::npos) << all[3].words;
	EXPECT_EQ(all[4].section, "sockops/last");
}

TEST_F(asked_kernel, is_not_asked_about_what_it_has_warned_of_itself) {
	const std::vector<kernel_answer> all = ask(FILE_HARMFUL_OBJECT);
	ASSERT_EQ(all.size(), 2u);
	EXPECT_FALSE(all[0].asked);
	EXPECT_EQ(all[0].error, ECANCELED);
	EXPECT_NE(all[0].words.find("a tail call and a callback"), std::string::npos) << all[0].words;
	EXPECT_TRUE(all[1].asked && all[1].taken()) << all[1].words;
}

TEST_F(asked_kernel, sees_the_constants_that_were_set) {
	bpf_object object = bpf_object::open_file(FILE_VERDICTS_OBJECT, {.programs = {"is_the_last"}});
	object.global("result").set(3);
	const std::vector<kernel_answer> all = ask_kernel(object);
	ASSERT_EQ(all.back().program, "is_the_last");
	EXPECT_EQ(all.back().error, EACCES);
}

TEST_F(asked_kernel, relocates_against_its_own_types) {
	for (const char* path : {FILE_CORE_OBJECT, FILE_STORAGE_OBJECT, FILE_MISSING_OBJECT}) {
		const std::vector<kernel_answer> all = ask(path);
		ASSERT_EQ(all.size(), 1u);
		EXPECT_TRUE(all[0].taken()) << path << ":\n" << all[0].log;
	}
}

TEST_F(asked_kernel, is_said_to_lack_what_co_re_does_not_find) {
	const kernel_answer answer = ask(FILE_MISSING_VALUE_OBJECT).front();
	EXPECT_FALSE(answer.taken());
	EXPECT_TRUE(answer.words.ends_with(": CO-RE has found nothing in this kernel for what stands there"))
		<< answer.words;
}

TEST_F(asked_kernel, has_options_of_its_own) {
	if (::access("/proc/config.gz", R_OK) != 0)
		GTEST_SKIP() << "the kernel does not tell its options: no /proc/config.gz";
	EXPECT_NE(error_of([] { (void)check_file(FILE_KCONFIG_OBJECT); }), "") << "nobody says how many CPUs";
	EXPECT_TRUE(ask(FILE_KCONFIG_OBJECT).front().taken());
}

TEST_F(asked_kernel, is_not_shown_what_it_has_not) {
	const std::string said = error_of([] { (void)ask(FILE_KSYMS_NOWHERE_OBJECT); });
	EXPECT_TRUE(
		said.starts_with("Linux " + running_kernel() + " is not shown the programs: file_ksyms_nowhere"))
		<< said;
	EXPECT_NE(said.find("'bpf_walk_the_dog'"), std::string::npos) << said;
}

std::size_t open_descriptors() {
	return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
												  std::filesystem::directory_iterator()));
}

TEST_F(asked_kernel, keeps_no_descriptor_and_pins_nothing) {
	const std::size_t before = open_descriptors();
	bpf_object object = bpf_object::open_file(FILE_PINNED_OBJECT);
	EXPECT_EQ(ask_kernel(object).size(), 2u);
	EXPECT_EQ(open_descriptors(), before) << "the object is still there, and what was made for it is not";
	EXPECT_FALSE(std::filesystem::exists("/sys/fs/bpf/calls_of_all_objects"));
	EXPECT_EQ(error_of([&] { (void)ask_kernel(object); }),
			  "file_pinned.bpf.o: ask_kernel(): it has been checked, which loads nothing: open it anew");
}

TEST_F(asked_kernel, is_asked_for_nothing_but_loading) {
	object::machine_kernel kernel("");
	::bpf_attr attr{};
	for (const int command : {BPF_PROG_ATTACH, BPF_PROG_DETACH, BPF_OBJ_PIN, BPF_OBJ_GET, BPF_LINK_CREATE,
							  BPF_PROG_TEST_RUN, BPF_RAW_TRACEPOINT_OPEN, BPF_MAP_GET_FD_BY_ID})
		EXPECT_EQ(kernel.call(command, &attr, sizeof attr), -EINVAL) << command;
	attr.map_type = BPF_MAP_TYPE_HASH;
	attr.key_size = attr.value_size = 4;
	attr.max_entries = 1 << 30;
	const int map = static_cast<int>(kernel.call(BPF_MAP_CREATE, &attr, sizeof attr));
	ASSERT_GE(map, 0);
	::bpf_map_info about{};
	u32 size = sizeof about;
	EXPECT_EQ(::bpf_obj_get_info_by_fd(map, &about, &size), 0);
	EXPECT_EQ(about.max_entries, 4096u);
	EXPECT_EQ(attr.max_entries, 1u << 30) << "the caller's stays";
	::close(map);
}

TEST_F(asked_kernel, leaves_this_library_its_own) {
	(void)ask(FILE_CONNS_OBJECT);
	bpf_object object = bpf_object::load_file(FILE_CONNS_OBJECT);
	EXPECT_TRUE(is_interpreted(*object.prog().get()));
	EXPECT_FALSE(check_file(FILE_CORE_OBJECT).front().refused);
}

} // namespace
} // namespace sockops
