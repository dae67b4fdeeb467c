// SPDX-License-Identifier: MIT
// The lines of text tests: what is read from them, and what is refused, with the line, the reason and the
// remedy.

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <sockops/testing/timeline.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

TEST(text_test, settings_of_objects_are_read) {
	const timeline all = timeline::parse("\tversion 1\n"
										 "\tobject tune.bpf.o at /web as web program tune observe\n"
										 "\tset web:limits[2].port = {1, 2}\n"
										 "\tmap conf[\"a]=b # c\"] = {.x = 1}  # a comment\n"
										 "\tkconfig CONFIG_X=y\n"
										 "\trecords closed = struct closed\n"
										 "\tcgroup client /web/api\n"
										 "\t+0 wait\n");
	const timeline_objects& objects = all.settings.objects;
	ASSERT_EQ(objects.objects.size(), 1u);
	EXPECT_EQ(objects.objects[0].file, "tune.bpf.o");
	EXPECT_EQ(objects.objects[0].cgroup, "/web");
	EXPECT_EQ(objects.objects[0].name, "web");
	EXPECT_EQ(objects.objects[0].programs, (std::vector<std::string>{"tune", "observe"}));
	EXPECT_EQ(objects.globals.at(0).name, "web:limits[2].port");
	EXPECT_EQ(objects.globals.at(0).value, "{1, 2}");
	EXPECT_EQ(objects.entries.at(0).map, "conf");
	EXPECT_EQ(objects.entries.at(0).key, "\"a]=b # c\"");
	EXPECT_EQ(objects.entries.at(0).value, "{.x = 1}");
	EXPECT_EQ(objects.kconfig.at(0).word, "CONFIG_X=y");
	EXPECT_EQ(objects.records.at(0).value, "struct closed");
	EXPECT_EQ(objects.client_cgroup, "/web/api");
	EXPECT_FALSE(objects.server_cgroup);
}

struct refusal {
	const char* name;
	const char* text; ///< the line that is refused is its last
	const char* reason;
};

constexpr refusal refusals[] = {
	// settings
	{"version_of_tomorrow", "\tversion 2\n", "version 2 of the format: version 1 to 1 can be read here"},
	{"version_zero", "\tversion 0\n", "version 0 of the format"},
	{"version_that_is_none", "\tversion new\n", "'new' is no number: the version is one"},
	{"object_without_a_file", "\tobject\n", "the object's file is missing at the end of the line"},
	{"object_in_no_cgroup", "\tobject a.o at web\n", "'web' is no cgroup: it is a path from the root"},
	{"object_with_more", "\tobject a.o /web\n", "'/web' is too much: behind the file come 'at /CGROUP'"},
	{"object_with_a_colon", "\tobject a.o as a:b\n", "an object cannot be called 'a:b'"},
	{"set_without_a_value", "\tset window\n", "the variable, '=' and its value are missing"},
	{"set_with_nothing", "\tset window =\n", "its value is missing at the end"},
	{"map_that_is_not_filled", "\tmap conf[0]\n",
	 "'=' and the value are missing: before the first event a map is filled"},
	{"map_that_expects", "\tmap conf[0] == 1\n", "'==' expects a value, below an event"},
	{"map_without_its_key", "\tmap conf = 1\n", "the key is missing: it stands between '[' and ']'"},
	{"map_without_a_bracket", "\tmap conf[{1, 2] = 1\n",
	 "a ']' is missing: the key stands between '[' and ']'"},
	{"records_without_a_type", "\trecords closed\n", "the map, '=' and the type of its records are missing"},
	{"cgroup_of_nobody", "\tcgroup /web\n", "whose cgroup? write client or server"},
	{"kconfig_without_an_option", "\tkconfig\n", "the option, as in CONFIG_HZ=250 is missing"},
	{"setting_after_an_event", "\t+0 wait\n\tobject a.o\n", "a setting after the first event"},
	// fire
	{"fire_of_no_op", "\t+0 fire TIMEOUT on a socket\n", "'TIMEOUT' is no op"},
	{"fire_on_nothing", "\t+0 fire TIMEOUT_INIT\n", "'on' is missing: on a socket, on a request"},
	{"fire_on_a_what", "\t+0 fire TIMEOUT_INIT on a tcp\n", "'on a' is followed by socket, request or child"},
	{"fire_on_a_stranger", "\t+0 fire RTT on s\n",
	 "no socket 's': one is made by 'on socket s {…}'; there are: none yet"},
	{"fire_on_two_of_a_name", "\t+0 fire RTT on socket s\n\t+0 fire RTT on socket s\n",
	 "there is a socket 's' already"},
	{"fire_on_a_client", "\t+0 fire RTT on socket client\n", "'client' is what a side's socket is called"},
	{"fire_with_too_many_arguments", "\t+0 fire STATE(1,2,3) on a socket\n", "STATE_CB has 2 arguments"},
	{"fire_with_an_argument_that_is_none", "\t+0 fire RTT(x) on a socket\n",
	 "'x' is no number: an argument is one"},
	{"fire_with_a_long_argument", "\t+0 fire RTT(0x100000000) on a socket\n", "an argument has 32 bits"},
	{"fire_with_an_unknown_field", "\t+0 fire RTT on a socket {stat = OPEN}\n",
	 "a socket has no field 'stat' here: it has state, local"},
	{"fire_with_an_unknown_state", "\t+0 fire RTT on a socket {state = OPEN}\n", "'OPEN' is no state"},
	{"fire_with_a_field_twice", "\t+0 fire RTT on a socket {mss = 1, mss = 2}\n", "'mss' is there twice"},
	{"fire_with_a_field_too_large", "\t+0 fire RTT on a socket {mss = 65536}\n",
	 "does not fit: mss is 0 to 65535"},
	{"fire_with_a_field_without_a_value", "\t+0 fire RTT on a socket {mss}\n",
	 "'=' and a value are missing behind 'mss'"},
	{"fire_with_no_address", "\t+0 fire RTT on a socket {remote = 10.1.2}\n", "10.1.2"},
	{"fire_with_no_port", "\t+0 fire RTT on a socket {remote = 10.1.2.3:http}\n", "'http' is no port"},
	{"fire_with_two_families", "\t+0 fire RTT on a socket {local = 10.1.2.3, remote = [::1]:1}\n",
	 "both of a socket are of one family"},
	{"fire_with_open_fields", "\t+0 fire RTT on a socket {mss = 1\n", "a '}' is missing"},
	{"fire_with_more", "\t+0 fire RTT on a socket later\n",
	 "'later' is too much: behind the socket come 'with <options>'"},
	{"fire_in_another_state", "\t+0 fire TIMEOUT_INIT on a socket\n",
	 "it fires in SYN_SENT, SYN_RECV, NEW_SYN_RECV; write its state"},
	{"fire_on_a_request_of_what_only_sockets_get", "\t+0 fire RTT on a request\n",
	 "on a request: it is of full sockets only"},
	{"fire_on_half_a_socket", "\t+0 fire RTT on a socket {state = TIME_WAIT} anyway\n",
	 "TIME_WAIT is no full socket's state"},
	{"fire_on_a_changed_request", "\t+0 fire RWND_INIT on request r\n\t+0 fire RWND_INIT on r {mss = 1}\n",
	 "a request is what its SYN has made it"},
	{"fire_on_a_child_of_nobody", "\t+0 fire PASSIVE_ESTABLISHED on child c of r\n",
	 "no request 'r': one is made by 'on request r {…}'"},
	{"fire_on_a_moved_socket", "\t+0 fire RTT on socket s\n\t+0 fire RTT on s {cgroup = /a}\n",
	 "a socket stays in its cgroup"},
	{"fire_with_no_room", "\t+0 fire HDR_OPT_LEN on a socket room 44\n",
	 "a header has room for 1 to 40 bytes of options"},
	{"fire_with_wrong_options", "\t+0 fire PARSE_HDR_OPT on a socket with <mms 1>\n", "no option 'mms'"},
	// calls
	{"nothing_has_happened", "\tclient: TIMEOUT_INIT -> 1\n",
	 "stands below an event, and none has happened yet"},
	{"deed_that_is_none", "\t+0 wait\n\t\tclient: TIMEOUT_INIT replys 1\n",
	 "'replys' is neither an op nor what a program did: that is ->, returned"},
	{"reply_without_a_value", "\t+0 wait\n\t\tclient: TIMEOUT_INIT ->\n",
	 "the reply is missing at the end of the line"},
	{"reply_that_is_none", "\t+0 wait\n\t\tclient: TIMEOUT_INIT -> 1x\n",
	 "'1x' is no number: the reply is one"},
	{"returned_two", "\t+0 wait\n\t\tclient: RTT returned 2\n", "a sock_ops program returns 1, or 0 to deny"},
	{"flags_without_a_flag", "\t+0 wait\n\t\tclient: RTT flags\n",
	 "'flags' is followed by = and all of them"},
	{"flag_that_is_none", "\t+0 wait\n\t\tclient: RTT flags = RTX_CB_FLAG\n",
	 "no flag 'RTX_CB_FLAG': there are RTO_CB_FLAG, "},
	{"option_that_is_none", "\t+0 wait\n\t\tclient: RTT sets TCP_IW = 1\n",
	 "no option 'TCP_IW' that a program can set: known are "},
	{"option_without_a_value", "\t+0 wait\n\t\tclient: RTT sets TCP_BPF_IW\n",
	 "'=' and the value are missing behind TCP_BPF_IW"},
	{"error_that_is_none", "\t+0 wait\n\t\tclient: RTT sets TCP_BPF_IW = 1: EWRONG\n",
	 "'EWRONG' is no error: write the name of an errno"},
	{"line_without_quotes", "\t+0 wait\n\t\tclient: RTT prints hello\n",
	 "what is printed stands in quotes, as in \"text\", and there is 'hello'"},
	{"line_without_an_end", "\t+0 wait\n\t\tclient: RTT prints \"hello\n", "no '\"' ends the text"},
	{"written_of_a_side", "\t+0 wait\n\t\tclient: WRITE_HDR_OPT writes 01\n",
	 "'writes 01' is told of a fired op alone"},
	{"would_of_a_side", "\t+0 wait\n\t\tclient: RTT would fire\n",
	 "'would fire' is told of a fired op alone"},
	{"each_of_two", "\t+0 wait\n\t\tclient: each RTT allowed RTO allowed\n",
	 "'each' and 'no' are about calls of one name"},
	{"each_without_a_deed", "\t+0 wait\n\t\tclient: each RTT\n", "what did programs do in each of them?"},
	{"no_without_a_call", "\t+0 wait\n\t\tclient: no\n", "no call is named"},
	{"fired_below_another_event", "\t+0 wait\n\t\tfired: -> 1\n", "'fired:' stands below an event 'fire'"},
	{"fired_without_a_deed", "\t+0 fire RTT on a socket\n\t\tfired:\n", "what did programs do in it?"},
	{"fired_each", "\t+0 fire RTT on a socket\n\t\tfired: each -> 1\n", "'each' is of several calls"},
	{"fired_odd_hex", "\t+0 fire WRITE_HDR_OPT on a socket\n\t\tfired: writes 0\n",
	 "'0' is not hex: two digits a byte"},
	{"fired_with_more", "\t+0 fire RTT on a socket\n\t\tfired: -> 1 RTT\n", "'RTT' is too much"},
	// state
	{"map_without_a_question", "\t+0 wait\n\t\tmap conns[1]\n", "what of the map? Write == and a value"},
	{"map_that_is_set", "\t+0 wait\n\t\tmap conns[1] = 2\n", "'=' is for settings, before the first event"},
	{"map_without_a_value", "\t+0 wait\n\t\tmap conns[1] ==\n",
	 "the value is missing at the end of the line"},
	{"map_with_an_open_value", "\t+0 wait\n\t\tmap conns[1] == {1, 2\n",
	 "a bracket or a quote is not closed"},
	{"map_that_is_absent", "\t+0 wait\n\t\tmap conns absent\n", "'exists' and 'absent' are of a key"},
	{"map_with_many", "\t+0 wait\n\t\tmap conns has many entries\n",
	 "'many' is no number: how many entries is one"},
	{"map_with_two", "\t+0 wait\n\t\tmap conns has 2\n", "'has' is followed by a number and 'entries'"},
	{"global_without_a_question", "\t+0 wait\n\t\tglobal hits\n",
	 "what of the variable? Write == and a value"},
	{"global_that_is_set", "\t+0 wait\n\t\tglobal hits = 1\n", "'=' is for settings"},
	{"records_without_a_colon", "\t+0 wait\n\t\trecords closed {1}\n",
	 "a ':' is missing behind the map's name"},
	{"records_without_a_record", "\t+0 wait\n\t\trecords closed:\n", "a record, or 'nothing', is missing"},
	{"nothing_and_more", "\t+0 wait\n\t\tprintk: nothing \"a\"\n", "'\"a\"' is too much"},
	{"lines_without_quotes", "\t+0 wait\n\t\tprintk: a\n", "a line, or 'nothing', stands in quotes"},
	{"spoil_that_is_none", "\t+0 wait\n\t\tspoiled: stolen_reply\n",
	 "'stolen_reply' is nothing that a program takes from another: that is discarded_reply"},
	{"finding_without_quotes", "\t+0 wait\n\t\tfinding key\n", "a part of its message stands in quotes"},
	{"let_of_a_number", "\t+0 wait\n\t\tlet 1 = 2\n", "'1' is no name: letters, digits and _ make one"},
	{"let_without_a_value", "\t+0 wait\n\t\tlet a\n",
	 "'=' and a value are missing: let NAME = client.cookie"},
	// prose
	{"statement_in_prose", "\tobject a.o\n\t+0 wait\nmap conns[1] == 2\n",
	 "this reads as a line that is meant: put a tab before it"},
	{"fire_with_too_few_arguments", "\t+0 fire RETRANS(0) on a socket\n",
	 "RETRANS_CB has 3 arguments, and there are 1: write all of them, or none"},
	{"fire_with_an_odd_room", "\t+0 fire HDR_OPT_LEN on a socket room 1\n",
	 "room 1: what a header has left is a multiple of 4"},
	{"fire_with_a_full_header", "\t+0 fire WRITE_HDR_OPT on a socket with S <mss 1460> room 40\n",
	 "the options in <> take 4 bytes of 40, and leave no room for 40 more"},
	{"fire_in_listen", "\t+0 fire RTT on a socket {state = LISTEN}\n",
	 "CLOSING; write its state, as in {state = ESTABLISHED}, or say 'anyway'"},
	{"let_of_anything", "\t+0 wait\n\t\tlet x = _\n", "_ is no value that a name could be given"},
	{"let_of_a_side", "\t+0 wait\n\t\tlet client = 3\n", "'client' has a meaning already"},
	{"let_of_a_state", "\t+0 wait\n\t\tlet TCP_ESTABLISHED = 7\n", "'TCP_ESTABLISHED' has a meaning already"},
	{"calls_without_a_colon", "\t+0 wait\n\t\tclient TIMEOUT_INIT -> 25\n",
	 "a ':' is missing behind 'client'"},
	{"no_call_without_a_colon", "\t+0 wait\n\t\tclient no RTT\n", "a ':' is missing behind 'client'"},
};

constexpr const char* forgotten_indents[] = {
	"map conf has 7 entries",
	"map conf[1] absent",
	"map conf[0] = 1",
	"records events: nothing",
	"no RTT",
	"each RTT -> 1",
	"finding \"x\"",
	"stopped \"x\"",
	"let a = 3",
	"set x = 3",
	"family ipv6",
	"kconfig CONFIG_HZ=250",
	"cgroup client /web",
	"program flags 1",
	"records x = struct e",
	"fire RTT on a socket",
	"fired: -> 1",
	"object t.bpf.o",
	"version 1",
	"mtu 1500",
	"delay 10ms  # and a comment",
	"Client: nothing",
	"Server: TCP_LISTEN",
	"printk: nothing",
	"global hits == 77",
	" global hits == 77",
};

constexpr const char* sentences[] = {
	"map conf has entries, and each of them counts.",
	"records events of all kinds: connections that come and go.",
	"no RTT is measured here.",
	"finding \"x\" is what the test is about.",
	"let us begin.",
	"set aside what is known.",
	"family and friends",
	"version 2 of the protocol is not spoken here.",
	"object files are loaded in this order.",
	"program flags are those of the client.",
	"global hits are counted.",
	"Client: it connects. Server: it accepts.",
	"fire and forget",
	"each RTT that is measured comes later.",
	"delay and loss",
};

void expect_refused(const refusal& each) {
	SCOPED_TRACE(each.name);
	const std::string text = each.text;
	const auto lines = static_cast<unsigned>(std::count(text.begin(), text.end(), '\n'));
	try {
		(void)timeline::parse(text + "\t+0 wait\n");
		ADD_FAILURE() << "not refused:\n" << text;
	} catch (const timeline_error& wrong) {
		EXPECT_EQ(wrong.line, lines) << wrong.what();
		EXPECT_NE(wrong.reason.find(each.reason), std::string::npos)
			<< '"' << each.reason << "\" is not in \"" << wrong.reason << '"';
	}
}

TEST(text_test, what_is_malformed_is_refused_with_line_reason_and_remedy) {
	for (const refusal& each : refusals)
		expect_refused(each);
}

TEST(text_test, a_line_whose_indent_was_forgotten_is_not_taken_for_prose) {
	for (const std::string line : forgotten_indents)
		for (const std::string object : {"", "\tobject a.o\n"}) {
			SCOPED_TRACE(line);
			try {
				(void)timeline::parse(object + line + "\n\t+0 wait\n");
				ADD_FAILURE() << "it is prose";
			} catch (const timeline_error& wrong) {
				EXPECT_EQ(wrong.line, object.empty() ? 1u : 2u);
				EXPECT_NE(wrong.reason.find("put a tab before it"), std::string::npos) << wrong.reason;
			}
		}
}

TEST(text_test, a_sentence_that_begins_as_a_line_does_is_prose) {
	for (const std::string line : sentences)
		EXPECT_NO_THROW((void)timeline::parse(line + "\n\t+0 wait\n")) << line;
}

TEST(text_test, ops_and_flags_have_their_names_of_uapi_too) {
	const timeline all =
		timeline::parse("\t+0 fire BPF_SOCK_OPS_RTT_CB on a socket\n"
						"\t\tclient: BPF_SOCK_OPS_STATE_CB flags = BPF_SOCK_OPS_RTT_CB_FLAG\n"
						"\t\tclient: no STATE\n"
						"\t\tmap conns no entries\n");
	EXPECT_EQ(all.events.at(0).fire->op, BPF_SOCK_OPS_RTT_CB);
	EXPECT_EQ(all.events.at(0).statements.size(), 3u);
}

TEST(text_test, a_comment_begins_in_no_text) {
	const timeline all = timeline::parse("\t+0 wait # \"\n\t\tprintk: \"a # b\" # c\n");
	EXPECT_EQ(all.events.at(0).text, "+0 wait");
	EXPECT_EQ(all.events.at(0).statements.at(0).text, "printk: \"a # b\"");
}

} // namespace
