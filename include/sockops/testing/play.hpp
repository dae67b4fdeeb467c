// SPDX-License-Identifier: MIT
// Playing a timeline: a small TCP on each side, virtual time, and one's own programs in between.
//
//   cgroup_root root;
//   bpf_link mine(root["/client"], my_program);             // or "/server", or "/" for both
//   played result = play(timeline::parse_file("syn_lost.timeline"), root);
//   if (!result.differences.empty()) std::puts(result.report().c_str());
//
// The client's sockets are in "/client", the server's in "/server", both made where they are missing. What
// `program …` lines of the timeline describe runs last in them, and is gone afterwards. The same timeline
// and the same programs give the same calls, to the last member.
#pragma once

#include <sockops/cgroup/cgroup.hpp>
#include <sockops/testing/timeline.hpp>

namespace sockops::testing {

/// One call of the hook, as a program of that side would have seen it.
struct seen_call {
	u64 time_ns; ///< since the beginning
	u8 op;
	bool is_fullsock;
	u8 state;
	u32 args[4]; ///< RETRANS_CB's sequence number counts from the sender's first
	u8 cb_flags;
	u32 skb_len;
	u8 skb_tcp_flags;
	u16 family;

	/// As a timeline has it: "RTO(0,250,0)".
	[[nodiscard]] std::string text() const;
};

/// From an event until the next one, by side.
struct played_interval {
	std::array<std::vector<seen_call>, 2> calls;
};

/// An expectation that did not come true.
struct difference {
	unsigned line; ///< of the expectation
	side who;
	std::string event;
	std::string what; ///< in words: what was expected, what was seen, where they part
};

struct played {
	std::vector<played_interval> intervals; ///< one for each event
	std::vector<difference> differences;

	/// All differences, a paragraph each; "" if there is none.
	[[nodiscard]] std::string report() const;
	/// All calls, by event and side, as a timeline's expectations.
	[[nodiscard]] std::string trace(const timeline& of) const;
};

/// What a random source and the first cookie begin with.
struct play_options {
	u64 seed = 1;
};

/// Throws std::runtime_error if a program cannot be attached, an accept finds no connection, or the timeline
/// (put together by hand, not parsed) names a sysctl that there is not or has a peer without a side.
[[nodiscard]] played play(const timeline& what, const cgroup_root& world, const play_options& options = {});

} // namespace sockops::testing
