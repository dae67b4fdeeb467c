// SPDX-License-Identifier: MIT
// What replies do, as a live Linux 6.18 (HZ 250) was seen to answer: each row an array of programs
// and the value that TCP_INFO of a real socket then showed.

#include "support.hpp"

namespace {

using namespace trap_test;

/// An array of programs, and what is read then.
struct row {
	row(std::vector<answer> programs, u32 then, int at = __builtin_LINE())
		: array(std::move(programs)), expected(then), line(at) {}

	std::vector<answer> array;
	u32 expected;
	int line;
};

/// "[reply 25, returns 1; no reply, returns 0]"
std::string in_words(const std::vector<answer>& array) {
	std::string words;
	for (const answer& each : array) {
		words.append(words.empty() ? "" : "; ");
		words.append(each.reply == leaves ? "no reply" : "reply " + std::to_string(each.reply));
		words.append(", returns ").append(std::to_string(each.ret));
	}
	return "[" + words + "]";
}

/// A row that is read otherwise fails at its own line, with its programs and with who read it.
template <class Read>
void check(const char* reader, const std::vector<row>& table, Read read) {
	for (const row& each : table) {
		one_socket on;
		for (const answer& program : each.array)
			attach(*on.root, answers(program));
		if (const u32 seen = read(on); seen != each.expected)
			ADD_FAILURE_AT(__FILE__, each.line)
				<< reader << " gives " << seen << " where Linux gives " << each.expected
				<< ", of the programs " << in_words(each.array);
	}
}

TEST(observed_on_6_18, timeout_init_in_milliseconds) {
	const std::vector<row> table = {
		{{}, 1000},
		{{{leaves, 1}}, 1000},
		{{{leaves, 0}}, 1000},
		{{{25, 1}}, 100},
		{{{25, 0}}, 1000},
		{{{0, 1}}, 1000},
		{{{-1, 1}}, 1000},
		{{{-5, 1}}, 1000},
		{{{1, 1}}, 4},
		{{{30'000, 1}}, 120'000},
		{{{1'000'000, 1}}, 120'000},
		{{{0x7fff'fffe, 1}}, 120'000},
		{{{25, 1}, {leaves, 1}}, 100},
		{{{25, 1}, {50, 1}}, 200}, // the last writer
		{{{25, 1}, {50, 0}}, 1000},
		{{{25, 0}, {50, 1}}, 1000},
		{{{25, 0}, {leaves, 1}}, 1000},
		{{{25, 0}, {50, 0}}, 1000},
		{{{leaves, 1}, {50, 1}, {leaves, 1}}, 200},
		{{{leaves, 1}, {50, 1}, {leaves, 0}}, 1000},
	};
	check("tcp_timeout_init", table,
		  [](one_socket& on) { return jiffies_to_msecs(on.in, tcp_timeout_init(&on.sk)); });
	check("tcp_timeout_init of 6.18", table, [](one_socket& on) {
		return jiffies_to_msecs(on.in, tcp_hook<release_6_18>::tcp_timeout_init(&on.sk));
	});
	check("tcp_connect", table, [](one_socket& on) {
		on.sk.skc_state = TCP_SYN_SENT;
		(void)tcp_connect(on.sk);
		return jiffies_to_msecs(on.in, on.sk.icsk_rto);
	});
}

// mss 1460, and a full window of 64240 bytes where the reply does not limit it.
TEST(observed_on_6_18, rwnd_init_in_bytes) {
	const std::vector<row> table = {
		{{}, 64'240},
		{{{leaves, 1}}, 64'240},
		{{{3, 1}}, 4'380},
		{{{40, 1}}, 58'400},
		{{{3, 0}}, 64'240},
		{{{-1, 1}}, 64'240},
		{{{1'000'000, 1}}, 64'240},
		{{{3, 1}, {10, 1}}, 14'600},
		{{{3, 1}, {10, 0}}, 64'240},
		{{{3, 0}, {10, 1}}, 64'240},
	};
	const auto window = [](u32 packets) {
		const u64 asked = u64{packets} * 1460;
		return packets == 0 ? 64'240u : static_cast<u32>(std::min(asked, u64{64'240}));
	};
	check("tcp_rwnd_init_bpf", table, [&](one_socket& on) { return window(tcp_rwnd_init_bpf(&on.sk)); });
	check("tcp_rwnd_init_bpf of 6.18", table,
		  [&](one_socket& on) { return window(tcp_hook<release_6_18>::tcp_rwnd_init_bpf(&on.sk)); });
	check("tcp_conn_request", table, [&](one_socket& on) {
		request_sock req;
		on.sk.skc_state = TCP_LISTEN;
		inet_reqsk_init(req, &on.sk, on.in);
		(void)tcp_conn_request(req, {});
		return window(req.rsk_rcv_wnd);
	});
}

TEST(observed_on_6_18, needs_ecn) {
	const std::vector<row> table = {
		{{}, false},
		{{{1, 1}}, true},
		{{{1, 0}}, false},
		{{{2, 1}}, false},
		{{{-1, 1}}, false},
		{{{1, 1}, {0, 1}}, false},
		{{{0, 1}, {1, 1}}, true},
		{{{1, 1}, {leaves, 0}}, false},
	};
	check("tcp_bpf_ca_needs_ecn", table, [](one_socket& on) { return tcp_bpf_ca_needs_ecn(&on.sk); });
	check("tcp_bpf_ca_needs_ecn of 6.18", table,
		  [](one_socket& on) { return tcp_hook<release_6_18>::tcp_bpf_ca_needs_ecn(&on.sk); });
	check("tcp_connect", table, [](one_socket& on) {
		on.sk.skc_state = TCP_SYN_SENT;
		return tcp_connect(on.sk).ecn;
	});
}

// Not observable there (no congestion control asked); by the rule: a reply above 0 is used.
TEST(by_the_text, base_rtt_in_microseconds) {
	check("tcp_bpf_base_rtt",
		  {
			  {{}, 0},
			  {{{leaves, 1}}, 0},
			  {{{0, 1}}, 0},
			  {{{-1, 1}}, 0},
			  {{{1, 1}}, 1},
			  {{{80'000, 1}}, 80'000},
			  {{{80'000, 0}}, 0},
			  {{{80'000, 1}, {90'000, 1}}, 90'000},
			  {{{0x7fff'ffff, 1}}, 0x7fff'ffff},
			  {{{0x8000'0000, 1}}, 0},
		  },
		  [](one_socket& on) { return tcp_bpf_base_rtt(on.sk); });
}

// In the same observation: both programs read the first one's reply as args[0].
TEST(observed_on_6_18, a_reply_in_state_cb_is_the_next_programs_old_state) {
	one_socket on;
	std::vector<u32> seen;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_STATE_CB_FLAG;
	attach(*on.root, answers({77, 1}));
	attach(*on.root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		seen = {skops.args[0], skops.args[1]};
		return 1;
	}));
	tcp_set_state(on.sk, TCP_SYN_SENT);
	EXPECT_EQ(seen, (std::vector<u32>{77, TCP_SYN_SENT}));
}

} // namespace
