// SPDX-License-Identifier: MIT
// Shared objects that are each linked with the static library, and a host that is, too: what one copy made
// and another uses is told, with both files and the remedy. HOST_EXPORTS: the host exports its symbols, so
// that all use its copy.

#include <gtest/gtest.h>

#include <cerrno>

#include "../loaded.hpp"
#include "../support.hpp"
#include "plugin.hpp"

namespace {

using namespace sockops;
using namespace sync_test;

const plugin& load(const char* path) {
	return *function_of<decltype(sockops_test_plugin)>(path, "sockops_test_plugin")();
}

std::string told_here;

struct two_copies : ::testing::Test {
	const plugin& first = load(FIRST_COPY);
	const plugin& second = load(SECOND_COPY);
	one_socket on;
	cgroup& apps = on.root.make("/apps");

	~two_copies() override {
		EXPECT_STREQ(first.told(), "");
		EXPECT_STREQ(second.told(), "");
		set_illegal_use_handler(nullptr);
	}
	static void keep_what_is_told_here() {
		told_here.clear();
		set_illegal_use_handler([](const check_report& report) noexcept {
			told_here = std::string(report.call) + ": " + report.message;
		});
	}
	/// The file `made` made the thing, and `used` used it.
	static void expect_told(const std::string& told, const char* call, const std::string& thing,
							const char* made, const char* used) {
		EXPECT_EQ(told.find(std::string(call) + ": " + thing + " was made by the copy of sockops in "), 0u)
			<< told;
		EXPECT_NE(told.find(std::string(made) + ", and this is the copy in "), std::string::npos) << told;
		EXPECT_NE(told.find(std::string(used) + ": they share no state"), std::string::npos) << told;
		EXPECT_NE(told.find("-DBUILD_SHARED_LIBS=ON"), std::string::npos) << told;
	}
};

TEST_F(two_copies, with_nothing_in_common_are_nobodys_business) {
	EXPECT_EQ(first.all_alone(), 7);
	EXPECT_EQ(second.all_alone(), 7);
	EXPECT_EQ(on.call(), 0);
}

#if defined(HOST_EXPORTS)

TEST_F(two_copies, are_one_where_the_host_exports_its_own) {
	EXPECT_EQ(first.copy(), detail::this_copy());
	EXPECT_EQ(second.copy(), detail::this_copy());
	EXPECT_EQ(first.init_sock(on.in, apps), 0);
	EXPECT_EQ(first.clone(on.sk), 0);
	EXPECT_EQ(first.make_child(apps), 0);
	EXPECT_EQ(first.link(apps), 0);
	EXPECT_EQ(first.query(apps), 0);
	EXPECT_EQ(cgroup_bpf_attach(*on.root, second.make_program()), 0);
	EXPECT_EQ(on.call(), 7);
	tcp_sock* const theirs = second.new_sock();
	tcp_set_state(*theirs, TCP_SYN_SENT);
	EXPECT_EQ(tcp_connect(*theirs).rwnd_packets, 7u);
	second.delete_sock(theirs);
}

#else

TEST_F(two_copies, are_two) {
	EXPECT_NE(first.copy(), second.copy());
	EXPECT_NE(first.copy(), detail::this_copy());
}

TEST_F(two_copies, an_attach_to_the_hosts_cgroup_is_told_and_refused) {
	EXPECT_EQ(first.attach(apps), -EXDEV);
	expect_told(first.told(), "try_attach", "the cgroup /apps", HOST, FIRST_COPY);
	EXPECT_EQ(second.link(apps), -EXDEV);
	expect_told(second.told(), "try_link_create", "the cgroup /apps", HOST, SECOND_COPY);
	EXPECT_EQ(first.detach(apps, nullptr), -EXDEV);
	expect_told(first.told(), "try_detach", "the cgroup /apps", HOST, FIRST_COPY);
	EXPECT_EQ(first.query(apps), -EXDEV);
	expect_told(first.told(), "cgroup_bpf_query", "the cgroup /apps", HOST, FIRST_COPY);
	cgroup_bpf_query_attr attr;
	EXPECT_EQ(cgroup_bpf_query(apps, attr), 0);
	EXPECT_EQ(attr.prog_cnt, 0u);
	EXPECT_EQ(attr.revision, 1u);
}

TEST_F(two_copies, a_socket_in_the_hosts_cgroup_is_told_and_refused) {
	EXPECT_EQ(first.init_sock(on.in, apps), -EXDEV);
	expect_told(first.told(), "tcp_init_sock", "the cgroup /apps", HOST, FIRST_COPY);
	EXPECT_EQ(first.clone(on.sk), -EXDEV);
	expect_told(first.told(), "inet_csk_clone", "the cgroup /", HOST, FIRST_COPY);
	EXPECT_EQ(apps.refcnt, 1u);
}

TEST_F(two_copies, the_hosts_tree_is_not_changed) {
	EXPECT_EQ(first.make_child(apps), -EXDEV);
	expect_told(first.told(), "cgroup_mkdir", "the cgroup /apps", HOST, FIRST_COPY);
	EXPECT_EQ(first.remove(apps), -EXDEV);
	expect_told(first.told(), "cgroup_rmdir", "the cgroup /apps", HOST, FIRST_COPY);
	EXPECT_EQ(on.root.find("/apps"), &apps);
	first.put(apps);
	expect_told(first.told(), "cgroup_put", "the cgroup /apps", HOST, FIRST_COPY);
	EXPECT_EQ(apps.refcnt, 2u) << "the reference that was not given back";
	cgroup_put(apps);
}

TEST_F(two_copies, a_socket_that_a_plug_in_made_is_told_where_the_host_begins_to_use_it) {
	keep_what_is_told_here();
	tcp_sock* const theirs = second.new_sock();
	EXPECT_EQ(inet_listen(*theirs), 0);
	expect_told(told_here, "inet_listen", "the cgroup /", SECOND_COPY, HOST);
	tcp_set_state(*theirs, TCP_CLOSE);
	tcp_set_state(*theirs, TCP_SYN_SENT);
	told_here.clear();
	EXPECT_EQ(tcp_connect(*theirs).rwnd_packets, 0u) << "their program does not run";
	expect_told(told_here, "tcp_connect", "the cgroup /", SECOND_COPY, HOST);
	second.delete_sock(theirs);
}

TEST_F(two_copies, a_program_of_a_plug_in_is_told_where_the_host_attaches_it) {
	keep_what_is_told_here();
	const bpf_prog_ptr theirs = second.make_program();
	EXPECT_EQ(cgroup_bpf_attach(apps, theirs), -EXDEV);
	expect_told(told_here, "try_attach", "the program of a plug-in", SECOND_COPY, HOST);
	const bpf_prog_ptr ours = make_bpf_prog("ours", [](bpf_sock_ops&) { return 1; });
	bpf_link link(apps, ours);
	told_here.clear();
	const attach_error refused = link.update(theirs);
	EXPECT_EQ(refused.code(), -EXDEV);
	EXPECT_EQ(refused.message(),
			  "EXDEV: the cgroup or the program was made by another copy of the library: link all "
			  "files with its shared form");
	expect_told(told_here, "try_link_update", "the program of a plug-in", SECOND_COPY, HOST);
}

#endif

} // namespace
