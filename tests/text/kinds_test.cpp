// SPDX-License-Identifier: MIT
// Each kind of expectation, right and wrong: the right one passes; the wrong one fails at its line, and says
// what was seen.

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sockops/kern/check.hpp>
#include <sockops/testing/text_test.hpp>

namespace {

using namespace sockops::testing;
using ::testing::HasSubstr;

/// What is played: {connect}, {later}, {fire}, {reserve} and {write} are where lines stand.
constexpr const char played_text[] = R"(
	object judged.bpf.o
	records events = struct event
	address client 10.1.2.3:40000
	address server 10.1.2.4:443
	+0     server listen
	+0     link drop client syn 1
	+0     client connect
{connect}
	+200ms wait
{later}
	+0     fire TIMEOUT_INIT on socket s {state = SYN_SENT, remote = 192.0.2.9:80, local = 192.0.2.1:5000}
{fire}
	+0     fire TCP_CONNECT on s
{connect s}
	+0     fire HDR_OPT_LEN on s {state = ESTABLISHED}
{reserve}
	+0     fire WRITE_HDR_OPT on s room 8
{write}
	+0     fire RTT on s
{flagless}
)";
constexpr const char observed_text[] = R"(
	object judged.bpf.o
	object text_observer.bpf.o as observer
	+0     server listen
	+0     client connect
{connect}
)";
constexpr const char headed_text[] = R"(
	object judged.bpf.o
	+0     fire WRITE_HDR_OPT on a socket with S
	+0     fire WRITE_HDR_OPT on a socket with S <mss 1460> room 4
{write}
)";
constexpr const char padded_text[] = R"(
	object judged.bpf.o
	set breaks = 1
	+0     fire RTT on a socket
{rtt}
)";

constexpr const char stopped_text[] = R"(
	object judged.bpf.o
	set breaks = 1
	+0     fire RTO(1,100,0) on a socket
{rto}
)";

struct kind {
	const char* name;
	const char* text;
	const char* where; ///< the line's place
	const char* right;
	const char* wrong;
	const char* seen; ///< in what is said of the wrong one
};

constexpr kind kinds[] = {
	{"calls_alone", observed_text, "{connect}",
	 "client: TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN HDR_OPT_LEN WRITE_HDR_OPT STATE(2>1) "
	 "ACTIVE_ESTABLISHED HDR_OPT_LEN WRITE_HDR_OPT",
	 "client: TCP_CONNECT", "call 2 of the interval is another"},
	{"reply", played_text, "{connect}", "client: TIMEOUT_INIT -> 25", "client: TIMEOUT_INIT -> 50",
	 "expected  -> 50\n  seen      -> 25\n  TIMEOUT_INIT on a socket of /client"},
	{"reply_of_a_program", played_text, "{connect}", "client: TIMEOUT_INIT -> _ by judged",
	 "client: RWND_INIT -> _ by judged", "seen      -> 0, of no program"},
	{"calls_in_order", played_text, "{connect}", "client: TCP_CONNECT allowed TIMEOUT_INIT -> 25",
	 "client: TIMEOUT_INIT -> 25 TCP_CONNECT allowed", "expected  TCP_CONNECT, which was not called"},
	{"no_such_call", played_text, "{connect}", "client: no RTT", "client: no TIMEOUT_INIT -> 25",
	 "expected  none\n  seen      TIMEOUT_INIT, among TCP_CONNECT"},
	{"each_call", played_text, "{connect}", "client: each TIMEOUT_INIT -> 25",
	 "client: each TIMEOUT_INIT -> 24", "seen      -> 25"},
	{"withheld_call", observed_text, "{connect}", "client: STATE(SYN_SENT>ESTABLISHED) allowed",
	 "client: RTT returned 1", "RTT, which was not called"},
	{"call_of_another_interval", played_text, "{later}", "client: no TCP_CONNECT",
	 "client: TCP_CONNECT allowed", "It was called before, after '+0     client connect'."},
	{"returned", played_text, "{connect}", "client: TCP_CONNECT returned 1 by judged",
	 "client: TCP_CONNECT returned 0", "returned 1 by judged"},
	{"allowed", played_text, "{connect}", "client: TCP_CONNECT allowed", "client: TCP_CONNECT denied",
	 "allowed"},
	{"denied", observed_text, "{connect}", "client: TIMEOUT_INIT denied by observer",
	 "client: TIMEOUT_INIT denied by judged", "denied by observer"},
	{"all_flags", played_text, "{connect}",
	 "client: TCP_CONNECT flags = RTO_CB_FLAG | STATE | WRITE_HDR_OPT_CB_FLAG",
	 "client: TCP_CONNECT flags = RTO_CB_FLAG", "flags = RTO_CB_FLAG|STATE_CB_FLAG|WRITE_HDR_OPT_CB_FLAG"},
	{"some_flags", played_text, "{connect}", "client: TCP_CONNECT flags +STATE_CB_FLAG -RTT_CB_FLAG",
	 "client: TCP_CONNECT flags -STATE_CB_FLAG", "flags = RTO_CB_FLAG|STATE_CB_FLAG"},
	{"option", played_text, "{connect}", "client: TCP_CONNECT sets TCP_BPF_IW = 40 by judged",
	 "client: TCP_CONNECT sets TCP_BPF_IW = 41",
	 "sets TCP_BPF_IW=40 by judged, TCP_BPF_IW=-1: EINVAL by judged"},
	{"refused_option", played_text, "{connect}", "client: TCP_CONNECT sets TCP_BPF_IW = -1: EINVAL",
	 "client: TCP_CONNECT sets TCP_BPF_IW = -1", "TCP_BPF_IW=-1: EINVAL"},
	{"option_that_is_a_text", played_text, "{connect}", "client: TCP_CONNECT sets TCP_CONGESTION = \"reno\"",
	 "client: TCP_CONNECT sets TCP_CONGESTION = cubic", "TCP_CONGESTION=\"reno\""},
	{"no_option", played_text, "{connect}", "client: RWND_INIT sets nothing",
	 "client: TCP_CONNECT sets nothing", "sets TCP_BPF_IW=40"},
	{"printed_line", played_text, "{connect}", "client: TCP_CONNECT prints \"connects to port 443\"",
	 "client: TCP_CONNECT prints \"connects to port 444\"", "prints \"connects to port 443\""},
	{"record_of_a_call", played_text, "{connect}",
	 "client: ACTIVE_ESTABLISHED record events {op = 4, port = client.port}",
	 "client: ACTIVE_ESTABLISHED record events {op = 5}", "record events {op = 4, port = 40000}"},
	{"spoil_of_a_call", observed_text, "{connect}",
	 "client: TIMEOUT_INIT discarded_reply of judged by observer", "client: TCP_CONNECT discarded_reply",
	 "observer set TCP_BPF_IW=10 over the 40 of judged"},
	{"fired_reply", played_text, "{fire}", "fired: -> 25, returned 1", "fired: -> 26", "seen      -> 25"},
	{"fired_none", played_text, "{fire}", "fired: no sets TCP_BPF_IW = _", "fired: no -> 25",
	 "expected  none"},
	{"would_fire", played_text, "{flagless}", "fired: would not fire", "fired: would fire",
	 "would not fire: the socket's flag for it is clear"},
	{"reserved_bytes", played_text, "{reserve}", "fired: reserves 4", "fired: reserves 8 bytes",
	 "seen      reserves 4"},
	{"written_bytes", played_text, "{write}", "fired: writes fd04eb9f01010101", "fired: writes fd04eb9e",
	 "seen      writes fd04eb9f01010101"},
	{"map_value", played_text, "{connect}", "map conns[client.cookie].peer.ip == 10.1.2.4",
	 "map conns[client.cookie].peer.ip == 10.1.2.5", "seen      67240202\n  of        {cookie = "},
	{"map_members", played_text, "{connect}",
	 "map conns[client.cookie] == {mode = tuned, peer = {10.1.2.4, _}, name = \"tcp\", limits = {1, _, 3}}",
	 "map conns[client.cookie] == {mode = idle}", "mode = tuned"},
	{"map_bytes_order", played_text, "{connect}", "map by_peer[{10.1.2.4, htonl(443)}] exists",
	 "map by_peer[{10.1.2.4, 443}] exists", "absent: by_peer: 1 entry"},
	{"map_negative", played_text, "{connect}", "map conns[client.cookie].balance < -2",
	 "map conns[client.cookie].balance >= 0", "seen      -3"},
	{"map_unequal", played_text, "{connect}", "map conns[client.cookie].mode != idle",
	 "map conns[client.cookie].mode != tuned", "seen      tuned"},
	{"map_element", played_text, "{connect}", "map conns[client.cookie].limits[1] <= 2",
	 "map conns[client.cookie].limits[1] > 2", "seen      2"},
	{"map_absent", played_text, "{connect}", "map conns[server.cookie] absent",
	 "map conns[client.cookie] absent", "seen      {cookie = "},
	{"map_exists", played_text, "{connect}", "map conns[client.cookie] exists", "map conns[7] exists",
	 "absent: conns: 1 entry"},
	{"map_entries", played_text, "{connect}", "map conns has 1 entry", "map conns has 2 entries",
	 "seen      1 entry"},
	{"map_of_cpus", played_text, "{connect}", "map counted[0] == 1", "map counted[0] == 2", "seen      1"},
	{"map_of_sockets", played_text, "{later}", "map sockets[5] == server", "map sockets[5] == client",
	 "seen      server"},
	{"map_of_sockets_entries", played_text, "{later}", "map sockets has 2 entries",
	 "map sockets has 3 entries", "4 = client"},
	{"map_without_a_socket", played_text, "{later}", "map sockets[6] absent", "map sockets[4] absent",
	 "seen      client"},
	{"storage", played_text, "{later}", "map storage[server].port == server.port",
	 "map storage[client].port == 443", "seen      40000"},
	{"storage_of_none", played_text, "{fire}", "map storage[s] absent", "map storage[s] exists", "absent"},
	{"queue", played_text, "{later}", "map order == 4", "map order == 5", "seen      4"},
	{"array", played_text, "{connect}", "map conf[1] == 0", "map conf[1] == 1", "seen      0"},
	{"global", played_text, "{connect}", "global connections == 1", "global connections == 2", "seen      1"},
	{"global_member", played_text, "{connect}", "global totals.mode == tuned", "global totals.calls[2] != 0",
	 "seen      0"},
	{"records", played_text, "{connect}", "records events: {4, 40000} {op = 5}", "records events: {op = 4}",
	 ">{op = 5, port = 443}"},
	{"no_records", played_text, "{fire}", "records events: nothing", "records events: {op = 4}",
	 "seen      nothing"},
	{"records_of_no_type", played_text, "{connect}", "records samples: {4, 0, 0, 0, _, _, 0, 0} _",
	 "records samples: nothing", ">04 00 00 00"},
	{"lines", played_text, "{connect}", "printk: \"connects to port 443\" \"established\" \"established\"",
	 "printk: \"connects\"", ">\"connects to port 443\""},
	{"lines_with_their_ends", played_text, "{connect}",
	 "printk: \"connects to port 443\" \"established\\n\" \"established\"",
	 "printk: \"connects to port 443\\n\"", ">\"connects to port 443\""},
	{"no_lines", played_text, "{fire}", "printk: nothing", "printk: \"x\"", "seen      nothing"},
	{"spoils", observed_text, "{connect}", "client: TCP_CONNECT replaced_option of judged",
	 "spoiled: nothing", ">replaced_option: observer set TCP_BPF_IW=10"},
	{"no_spoils", played_text, "{connect}", "spoiled: nothing",
	 "spoiled: discarded_reply of judged by judged", "seen      nothing"},
	{"stopped", stopped_text, "{rto}", "stopped \"NULL\"", "stopped \"beyond\"",
	 "no program that was stopped so"},
	{"finding", padded_text, "{rtt}", "finding \"key of 'padded'\"", "finding \"value of\"",
	 "no such finding"},
	{"variable", played_text, "{connect}", "let c = client.cookie\n\t\tmap conns[c].cookie == c",
	 "let d = client.cookie\n\t\tmap conns[d].cookie == 99", "seen      "},
	{"cookie_that_nobody_asked_for", played_text, "{fire}", "map conns[s.cookie] absent",
	 "map conns[s.cookie] exists", "the s has no cookie: no program has asked for it"},
	{"option_of_32_bits", played_text, "{connect}", "client: no TCP_CONNECT sets TCP_BPF_IW = 296",
	 "client: no TCP_CONNECT sets TCP_BPF_IW = 40", "expected  none"},
	{"calls_in_another_order", played_text, "{connect}",
	 "client: TIMEOUT_INIT -> 25 ACTIVE_ESTABLISHED allowed", "client: TIMEOUT_INIT -> 25 RWND_INIT allowed",
	 "expected  RWND_INIT, which was not called after TIMEOUT_INIT"},
	{"state_of_any", played_text, "{connect}", "client: STATE allowed", "client: no STATE", "expected  none"},
	{"enumerator_in_an_integer", played_text, "{connect}",
	 "records events: {BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB} _", "records events: {tuned} _", ">{op = 4"},
	{"header_that_has_options", headed_text, "{write}", "fired: writes fd04eb9f", "fired: writes 01",
	 "seen      writes fd04eb9f"},
	{"cookie_of_a_fired_socket", played_text, "{connect s}",
	 "map conns[s.cookie].peer.port == htonl(s.remote_port)",
	 "map conns[s.cookie].peer.port == s.remote_port", "seen      "},
};

struct placed {
	std::string text;
	unsigned line = 0; ///< of the last line that was put in
};

/// What is played, with a line at the kind's place, and none at the others.
placed with(const kind& of, const std::string& line) {
	placed made{of.text};
	for (std::size_t begin; (begin = made.text.find("\n{")) != std::string::npos;) {
		const std::size_t end = made.text.find('}', begin);
		const bool is_here = made.text.substr(begin + 1, end - begin) == of.where;
		made.text.replace(begin + 1, end - begin, is_here ? "\t\t" + line : "");
		const std::string before = made.text.substr(0, begin + 1 + (is_here ? 2 + line.size() : 0));
		if (is_here)
			made.line = 1 + static_cast<unsigned>(std::count(before.begin(), before.end(), '\n'));
	}
	return made;
}

/// What is stopped at run, a kernel refuses.
const text_test_options unchecked{.objects = {.unchecked = true}};

text_result run(const kind& of, const std::string& line) {
	return text_test::parse(with(of, line).text, TEXT_OBJECTS "/kinds.timeline").run(unchecked);
}

bool is_of_a_line(const text_failure& what) { return what.why == text_failure::cause::expectation; }

void expect_fails(const kind& of) {
	const text_result wrong = run(of, of.wrong);
	ASSERT_EQ(std::ranges::count_if(wrong.failures, is_of_a_line), 1) << wrong.report();
	const unsigned line = with(of, of.wrong).line;
	EXPECT_EQ(std::ranges::find_if(wrong.failures, is_of_a_line)->line, line) << wrong.report();
	EXPECT_THAT(wrong.report(), HasSubstr("kinds.timeline:" + std::to_string(line) + ": "));
	EXPECT_THAT(wrong.report(), HasSubstr(of.seen));
	EXPECT_EQ(wrong.trace, run(of, "").trace); // a line that expects changes nothing of what happens
}

struct unreadable {
	const char* line;
	const char* reason;
};
/// Lines that could never be other than they are, whatever programs do: refused before anything happens.
constexpr unreadable unreadables[] = {
	{"map conns[client.cookei] absent", "a socket has no 'cookei': it has cookie, ip"},
	{"map conns[clinet.cookie] absent", "there is no socket 'clinet': there are client, server, listener, s"},
	{"map conns[x.y] absent", "there is no socket 'x'"},
	{"map conns[htons(zz)] absent", "'zz' is no number, which htons() takes"},
	{"map conns[nobody] absent", "nobody"},
	{"map conns[1].nosuch == 3", "nosuch"},
	{"map by_peer[{port = 1}] absent", "the key says nothing of ip"},
	{"map by_peer[{1}] absent", "the key says nothing of port"},
	{"map by_peer[{prot = 1, ip = 2}] absent", "prot"},
	{"map sockets[4] != clinet", "'clinet' is no socket's name"},
	{"map sockets[4] == absent", "write map sockets[KEY] absent"},
	{"map storage[clinet] absent", "'clinet' is no socket"},
	{"client: no RTT sets TCP_BPF_IW = FORTY", "'FORTY' is no number, and TCP_BPF_IW is one"},
	{"client: no RTT sets TCP_BPF_IW = 4294967336", "'4294967336' is too large"},
	{"client: no RTT record events {nosuch = 3}", "nosuch"},
	{"client: no RTT -> many", "'many' is no number, and no variable"},
	{"let s = 3", "'s' is a socket's name"},
};

TEST(a_line_that_can_never_be_so, is_refused_before_anything_happens) {
	for (const unreadable& each : unreadables) {
		SCOPED_TRACE(each.line);
		const kind of{each.line, played_text, "{connect}", "", each.line, each.reason};
		const text_result refused = run(of, each.line);
		ASSERT_EQ(refused.failures.size(), 1u) << refused.report();
		EXPECT_EQ(refused.failures[0].why, text_failure::cause::setup);
		EXPECT_EQ(refused.failures[0].line, with(of, each.line).line);
		EXPECT_THAT(refused.report(), HasSubstr(each.reason));
		EXPECT_TRUE(refused.trace.empty());
	}
}

TEST(a_misuse_while_a_test_runs, is_a_failure_of_that_test) {
	const text_test test =
		text_test::parse(with(kinds[0], kinds[0].right).text, TEXT_OBJECTS "/kinds.timeline");
	const text_result wrong =
		test.run({.ended = [](sockops::object_set&) { sockops::illegal_use("some_call", "%d of them", 3); }});
	ASSERT_EQ(wrong.failures.size(), 1u);
	EXPECT_THAT(wrong.report(), HasSubstr("illegal use: some_call: 3 of them"));
	EXPECT_NE(wrong.expectations, 0u); // what was judged is kept
	EXPECT_THAT(test.run(), Passes());
}

TEST(a_test_of_what_a_kernel_refuses, cannot_be_run_unless_unchecked) {
	const text_test test =
		text_test::parse(with({"", stopped_text, "{rto}", "", "", ""}, "stopped \"NULL\"").text,
						 TEXT_OBJECTS "/kinds.timeline");
	const text_result refused = test.run();
	ASSERT_EQ(refused.failures.size(), 1u) << refused.report();
	EXPECT_EQ(refused.failures[0].why, text_failure::cause::setup);
	EXPECT_THAT(refused.failures[0].source_file, HasSubstr("judged.bpf.c"));
	EXPECT_THAT(refused.report(), HasSubstr("may be NULL\n    remedy: "));
	EXPECT_EQ(refused.calls, 0u);
	EXPECT_THAT(test.run(unchecked), Passes());
}

TEST(a_failure, names_the_c_file_of_the_program_whose_deed_it_is) {
	for (const std::string program : {"judged", "observer"}) {
		const std::string line = "client: TCP_CONNECT returned 0 by " + program;
		const kind of{"", observed_text, "{connect}", "", "", ""};
		const text_result wrong = run(of, line);
		ASSERT_EQ(wrong.failures.size(), 1u) << wrong.report();
		EXPECT_THAT(wrong.failures[0].source_file, HasSubstr(program + ".bpf.c"));
	}
}

TEST(an_empty_file, is_one_without_an_event) {
	const std::string path = ::testing::TempDir() + "sockops_empty.timeline";
	std::ofstream(path).close();
	EXPECT_THAT(run_text_test(path).report(), HasSubstr("the timeline has no event"));
	std::filesystem::remove(path);
}

TEST(each_kind_of_expectation, passes_where_it_is_right) {
	for (const kind& each : kinds) {
		const text_result right = run(each, each.right);
		EXPECT_THAT(right, Passes()) << each.name;
		EXPECT_EQ(right.trace, run(each, "").trace) << each.name;
		EXPECT_FALSE(right.trace.empty()) << each.name;
	}
}

TEST(each_kind_of_expectation, fails_at_its_line_where_it_is_wrong) {
	for (const kind& each : kinds) {
		SCOPED_TRACE(each.name);
		expect_fails(each);
	}
}

} // namespace
