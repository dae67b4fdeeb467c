// SPDX-License-Identifier: MIT
// The calls that the small TCP, which makes Linux's, and ns-3 do not have in common.
#include "../what_this_ns3_does.hpp"
#include "call_differences.hpp"

namespace test {

namespace {

constexpr const char *everywhere = "", *none = "";

constexpr const char *one_of_eight = "one of eight segments is lost",
					 *last_of_eight = "the last of eight segments is lost",
					 *lone_twice = "a lone segment is lost twice", *much = "much both ways with losses",
					 *fin_lost = "the client's FIN is lost", *synack_lost = "the SYN-ACK is lost",
					 *dies = "the connection dies", *unanswered = "nobody answers",
					 *refused = "nobody listens";

/// And those that not every release has.
std::vector<known_difference> of_this_ns3(std::vector<known_difference> all) {
	if (sends_again_what_may_be_under_way()) {
		all.push_back({"recovery", one_of_eight, none, "RETRANS(1,0) in ESTABLISHED"});
		all.push_back({"recovery", much, none, "RETRANS(1,0) in ESTABLISHED"});
	} else { // else there are more of these calls than of the pieces that Linux makes
		all.push_back({"recovery", much, "RETRANS(1,0) in ESTABLISHED", none});
	}
	return all;
}

} // namespace

const std::vector<known_difference> known_differences = of_this_ns3({
	{"defaults", "the script's own times", "RTO(0,250,0) in SYN_SENT", "RTO(0,750,0) in SYN_SENT"},

	{"header options", everywhere, "TCP_CONNECT in SYN_SENT flags = 127",
	 "TCP_CONNECT in SYN_SENT flags = 15"},
	{"header options", everywhere, "TCP_LISTEN in LISTEN flags = 127", "TCP_LISTEN in LISTEN flags = 15"},
	{"header options", everywhere, "HDR_OPT_LEN%", none},
	{"header options", everywhere, "PARSE_HDR_OPT in %", none},

	// Who asked for ECN by a SYN that is itself ECT.
	{"ECN", everywhere, "NEEDS_ECN* in NEW_SYN_RECV -> 1", none},

	// The SYN-ACK of a full socket.
	{"ECN", "both connect", "NEEDS_ECN in SYN_RECV -> 1", none},

	{"options", everywhere,
	 "%_ESTABLISHED in % flags = 4 SO_SNDBUF=150000 SO_RCVBUF=150000 SO_PRIORITY=4 TCP_BPF_SNDCWND_CLAMP=50 "
	 "TCP_BPF_RTO_MIN=140000 TCP_NODELAY=1",
	 "%_ESTABLISHED in % flags = 4 SO_SNDBUF=150000: ENOPROTOOPT SO_RCVBUF=150000: ENOPROTOOPT "
	 "SO_PRIORITY=4: ENOPROTOOPT TCP_BPF_SNDCWND_CLAMP=50 TCP_BPF_RTO_MIN=140000 TCP_NODELAY=1: "
	 "ENOPROTOOPT"},

	{"FIN", everywhere, "RTT in FIN_WAIT1 of %", none},
	{"FIN", everywhere, "RTT in CLOSING of %", none},
	{"FIN", everywhere, "RTT in LAST_ACK of %", none},

	{"SYN timer", unanswered, "RTO(1,%,0) in SYN_SENT", "RTO(1,%,0) in SYN_SENT"},
	{"SYN timer", unanswered, "RTO(2,%,0) in SYN_SENT", "RTO(2,%,1) in SYN_SENT"},
	{"SYN timer", unanswered, "RTO(3,%,0) in SYN_SENT", none},
	{"SYN timer", unanswered, "RTO(4,%,0) in SYN_SENT", none},
	{"SYN timer", unanswered, "RTO(5,%,1) in SYN_SENT", none},
	{"SYN timer", unanswered, "RETRANS(1,0) in SYN_SENT", none},
	{"SYN timer", unanswered, "TIMEOUT_INIT in SYN_SENT -> %", none},

	{"refused connect", refused, none, "RTO(0,%,0) in SYN_SENT"},
	{"refused connect", refused, none, "RETRANS(1,0) in SYN_SENT"},
	{"refused connect", refused, none, "TIMEOUT_INIT in SYN_SENT -> %"},
	{"refused connect", refused, none, "RTO(1,%,1) in SYN_SENT"},

	// The timer in place of the probe.
	{"recovery", last_of_eight, none, "RTO(0,50,0) in ESTABLISHED"},
	{"recovery", lone_twice, none, "RTO(0,50,0) in ESTABLISHED"},
	{"recovery", lone_twice, "RTO(0,55,0) in ESTABLISHED", "RTO(1,100,0) in ESTABLISHED"},
	{"recovery", fin_lost, none, "RTO(0,50,0) in FIN_WAIT1"},

	{"RTO minimum", dies, "RTO(0,55,0) in ESTABLISHED", "RTO(0,50,0) in ESTABLISHED"},
	{"RTO minimum", dies, "RTO(1,110,0) in ESTABLISHED", "RTO(1,100,0) in ESTABLISHED"},
	{"RTO minimum", dies, "RTO(2,220,1) in ESTABLISHED", "RTO(2,200,1) in ESTABLISHED"},

	{"round trip times", lone_twice, "RTT in ESTABLISHED of 20 ms", none},
	{"round trip times", much, "RTT in ESTABLISHED of 20 ms", none},
	{"round trip times", "the client closes first", "RTT in ESTABLISHED of 20 ms",
	 "RTT in ESTABLISHED of 60 ms"},
	{"round trip times", "half closed", "RTT in CLOSE_WAIT of 20 ms", "RTT in CLOSE_WAIT of 60 ms"},

	{"timers", synack_lost, "RTT in SYN_SENT of 1026 ms", "RTT in SYN_SENT of 1020 ms"},
	{"timers", synack_lost, "RTT in SYN_SENT of 222 ms", "RTT in SYN_SENT of 220 ms"},
});

} // namespace test
