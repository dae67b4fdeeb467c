// SPDX-License-Identifier: MIT
// Where sockops-run puts the sockets, and what it says of cgroups that have none.

#include <gtest/gtest.h>

#include "../../src/tools/sockops_run/places.hpp"
#include "message_of.hpp"

namespace {

using namespace sockops_run;
using sockops::testing::side;

arguments objects(std::vector<placed_file> named) {
	arguments with;
	with.objects = std::move(named);
	return with;
}

TEST(places_of, without_a_cgroup_the_sides_are_below_the_root) {
	const places at = places_of(objects({{"a.o", {}}, {"b.o", "/"}, {"c.o", "/client"}}));
	EXPECT_EQ(at.client, "/client");
	EXPECT_EQ(at.server, "/server");
	EXPECT_EQ(at.objects, (std::vector<std::string>{"/", "/", "/client"}));
}

TEST(places_of, the_sides_are_below_the_deepest_cgroup) {
	const places at = places_of(objects({{"a.o", "/"}, {"b.o", "/web/api"}, {"c.o", "/web"}}));
	EXPECT_EQ(at.client, "/web/api/client");
	EXPECT_EQ(at.server, "/web/api/server");
}

TEST(places_of, a_sides_own_cgroup_may_be_named_at_any_depth) {
	const places at = places_of(objects({{"a.o", "/web/client"}, {"b.o", "/web/server"}, {"c.o", "/web"}}));
	EXPECT_EQ(at.client, "/web/client");
	EXPECT_EQ(at.server, "/web/server");
}

TEST(places_of, an_object_without_a_cgroup_goes_with_its_side) {
	arguments with = objects({{"a.o", {}}, {"b.o", "/web"}});
	with.side = side::server;
	EXPECT_EQ(places_of(with).objects, (std::vector<std::string>{"/web/server", "/web"}));
}

TEST(places_of, the_sides_are_where_they_are_told_to_be) {
	arguments with = objects({{"a.o", "/a"}, {"b.o", "/clients"}});
	with.client_cgroup = "/clients/one";
	with.server_cgroup = "/a";
	EXPECT_EQ(places_of(with).client, "/clients/one");
	with.server_cgroup = "/ab";
	EXPECT_EQ(message_of([&] { (void)places_of(with); }),
			  "'a.o@/a': no socket is ever there: the client's are in /clients/one, the server's in /ab; "
			  "--client-cgroup and --server-cgroup put them elsewhere");
}

TEST(places_of, two_branches_need_to_be_told_whose_they_are) {
	EXPECT_EQ(message_of([] {
				  (void)places_of(objects({{"a.o", "/web"}, {"b.o", "/db"}}));
			  }),
			  "'b.o@/db': no socket is ever there: the client's are in /web/client, the server's in "
			  "/web/server; --client-cgroup and --server-cgroup put them elsewhere");
}

TEST(places_of, a_side_that_is_nearly_spelled_is_asked_about) {
	for (const char* name : {"/cleint", "/Client", "/clients", "/web/sever", "/serve"})
		EXPECT_NE(message_of([&] {
					  (void)places_of(objects({{"a.o", name}}));
				  }).find(" meant? "),
				  std::string::npos)
			<< name;
	EXPECT_EQ(places_of(objects({{"a.o", "/web"}})).client, "/web/client");
}

} // namespace
