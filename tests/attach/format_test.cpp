// SPDX-License-Identifier: MIT
// The tree as a picture, errors as words, and paths.

#include <vector>

#include <sockops/trace/format.hpp>

#include "support.hpp"

namespace {

using namespace attach_test;

bpf_prog_ptr named(const char* name) {
	return make_bpf_prog(name, [](bpf_sock_ops&) { return 1; });
}

TEST(format, a_tree_with_what_runs_where) {
	cgroup_root root;
	ASSERT_EQ(cgroup_bpf_attach(*root, named("logger")), 0);
	cgroup& fleet = root["/fleet"];
	root["/fleet/web"];
	root["/lab"];
	ASSERT_FALSE(try_attach(fleet, named("fast_syn"), {attach_flags::allow_multi | attach_flags::preorder}));
	ASSERT_EQ(cgroup_bpf_attach(root["/lab"], named("lone"), attach_flags::none), 0);
	const bpf_link link(fleet, named("gate"));
	const std::string id = std::to_string(link.get()->id);
	EXPECT_EQ(fmt::format("{}", snapshot(*root)),
			  "/          multi     revision 2    logger                   runs logger\n"
			  "├─ fleet   multi     revision 3    fast_syn* gate (link " +
				  id +
				  ")  runs fast_syn gate logger\n"
				  "│  └─ web  -         revision 1                             runs fast_syn gate logger\n"
				  "└─ lab     none      revision 2    lone                     runs lone logger\n");
}

TEST(format, a_removed_cgroup_that_a_socket_holds) {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk(in, root["/a"]);
	ASSERT_EQ(cgroup_rmdir(root["/a"]), 0);
	EXPECT_NE(fmt::format("{}", snapshot(*root)).find("└─ a (removed)  -"), std::string::npos);
}

TEST(format, an_error) {
	cgroup_root root;
	EXPECT_EQ(fmt::format("{}", try_detach(*root, nullptr)), "ENOENT: /: nothing is attached here");
	EXPECT_EQ(fmt::format("{}", attach_error{}), "granted");
}

std::vector<std::string> reports;

TEST(paths, make_what_is_missing_and_find_what_is_there) {
	cgroup_root root;
	EXPECT_EQ(&root["/"], &*root);
	cgroup& made = root["/a/b/c"];
	EXPECT_EQ(made.path(), "/a/b/c");
	EXPECT_EQ(&root["/a/b/c"], &made);
	EXPECT_EQ(root.find("/a/b"), made.parent);
	EXPECT_EQ(root.find("/a/x"), nullptr);
	EXPECT_EQ(root.find("a"), nullptr);
	const check_handler before = set_illegal_use_handler(
		[](const check_report& report) noexcept { reports.emplace_back(report.message); });
	for (const char* wrong : {"", "a", "/a/", "//a", "/a//b"})
		EXPECT_EQ(&root[wrong], &*root) << wrong;
	set_illegal_use_handler(before);
	EXPECT_EQ(reports.size(), 5u);
	EXPECT_EQ(reports.at(1),
			  "\"a\" is no path: \"/\", or names that each follow a '/'; the root is returned");
}

} // namespace
