// SPDX-License-Identifier: MIT
// Which segments PARSE_HDR_OPT_CB sees: those that header prediction does not take.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/play.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

std::string report_of(const char* text) {
	const cgroup_root root;
	return play(timeline::parse(text), root).report();
}

TEST(trap_65, parse_all_is_silent_on_predicted_segments) {
	EXPECT_EQ(report_of(R"(
Data in order, with nothing in its header but the usual time stamp: no PARSE_HDR_OPT_CB at the server,
although it asked for all of them.
	program flags 0x10
	+0      server listen
	+0      client connect
	+50ms   client send 100
		server: nothing
	+50ms   client send 100
		server: nothing
	+50ms   wait
)"),
			  "");
}

TEST(trap_65, a_segment_out_of_order_and_the_one_that_fills_the_hole_are_shown) {
	EXPECT_EQ(report_of(R"(
The first of two is lost: the second is out of order, and the first, sent again, fills the hole.
	program flags 0x10
	option client TCP_NODELAY 1
	+0      server listen
	+0      client connect
	+50ms   link drop client data 1
	+0      client send 100
		server: nothing
	+0      client send 100
		server: PARSE_HDR_OPT PARSE_HDR_OPT
	+1s     wait
)"),
			  "");
}

TEST(trap_65, an_option_that_tcp_does_not_know_is_always_shown) {
	EXPECT_EQ(report_of(R"(
Each header of the client carries an option of four bytes: it is never the header that was predicted.
	program server flags 0x20
	program client flags 0x40
	program client reserve 4
	+0      server listen
	+0      client connect
	+50ms   client send 100
		server: PARSE_HDR_OPT
	+50ms   client send 100
		server: PARSE_HDR_OPT
	+50ms   wait
)"),
			  "");
}

} // namespace
