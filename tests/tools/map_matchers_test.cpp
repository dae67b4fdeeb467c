// SPDX-License-Identifier: MIT
// Which sockets a map of an object holds.
#include <sockops/testing/map_matchers.hpp>

#include <sstream>

#include <gtest/gtest.h>
#include <sockops/map/sock_map.hpp>
#include <sockops/testing/matchers.hpp>
#include <sockops/testing/object_test.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;
using ::testing::Not;

struct ports {
	u32 local, remote;
};

struct peers : ::testing::Test, object_test {
	peers() : object_test(PEERS_OBJECT) { attach(); }
};

TEST_F(peers, are_the_sockets_that_the_program_has_entered) {
	tcp_sock &one = socket({.local_port = 4000, .remote_port = 80}),
			 &other = socket({.state = TCP_SYN_RECV, .local_port = 4001, .remote_port = 80});
	EXPECT_THAT(map("by_ports"), Not(HoldsSocket(one)));
	fire(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, one);
	EXPECT_THAT(map("by_ports"), HoldsSocket(one));
	EXPECT_THAT(map("by_ports"), HoldsSocket(ports{4000, 80}, one));
	EXPECT_THAT(map("by_ports"), Not(HoldsSocket(ports{4001, 80}, one)));
	EXPECT_THAT(map("by_side"), HoldsSocket(0u, one));
	EXPECT_THAT(map("by_side"), Not(HoldsSocket(other)));
	fire(BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, other);
	EXPECT_EQ(map("by_ports").sockets().size(), 2u);
	EXPECT_EQ(map("by_ports").entries().size(), 2u); // by their cookies
	EXPECT_EQ(map("by_side").socket(1u), &other);
	sock_map_close(one);
	EXPECT_THAT(map("by_ports"), Not(HoldsSocket(one)));
	EXPECT_THAT(map("by_ports"), HoldsSocket(other));
}

TEST_F(peers, are_named_by_their_keys_where_one_is_missing) {
	tcp_sock &one = socket({.local_port = 4000, .remote_port = 80}), &other = socket();
	fire(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, one);
	const auto matcher = ::testing::SafeMatcherCast<const map_view&>(HoldsSocket(other));
	::testing::StringMatchResultListener words;
	EXPECT_FALSE(matcher.MatchAndExplain(map("by_ports"), &words));
	EXPECT_EQ(words.str(), "which holds sockets at {local = 4000, remote = 80}");
	EXPECT_EQ(::testing::PrintToString(map("by_ports")), "map 'by_ports'");
	EXPECT_THROW((void)map("answers").socket(0u), object_error);
}

} // namespace
