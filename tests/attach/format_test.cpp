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
	cgroup& fleet = root.make("/fleet");
	root.make("/fleet/web");
	root.make("/lab");
	ASSERT_FALSE(try_attach(fleet, named("fast_syn"), {attach_flags::allow_multi | attach_flags::preorder}));
	ASSERT_EQ(cgroup_bpf_attach(root.at("/lab"), named("lone"), attach_flags::none), 0);
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
	scoped_tcp_sock sk(in, root.make("/a"));
	ASSERT_EQ(cgroup_rmdir(root.at("/a")), 0);
	EXPECT_NE(fmt::format("{}", snapshot(*root)).find("└─ a (removed)  -"), std::string::npos);
}

TEST(format, an_error) {
	cgroup_root root;
	EXPECT_EQ(fmt::format("{}", try_detach(*root, nullptr)), "ENOENT: /: nothing is attached here");
	EXPECT_EQ(fmt::format("{}", attach_error{}), "granted");
}

} // namespace
