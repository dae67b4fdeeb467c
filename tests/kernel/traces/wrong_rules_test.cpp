// SPDX-License-Identifier: MIT
// Traces and replies tell a stack that is wrong in one rule: each of them, one at a time, is switched on
// in the small TCP, and then something must differ from the recording.
#include <gtest/gtest.h>

#include <cstdio>
#include <exception>
#include <iterator>

#include "../../mutants/small_tcp.hpp"
#include "comparison.hpp"
#include "model_replies.hpp"
#include "model_runner.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;
using mutants::with_wrong_rule;
using mutants::wrong_rule;

struct named_rule {
	wrong_rule which;
	const char* name;
};

constexpr named_rule rules_of_calls[] = {
	{wrong_rule::no_header_prediction, "no header prediction"},
	{wrong_rule::state_after_change, "STATE_CB after the change"},
	{wrong_rule::time_wait_is_reported, "TIME_WAIT is reported"},
	{wrong_rule::established_before_the_call,
	 "STATE_CB(SYN_RECV -> ESTABLISHED) before PASSIVE_ESTABLISHED_CB"},
	{wrong_rule::timeout_counted_before_call, "a timeout is counted before RTO_CB"},
	{wrong_rule::no_linear_syn_timeouts, "a SYN's timeout doubles from the first"},
	{wrong_rule::second_listen_fires, "a second listen() fires"},
	{wrong_rule::repeated_synack_asks_no_ecn, "NEEDS_ECN not for a SYN-ACK sent again"},
	{wrong_rule::child_inherits_no_flags, "a child does not inherit flags"},
	{wrong_rule::mss_is_not_asked, "HDR_OPT_LEN_CB not for the MSS"},
	{wrong_rule::rtt_of_each_ack, "RTT_CB for each ACK"},
	{wrong_rule::probe_counts_as_timeout, "a tail loss probe counts as a timeout"},
	{wrong_rule::probe_is_a_timeout, "RTO_CB for a tail loss probe"},
	{wrong_rule::retransmission_told_before, "RETRANS_CB before the transmission"},
	{wrong_rule::sendmsg_after_transmission, "TSTAMP_SENDMSG_CB after the transmission"},
	{wrong_rule::cookie_asks_as_a_request, "RWND_INIT and TIMEOUT_INIT before a cookie"},
	{wrong_rule::no_rtt_of_the_synack, "no RTT_CB of the SYN-ACK"},
	{wrong_rule::length_with_header, "skb_len with the header in HDR_OPT_LEN_CB"},
	{wrong_rule::sendmsg_shows_push, "PSH in TSTAMP_SENDMSG_CB"},
	{wrong_rule::timeout_keeps_the_window, "snd_cwnd does not fall at a timeout"},
	{wrong_rule::child_keeps_its_port, "a closed child has its port"},
};
constexpr named_rule rules_of_replies[] = {
	{wrong_rule::denial_is_ignored, "a reply survives a denial"},
	{wrong_rule::last_return_decides, "the last return decides"},
	{wrong_rule::first_reply_stays, "the first reply stays"},
	{wrong_rule::any_reply_needs_ecn, "any reply but 0 wants ECN"},
	{wrong_rule::timeout_in_milliseconds, "TIMEOUT_INIT in milliseconds"},
	{wrong_rule::timeout_without_limit, "TIMEOUT_INIT without limit"},
	{wrong_rule::window_in_bytes, "RWND_INIT in bytes"},
};
static_assert(std::size(rules_of_calls) + std::size(rules_of_replies) + 1 ==
			  static_cast<std::size_t>(wrong_rule::count));

/// Those that differ; a run that cannot go on as the timeline says does not count.
std::vector<std::string> different_timelines(const std::vector<named_timeline>& all,
											 const traces_recording& recorded) {
	std::vector<std::string> names;
	for (std::size_t which = 0; which != all.size(); ++which)
		try {
			if (play_in_model(all[which].what) != recorded.traces[which].seen)
				names.push_back(all[which].name);
		} catch (const std::exception&) {
		}
	return names;
}

TEST(wrong_rules, of_calls_make_a_trace_differ) {
	std::string error;
	const traces_recording recorded = read_traces(RECORDED_ANSWERS "/traces-ipv4.json", error);
	ASSERT_EQ(error, "");
	const std::vector<named_timeline> all = timeline_files(TIMELINES, false);
	ASSERT_EQ(recorded.traces.size(), all.size());
	const std::vector<std::string> without = different_timelines(all, recorded);
	EXPECT_EQ(without, std::vector<std::string>());
	for (const named_rule& rule : rules_of_calls) {
		const with_wrong_rule now(rule.which);
		const std::vector<std::string> names = different_timelines(all, recorded);
		std::printf("%s: %zu timelines differ, the first is %s\n", rule.name, names.size(),
					names.empty() ? "none" : names.front().c_str());
		EXPECT_FALSE(names.empty()) << rule.name;
	}
}

TEST(wrong_rules, of_replies_make_a_row_differ) {
	std::string error;
	const recorded_replies recorded = read_replies(RECORDED_ANSWERS "/replies.json", error);
	ASSERT_EQ(error, "");
	ASSERT_TRUE(replies_in_model(recorded.rows) == recorded.effects);
	for (const named_rule& rule : rules_of_replies) {
		const with_wrong_rule now(rule.which);
		const std::vector<reply_effect> effects = replies_in_model(recorded.rows);
		std::size_t different = 0, first = recorded.rows.size();
		for (std::size_t at = effects.size(); at-- != 0;)
			if (!(effects[at] == recorded.effects[at]))
				++different, first = at;
		std::printf("%s: %zu rows differ, the first is %s\n", rule.name, different,
					different ? text_of(recorded.rows[first]).c_str() : "none");
		EXPECT_NE(different, 0u) << rule.name;
	}
}

} // namespace
