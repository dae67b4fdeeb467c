// SPDX-License-Identifier: MIT
// Failures as lines that code hosts show: where the source is, as seen from the top of the tree.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "../../src/tools/sockops_run/failure.hpp"

namespace {

namespace fs = std::filesystem;
using namespace sockops_run;

/// A tree with module/bpf/tune.c, of which module/gen/tune.o is compiled; it is what GITHUB_WORKSPACE says.
struct annotations : ::testing::Test {
	annotations() {
		fs::create_directories(top / "module/bpf");
		fs::create_directories(top / "module/gen");
		std::ofstream(top / "module/bpf/tune.c") << "int x;\n";
		::setenv("GITHUB_WORKSPACE", top.c_str(), 1);
	}
	~annotations() override {
		fs::remove_all(top);
		::unsetenv("GITHUB_WORKSPACE");
	}
	const fs::path top = fs::temp_directory_path() / ("sockops failure_test " + std::to_string(::getpid()));
	const std::vector<std::string> objects{top / "module/gen/tune.o"};
};

TEST_F(annotations, name_the_file_as_its_compiler_did_if_that_is_in_the_tree) {
	EXPECT_EQ(path_in_tree(top / "module/bpf/tune.c", objects), "module/bpf/tune.c");
	EXPECT_EQ(path_in_tree("module/bpf/tune.c", objects), "module/bpf/tune.c");
}

TEST_F(annotations, find_what_was_named_from_the_folder_of_the_object_or_one_above_it) {
	EXPECT_EQ(path_in_tree("./../bpf/tune.c", objects), "module/bpf/tune.c");
	EXPECT_EQ(path_in_tree("bpf/tune.c", objects), "module/bpf/tune.c");
}

TEST_F(annotations, find_what_was_compiled_in_another_checkout) {
	EXPECT_EQ(path_in_tree("/build/somewhere/module/bpf/tune.c", objects), "module/bpf/tune.c");
	EXPECT_EQ(path_in_tree("/build/somewhere/bpf/tune.c", {}), "") << "no object says that it is in module/";
}

TEST_F(annotations, name_no_file_that_is_outside_of_the_tree_or_nowhere) {
	const fs::path outside = top.string() + ".c";
	std::ofstream(outside) << "int x;\n";
	EXPECT_EQ(path_in_tree(outside, objects), "");
	fs::remove(outside);
	EXPECT_EQ(path_in_tree("nowhere.c", objects), "");
	EXPECT_EQ(path_in_tree("module/bpf", objects), "") << "a folder";
}

TEST_F(annotations, have_a_place_only_in_the_tree) {
	EXPECT_TRUE(has_place({"it", "was", "module/bpf/tune.c", 12}, objects));
	EXPECT_FALSE(has_place({"it", "was", "nowhere.c", 12}, objects));
	EXPECT_FALSE(has_place({"it", "was"}, objects));
}

TEST_F(annotations, have_the_file_the_line_and_in_one_line_the_text) {
	EXPECT_EQ(annotation({"it was: stopped, 100%", "first\nsecond, with 5%: all", "module/bpf/tune.c", 12},
						 objects),
			  "::error file=module/bpf/tune.c,line=12,title=it was%3A stopped%2C 100%25::first%0Asecond, "
			  "with 5%25: "
			  "all\n");
	EXPECT_EQ(annotation({"it", "was", "nowhere.c", 12}, objects), "::error title=it::was\n");
	EXPECT_EQ(annotation({"it", "was", "module/bpf/tune.c"}, objects),
			  "::error file=module/bpf/tune.c,title=it::was\n");
}

} // namespace
