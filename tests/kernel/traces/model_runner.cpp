// SPDX-License-Identifier: MIT
#include "model_runner.hpp"

#include <stdexcept>

#include <sockops/bpf/bpf_sock_fields.hpp>
#include <sockops/sockops.hpp>
#include <sockops/testing/play.hpp>

#include "calls_from_records.hpp"

namespace traces {

namespace {

using sockops::bpf_sock_ops;

/// By the fields that programs have of ctx->sk.
trace_ends ends_of_sock(const sockops::bpf_sock_ops_kern& ctx) {
	trace_ends ends{};
	if (!ctx.is_fullsock)
		return ends;
	const auto& sk = *static_cast<const sockops::tcp_sock*>(ctx.sk);
	const auto field = [&](std::string_view name, unsigned index = 0) {
		for (const sockops::sock_view_field& each : sockops::bpf_sock_fields)
			if (each.name == name)
				return static_cast<std::uint32_t>(each.read(sk, index));
		throw std::logic_error("bpf_sock has no such field");
	};
	ends.local_ip4 = field("src_ip4");
	ends.remote_ip4 = field("dst_ip4");
	for (unsigned word = 0; word != 4; ++word) {
		ends.local_ip6[word] = field("src_ip6", word);
		ends.remote_ip6[word] = field("dst_ip6", word);
	}
	ends.local_port = field("src_port");
	ends.remote_port = sockops::be16_to_cpu(static_cast<sockops::be16>(field("dst_port")));
	return ends;
}

trace_ends ends_of(const bpf_sock_ops& ctx) {
	trace_ends ends{};
	ends.local_ip4 = ctx.local_ip4;
	ends.remote_ip4 = ctx.remote_ip4;
	for (unsigned word = 0; word != 4; ++word) {
		ends.local_ip6[word] = ctx.local_ip6[word];
		ends.remote_ip6[word] = ctx.remote_ip6[word];
	}
	ends.local_port = ctx.local_port;
	ends.remote_port = sockops::be32_to_cpu(ctx.remote_port);
	return ends;
}

std::uint32_t segment_ports(const sockops::bpf_sock_ops_kern& ctx) {
	const auto* const end = static_cast<const sockops::u8*>(ctx.skb_data_end);
	if (!ctx.skb || !end || ctx.skb->data + 4 > end)
		return 0;
	const sockops::u8* const at = ctx.skb->data;
	return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

/// As trace_call.bpf.h does it.
trace_record record_of(const bpf_sock_ops& ctx, side who) {
	trace_record call{};
	call.side = static_cast<std::uint32_t>(who);
	call.op = ctx.op;
	call.is_fullsock = ctx.is_fullsock;
	call.state = ctx.state;
	for (int at = 0; at != 4; ++at)
		call.args[at] = ctx.args[at];
	call.cb_flags = ctx.bpf_sock_ops_cb_flags;
	call.skb_len = ctx.skb_len;
	call.skb_tcp_flags = ctx.skb_tcp_flags;
	call.family = ctx.family;
	call.ends = ends_of(ctx);
	call.sock = ends_of_sock(ctx.kern());
	call.segment_ports = segment_ports(ctx.kern());
	call.snd_cwnd = ctx.snd_cwnd;
	call.srtt_us = ctx.srtt_us;
	call.snd_una = ctx.snd_una;
	call.snd_nxt = ctx.snd_nxt;
	return call;
}

sockops::bpf_prog_ptr recorder_of(side who, std::vector<trace_record>& into) {
	return sockops::make_bpf_prog("record", [who, &into](bpf_sock_ops& ctx) {
		into.push_back(record_of(ctx, who));
		return 1;
	});
}

} // namespace

trace play_in_model(const timeline& what) {
	const sockops::cgroup_root root;
	std::vector<trace_record> records[2];
	sockops::testing::played played;
	{
		const sockops::bpf_link client(root.make("/client"), recorder_of(side::client, records[0]));
		const sockops::bpf_link server(root.make("/server"), recorder_of(side::server, records[1]));
		played = sockops::testing::play(what, root);
	}
	std::vector<trace_record> all;
	for (std::size_t who = 0; who != 2; ++who) {
		auto next = records[who].begin();
		for (std::size_t at = 0; at != played.intervals.size(); ++at)
			for (std::size_t calls = played.intervals[at].calls[who].size(); calls != 0; --calls) {
				if (next == records[who].end())
					throw std::logic_error("a program has not seen each call that was played");
				next->interval = static_cast<std::uint32_t>(at);
				all.push_back(*next++);
			}
		if (next != records[who].end())
			throw std::logic_error("a program has seen more calls than were played");
	}
	return calls_from(all, what.events.size());
}

} // namespace traces
