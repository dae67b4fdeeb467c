// SPDX-License-Identifier: MIT
// Timelines as another release than the one that is modelled plays them.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/play.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

/// What the client's programs see, in a row, as a timeline has it.
std::string seen_by(side who, kernel_release kernel, const std::string& text) {
	const cgroup_root root;
	const played result = play(timeline::parse(text), root, {.kernel = kernel});
	std::string all;
	for (const played_interval& each : result.intervals)
		for (const seen_call& call : each.calls[static_cast<std::size_t>(who)])
			all += (all.empty() ? "" : " ") + call.text();
	return all;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

constexpr char connection[] = "\tprogram flags 127\n"
							  "\t+0 server listen\n"
							  "\t+0 client connect\n"
							  "\t+10ms server accept\n"
							  "\t+0 client send 100\n"
							  "\t+10ms client close\n"
							  "\t+10ms server close\n"
							  "\t+10ms wait\n";

TEST(play_as, has_the_ops_of_its_release) {
	const std::pair<const char*, kernel_release> ops[] = {{"STATE", release(4, 16)},
														  {"RTT", release(5, 3)},
														  {"PARSE_HDR_OPT", release(5, 10)},
														  {"HDR_OPT_LEN", release(5, 10)}};
	for (const auto& [name, since] : ops) {
		EXPECT_TRUE(has(seen_by(side::client, since, connection), name)) << name;
		const auto before = static_cast<kernel_release>(since == release(4, 16) ? release(4, 15) : since - 1);
		EXPECT_FALSE(has(seen_by(side::client, before, connection), name)) << name;
	}
	EXPECT_TRUE(has(seen_by(side::server, release(4, 19), connection), "TCP_LISTEN"));
	EXPECT_FALSE(has(seen_by(side::server, release(4, 18), connection), "TCP_LISTEN"));
	EXPECT_EQ(seen_by(side::client, first_release, connection),
			  "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN ACTIVE_ESTABLISHED");
}

/// Since 6.5 the first SYN timeouts do not double (tcp_syn_linear_timeouts).
TEST(play_as, doubles_syn_timeouts_as_its_release) {
	constexpr char lost[] = "\tprogram flags 1\n"
							"\t+0 server listen\n"
							"\t+0 link drop client syn 2\n"
							"\t+0 client connect\n"
							"\t+4s wait\n";
	EXPECT_TRUE(has(seen_by(side::client, release(6, 5), lost), "RTO(1,250,0)"));
	EXPECT_TRUE(has(seen_by(side::client, release(6, 4), lost), "RTO(1,500,0)"));
}

std::string refused(kernel_release kernel, const std::string& text) {
	try {
		(void)seen_by(side::client, kernel, text);
		return "";
	} catch (const std::runtime_error& why) {
		return why.what();
	}
}

TEST(play_as, fires_the_ops_of_its_release) {
	constexpr char fired[] = "\t+0 fire RTT on a socket\n";
	EXPECT_EQ(refused(release(5, 3), fired), "");
	EXPECT_EQ(refused(release(5, 2), fired),
			  "+0 fire RTT on a socket: RTT_CB is there since Linux 5.3; --kernel asks for 5.2");
}

TEST(play_as, a_release_that_there_was) {
	for (const kernel_release which : {release(4, 12), release(5, 20), release(6, 19)})
		EXPECT_TRUE(has(refused(which, connection), "a release is MAJOR.MINOR, from 4.13"));
}

} // namespace
