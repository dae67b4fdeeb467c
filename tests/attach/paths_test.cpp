// SPDX-License-Identifier: MIT
// Cgroups by their paths: what is made, what is found, and what is said where a path is mistyped.

#include <gtest/gtest.h>

#include "../sync/support.hpp"

namespace {

using namespace sockops;

struct paths : ::testing::Test {
	cgroup_root root;
	sync_test::recorded_reports reports;

	/// What at() says of a path that is not there. It returns the root.
	std::string said_of(std::string_view path) {
		EXPECT_EQ(&root.at(path), &*root);
		const std::vector<sync_test::report> told = reports.take();
		EXPECT_EQ(told.size(), 1u);
		if (told.empty())
			return "";
		EXPECT_EQ(told[0].call, "cgroup_root::at");
		return told[0].message;
	}
};

TEST_F(paths, make_makes_what_is_missing_and_at_and_find_find_what_is_there) {
	EXPECT_EQ(&root.make("/"), &*root);
	EXPECT_EQ(&root.at("/"), &*root);
	cgroup& made = root.make("/a/b/c");
	EXPECT_EQ(made.path(), "/a/b/c");
	EXPECT_EQ(&root.make("/a/b/c"), &made);
	EXPECT_EQ(&root.at("/a/b/c"), &made);
	EXPECT_EQ(&root.at("/a/b"), made.parent);
	EXPECT_EQ(root.find("/a/b"), made.parent);
	EXPECT_EQ(root.find("/a/x"), nullptr);
	EXPECT_EQ(root.find("a"), nullptr);
	EXPECT_EQ(reports.calls(), "");
}

TEST_F(paths, a_mistyped_one_is_told_with_what_is_there_and_made_by_nobody) {
	net in;
	scoped_tcp_sock sk(in, root.make("/fleet/web"));
	root.make("/fleet/api");
	EXPECT_EQ(said_of("/fleet/wbe"),
			  "\"/fleet/wbe\" is not there; /fleet is. Is /fleet/web meant? make() makes what "
			  "is missing; the root is returned");
	EXPECT_EQ(said_of("/flet/web"), "\"/flet/web\" is not there; / is. Is /fleet meant? make() makes what is "
									"missing; the root is returned");
	EXPECT_EQ(
		said_of("/fleet/web/x"),
		"\"/fleet/web/x\" is not there; /fleet/web is. make() makes what is missing; the root is returned");
	EXPECT_EQ(
		said_of("/fleet/database"),
		"\"/fleet/database\" is not there; /fleet is. make() makes what is missing; the root is returned");
	EXPECT_EQ(root.find("/fleet/wbe"), nullptr);
	EXPECT_EQ(root.find("/flet"), nullptr);
}

TEST_F(paths, a_removed_one_is_not_there) {
	root.make("/lab");
	ASSERT_EQ(cgroup_rmdir(root.at("/lab")), 0);
	EXPECT_EQ(said_of("/lab"),
			  "\"/lab\" is not there; / is. make() makes what is missing; the root is returned");
}

TEST_F(paths, what_is_no_path_is_told) {
	for (const char* wrong : {"", "a", "/a/", "//a", "/a//b"}) {
		const std::string expected = std::string("\"").append(wrong).append(
			"\" is no path: \"/\", or names that each follow a '/'; the root is returned");
		EXPECT_EQ(said_of(wrong), expected);
		EXPECT_EQ(&root.make(wrong), &*root);
		EXPECT_EQ(reports.take().at(0).message, expected);
	}
}

TEST(paths_by_default, a_mistyped_one_ends_the_process) {
	cgroup_root root;
	root.make("/fleet/web");
	EXPECT_DEATH((void)root.at("/fleet/wbe"), "illegal use: cgroup_root::at: .*/fleet/web meant");
}

} // namespace
