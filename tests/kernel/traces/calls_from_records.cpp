// SPDX-License-Identifier: MIT
#include "calls_from_records.hpp"

#include <cstring>
#include <optional>

#include <arpa/inet.h>

namespace traces {

namespace {

enum : std::uint32_t { op_passive_established = 5, op_needs_ecn = 6, op_retrans = 9, op_rtt = 12 };
enum : std::uint32_t { state_syn_sent = 2 };

/// The sequence number of the first SYN of one side: known once it is chosen.
class first_sequence_number {
  public:
	void look_at(const trace_record& from) {
		if (from.op == op_needs_ecn && from.is_fullsock && from.state == state_syn_sent)
			first_ = from.snd_una;
		if (from.op == op_passive_established && !first_)
			first_ = from.snd_una - 1;
	}
	[[nodiscard]] std::uint32_t distance(std::uint32_t sequence) const {
		return sequence - first_.value_or(0);
	}

  private:
	std::optional<std::uint32_t> first_;
};

std::string ip4_text(std::uint32_t address) {
	char text[INET_ADDRSTRLEN];
	return ::inet_ntop(AF_INET, &address, text, sizeof(text));
}
std::string ip6_text(const std::uint32_t* address) {
	char text[INET6_ADDRSTRLEN];
	return ::inet_ntop(AF_INET6, address, text, sizeof(text));
}
std::string addresses_text(const trace_ends& of) {
	return ip4_text(of.local_ip4) + ">" + ip4_text(of.remote_ip4) + " " + ip6_text(of.local_ip6) + ">" +
		   ip6_text(of.remote_ip6);
}
std::string ports_text(std::uint32_t from, std::uint32_t to) {
	return std::to_string(from) + ">" + std::to_string(to);
}

/// One that a packet of this socket may have, in either direction.
bool fits(std::uint32_t segment_ports, const trace_ends& ends) {
	return segment_ports == (ends.local_port << 16 | ends.remote_port) ||
		   segment_ports == (ends.remote_port << 16 | ends.local_port);
}

std::string addresses_of(const trace_record& from) {
	std::string text = addresses_text(from.ends);
	constexpr trace_ends none{};
	if (std::memcmp(&from.sock, &none, sizeof(none)) != 0 &&
		std::memcmp(&from.sock, &from.ends, sizeof(none)) != 0)
		text += " bpf_sock " + addresses_text(from.sock) + " " +
				ports_text(from.sock.local_port, from.sock.remote_port);
	if (from.segment_ports != 0 && !fits(from.segment_ports, from.ends))
		text += " header " + ports_text(from.segment_ports >> 16, from.segment_ports & 0xffff);
	return text;
}

call call_from(const trace_record& from, const first_sequence_number& first) {
	call one;
	one.op = from.op;
	one.is_fullsock = from.is_fullsock != 0;
	one.state = from.state;
	if (from.op != op_rtt)
		one.args = {from.args[0], from.args[1], from.args[2], from.args[3]};
	if (from.op == op_retrans)
		one.args[0] = first.distance(from.args[0]);
	one.cb_flags = from.cb_flags;
	one.skb_len = from.skb_len;
	one.skb_tcp_flags = from.skb_tcp_flags;
	one.family = from.family;
	one.local_port = from.ends.local_port;
	one.remote_port = from.ends.remote_port;
	one.addresses = addresses_of(from);
	one.snd_cwnd = from.snd_cwnd;
	return one;
}

} // namespace

trace calls_from(const std::vector<trace_record>& records, std::size_t intervals) {
	trace seen(intervals);
	first_sequence_number first[trace_sides];
	for (const trace_record& each : records) {
		first[each.side].look_at(each);
		if (each.interval >= intervals)
			continue;
		interval& at = seen[each.interval];
		(each.side == trace_client ? at.client : at.server).push_back(call_from(each, first[each.side]));
	}
	return seen;
}

} // namespace traces
