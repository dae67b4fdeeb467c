// SPDX-License-Identifier: MIT
// The text of a timeline: what is read from it, and what is refused, with the line and the reason.

#include <gtest/gtest.h>

#include <sockops/bpf/uapi.hpp>
#include <sockops/net/sk_buff.hpp>
#include <sockops/testing/timeline.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

struct refusal {
	const char* text;
	unsigned line;
	const char* reason; ///< part of it
};

void expect_refused(const refusal& each) {
	try {
		(void)timeline::parse(each.text);
		ADD_FAILURE() << "not refused:\n" << each.text;
	} catch (const timeline_error& error) {
		EXPECT_EQ(error.line, each.line) << each.text;
		EXPECT_NE(error.reason.find(each.reason), std::string::npos)
			<< '"' << each.reason << "\" is not in \"" << error.reason << '"';
	}
}

TEST(timeline, settings_events_and_expectations_are_read) {
	const timeline all = timeline::parse("Prose: +1 is not read, as it does not begin so.\n"
										 "\n"
										 "\tfamily ipv6   # a comment\n"
										 "  mtu 9000\n"
										 "\tdelay 1.5ms\n"
										 "\tsysctl tcp_ecn 1\n"
										 "\tprogram flags 0x7f\n"
										 "\tprogram server reply TIMEOUT_INIT -1\n"
										 "\toption client TCP_SYNCNT 2\n"
										 "\t+0 client connect\n"
										 "\t\tclient: TCP_CONNECT RTO(0,_,0)\n"
										 "\t\tclient: RWND_INIT* STATE(2>1) HDR_OPT_LEN[mss]\n"
										 "\t+300us client send 1448 x 8\n"
										 "\t\tserver: nothing\n"
										 "\t+1.5s link drop server data 3 after 2\n");
	EXPECT_TRUE(all.settings.ipv6);
	EXPECT_EQ(all.settings.mtu, 9000u);
	EXPECT_EQ(all.settings.delay_ns, 1'500'000u);
	EXPECT_EQ(all.settings.sysctls.at(0).value, 1u);
	EXPECT_EQ(all.settings.programs[0].flags, 0x7fu);
	EXPECT_EQ(all.settings.programs[1].flags, 0x7fu);
	EXPECT_TRUE(all.settings.programs[0].replies.empty());
	EXPECT_EQ(all.settings.programs[1].replies.at(0).value, ~0u);
	EXPECT_EQ(all.settings.sockopts[0].at(0).value, 2);
	ASSERT_EQ(all.events.size(), 3u);
	const std::vector<expected_call>& calls = all.events[0].expect[0]->calls;
	ASSERT_EQ(calls.size(), 5u);
	EXPECT_FALSE(calls[1].args[1].has_value());
	EXPECT_FALSE(calls[2].is_fullsock);
	EXPECT_EQ(calls[3].args, (std::vector<std::optional<u32>>{2, 1}));
	EXPECT_EQ(calls[4].args, (std::vector<std::optional<u32>>{1}));
	EXPECT_FALSE(all.events[0].expect[1]);
	EXPECT_TRUE(all.events[1].expect[1]->calls.empty());
	EXPECT_EQ(all.events[1].count, 8u);
	EXPECT_EQ(all.events[2].at_ns, 1'500'300'000u);
	EXPECT_EQ(all.events[2].pass, 2u);
	EXPECT_EQ(all.events[2].line, 15u);
}

TEST(timeline, a_scripted_segment_is_read) {
	const timeline all =
		timeline::parse("\t+0 server listen\n"
						"\t+0 peer sends SEW 0:0 win 65535 <mss 1460,sackOK,wscale 7,opt 253 eb9f01> ect\n");
	ASSERT_TRUE(all.scripted);
	EXPECT_EQ(*all.scripted, side::client);
	const peer_segment& segment = all.events[1].peer;
	EXPECT_EQ(segment.flags, TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR);
	EXPECT_EQ(segment.window, 65535u);
	EXPECT_EQ(segment.options,
			  (std::vector<u8>{2, 4, 1460 >> 8, 1460 & 0xff, 4, 2, 3, 3, 7, 253, 5, 0xeb, 0x9f, 1, 1, 1}));
	EXPECT_TRUE(segment.ect);
}

TEST(timeline, what_cannot_be_read_is_refused_with_line_and_remedy) {
	const refusal all[] = {
		{"", 0, "no event"},
		{"prose\n+0 client connect\n", 2, "events are indented"},
		{"client: TCP_CONNECT\n", 1, "events are indented"},
		{"\tclient connect\n", 1, "write +0 before"},
		{"\t+0 client sned 100\n", 1, "knows no 'sned'"},
		{"\t+0 nobody connect\n", 1, "nobody is called 'nobody'"},
		{"\t+0\n", 1, "is missing"},
		{"\t+10 client connect\n", 1, "has no unit"},
		{"\t+10mins client connect\n", 1, "has no unit"},
		{"\t+x client connect\n", 1, "is not a time"},
		{"\t+0 client connect now\n", 1, "is too much"},
		{"\tclient: TCP_CONNECT\n", 1, "none has happened yet"},
		{"\t+0 client connect\n\t\tclient:\n", 2, "write 'nothing'"},
		{"\t+0 client connect\n\t\tclient: TCP_CONECT\n", 2, "is no op"},
		{"\t+0 client connect\n\t\tclient: STATE(2)\n", 2, "STATE(old>new)"},
		{"\t+0 client connect\n\t\tclient: STATE(a>b)\n", 2, "is no argument"},
		{"\t+0 client connect\n\t\tclient: HDR_OPT_LEN[x]\n", 2, "[mss] or [cookie]"},
		{"\t+0 client connect\n\t\tclient: RTT(1)\n", 2, "bare"},
		{"\t+0 client connect\n\t\tclient: RTT\n\t\tclient: nothing\n", 3, "names calls"},
		{"\tfamily ipx\n", 1, "ipv4 or ipv6"},
		{"\tmtu many\n", 1, "is not a number"},
		{"\tmtu 99\n", 1, "do not fit"},
		{"\tfamily ipv6\n\tmtu 1279\n\t+0 wait\n", 1, "at least 1280"},
		{"\tmtu 2147483648\n", 1, "is at most 2147483647"},
		{"\tdelay 10\n", 1, "has no unit"},
		{"\tsysctl tcp_nothing 1\n", 1, "known are tcp_syn_retries"},
		{"\tsysctl tcp_ecn 9\n", 1, "is at most 2"},
		{"\tsysctl tcp_syn_retries 0\n", 1, "is at least 1"},
		{"\tcongestion_control\n", 1, "is missing"},
		{"\tcongestion_control fifteen_letters\n\tcongestion_control sixteen_letters_\n", 2, "at most 15"},
		{"\tprogram dance\n", 1, "it knows flags, reply"},
		{"\tprogram reserve 3\n", 1, "4 to 40 bytes"},
		{"\tprogram reply NO_OP 1\n", 1, "is no op"},
		{"\tprogram setsockopt TCP_CONNECT_CB TCP_NODELAY 1\n", 1, "the level comes before"},
		{"\toption TCP_SYNCNT 2\n", 1, "whose option?"},
		{"\toption client TCP_SYNCOUNT 2\n", 1, "known are TCP_NODELAY"},
		{"\t+0 link drop client dat 1\n", 1, "is no kind of packet"},
		{"\t+0 link drop data 1\n", 1, "whose packets?"},
		{"\t+0 link cut\n", 1, "it knows drop"},
		{"\t+0 peer sends X 0:0\n", 1, "are no flags"},
		{"\t+0 peer sends S 0-0\n", 1, "is no range"},
		{"\t+0 peer sends . 0:0\n", 1, "go together"},
		{"\t+0 peer sends S 0:0 <mss>\n", 1, "is missing"},
		{"\t+0 peer sends S 0:0 <mtu 3>\n", 1, "known are mss N"},
		{"\tnonsense\n", 1, "begins no line"},
	};
	for (const refusal& each : all)
		expect_refused(each);
}

/// "10.1.2.3:40000 10.0.0.1:443 IPv4" of a timeline with these settings.
std::string addresses_of(const std::string& settings) {
	const timeline what = timeline::parse(settings + "\t+0 wait\n");
	const auto all = what.addresses();
	return all[0].text() + " " + all[1].text() + (what.settings.ipv6 ? " IPv6" : " IPv4");
}

TEST(timeline, addresses_say_the_family_and_may_be_left_out) {
	EXPECT_EQ(addresses_of(""), "127.0.0.1:20817 127.0.0.1:20816 IPv4");
	EXPECT_EQ(addresses_of("\tfamily ipv6\n"), "[::1]:20817 [::1]:20816 IPv6");
	EXPECT_EQ(addresses_of("\taddress client 10.1.2.3:40000\n"), "10.1.2.3:40000 127.0.0.1:20816 IPv4");
	EXPECT_EQ(addresses_of("\taddress server [2001:db8::1]:443\n"), "[::1]:20817 [2001:db8::1]:443 IPv6");
	EXPECT_EQ(addresses_of("\taddress server [::]:443 at 10.0.0.1\n"),
			  "127.0.0.1:20817 [::]:443 at 10.0.0.1 IPv4");
	EXPECT_EQ(addresses_of("\taddress server [::ffff:10.0.0.1]:443\n"),
			  "127.0.0.1:20817 [::ffff:10.0.0.1]:443 IPv4");
	EXPECT_EQ(addresses_of("\taddress server 0.0.0.0:1 at 10.0.0.1\n\taddress client 10.0.0.1:65535\n"),
			  "10.0.0.1:65535 0.0.0.0:1 at 10.0.0.1 IPv4");
	timeline peer = timeline::parse("\t+0 server listen\n\t+0 peer sends S 0:0\n");
	EXPECT_EQ(peer.addresses()[0].text(), "192.0.2.2:20817");
	EXPECT_EQ(peer.addresses()[1].text(), "192.0.2.1:20816");
	peer.settings.ipv6 = true;
	EXPECT_EQ(peer.addresses()[1].text(), "[2001:db8::1]:20816");
}

TEST(timeline, addresses_that_are_none_or_contradict_each_other_are_refused) {
	const std::pair<const char*, const char*> all[] = {
		{"client 10.1.2.3", "is no address with a port"},
		{"client :80", "is no address with a port"},
		{"10.1.2.3:80", "whose address?"},
		{"client 10.1.2.3:0", "no port from 1 to 65535"},
		{"client 10.1.2.3:65536", "no port from 1 to 65535"},
		{"client 10.1.2.300:80", "no address that is one"},
		{"client 2001:db8::1:443", "brackets are around"},
		{"client [10.1.2.3]:443", "brackets are around"},
		{"client [2001:db8::g]:443", "no address that is one"},
		{"client [::]:443", "as in '[::]:443 at 2001:db8::1'"},
		{"client 0.0.0.0:443", "as in '0.0.0.0:443 at 10.1.2.3'"},
		{"client 0.0.0.0:443 at ::1", "has no IPv6 address"},
		{"client 10.1.2.3:443 at 10.1.2.4", "cannot be found at another"},
		{"client 10.1.2.3:443 10.1.2.4", "is too much"},
		{"client 127.0.0.1:20816", "client and server are both at 127.0.0.1:20816"},
	};
	for (const auto& [setting, why] : all)
		expect_refused({("\taddress " + std::string(setting) + "\n\t+0 wait\n").c_str(), 1, why});
	expect_refused({"\taddress client 10.1.2.3:1\n\taddress server [::1]:2\n\t+0 wait\n", 2,
					"the client is at 10.1.2.3:1, which is IPv4, and the connection is IPv6"});
	expect_refused({"\tfamily ipv6\n\taddress server 10.1.2.3:1\n\t+0 wait\n", 2, "which is IPv4"});
	expect_refused({"\tfamily ipv4\n\taddress server [::1]:1\n\t+0 wait\n", 2, "which is IPv6"});
}

TEST(timeline, what_was_read_over_is_refused) {
	expect_refused(
		{"\tprogram setsockopt RWND_INIT SOL_SOCKET TCP_NODELAY 1\n\t+0 wait\n", 1, "not one of SOL_SOCKET"});
	expect_refused({"\t+0 server listen\n\t+0 peer sends S 0:0 <nop>ect\n", 2, "a space after > is missing"});
}

TEST(timeline, numbers_that_do_not_fit_are_refused_and_not_cut) {
	const refusal all[] = {
		{"\t+0 client connect\n\t\tclient: RTO(0,4294967296,0)\n", 2, "'4294967296' is no argument"},
		{"\t+0 client connect\n\t\tclient: RETRANS(1,-2147483649)\n", 2, "'-2147483649' is no argument"},
		{"\t+0 server listen\n\t+0 peer sends S 0:4294967296\n", 2, "is no range of sequence numbers"},
		{"\t+0.5 client connect\n", 1, "has no unit"},
	};
	for (const refusal& each : all)
		expect_refused(each);
}

TEST(timeline, what_cannot_happen_is_refused) {
	const refusal all[] = {
		{"\t+0 client connect\n\t+0 client connect\n", 2, "has connected already"},
		{"\t+0 client send 100\n", 1, "connect comes before"},
		{"\t+0 server listen\n\t+0 server send 100\n", 2, "accept comes before"},
		{"\t+0 server accept\n", 1, "does not listen"},
		{"\t+0 server listen\n\t+0 server accept\n\t+0 server accept\n", 3, "accepted its one connection"},
		{"\t+0 server listen\n\t+0 server connect\n", 2, "has no listener"},
		{"\t+0 client close\n", 1, "has no socket"},
		{"\t+0 client connect\n\t+0 client shutdown\n\t+0 client send 1\n", 3, "sends no more"},
		{"\t+0 client connect\n\tmtu 1400\n", 2, "a setting after the first event"},
		{"\t+-10ms client connect\n", 1, "time goes back"},
		{"\t-10ms client connect\n", 1, "time goes back"},
		{"\tdelay 1ms\n\t+0 server listen\n\t+0 peer sends S 0:0\n", 3, "delay with no link"},
		{"\t+0 server listen\n\t+0 peer sends S 0:0\n\t+0 client connect\n", 3,
		 "stands for one of the sides"},
	};
	for (const refusal& each : all)
		expect_refused(each);
}

TEST(timeline, an_error_says_line_text_and_reason) {
	try {
		(void)timeline::parse("prose\n\n\t+0 client sned 100 # typo\n");
		FAIL();
	} catch (const timeline_error& error) {
		EXPECT_EQ(error.text, "+0 client sned 100");
		EXPECT_EQ(std::string(error.what()).find("line 3: '+0 client sned 100': a side knows no 'sned'"), 0u);
	}
}

TEST(timeline, a_file_that_is_not_there_is_named) {
	try {
		(void)timeline::parse_file("/nowhere/x.timeline");
		FAIL();
	} catch (const timeline_error& error) {
		EXPECT_NE(error.reason.find("/nowhere/x.timeline"), std::string::npos);
	}
}

} // namespace
