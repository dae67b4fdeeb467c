// SPDX-License-Identifier: MIT
#include "model_runner.hpp"

#include <stdexcept>

#include <sockops/sockops.hpp>
#include <sockops/testing/play.hpp>

#include "calls_from_records.hpp"

namespace traces {

namespace {

using sockops::bpf_sock_ops;

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
	call.local_port = ctx.local_port;
	call.remote_port = sockops::be32_to_cpu(ctx.remote_port);
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
		const sockops::bpf_link client(root["/client"], recorder_of(side::client, records[0]));
		const sockops::bpf_link server(root["/server"], recorder_of(side::server, records[1]));
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
