// SPDX-License-Identifier: MIT
// Playing a timeline: a small TCP on each side, virtual time, and one's own programs in between.
//
//   cgroup_root root;
//   bpf_link mine(root.make("/client"), my_program);             // or "/server", or "/" for both
//   played result = play(timeline::parse_file("syn_lost.timeline"), root);
//   if (!result.differences.empty()) std::puts(result.report().c_str());
//
// The client's sockets are in "/client", the server's in "/server" (play_options), both made where they are
// missing. What `program …` lines of the timeline describe runs last in them, and is gone afterwards. The
// same timeline and the same programs give the same calls, to the last member.
//
// Context: the test's thread, outside of programs; not from a signal handler.
#pragma once

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_finding.hpp>
#include <sockops/cgroup/cgroup.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/testing/fire.hpp>
#include <sockops/testing/option_call.hpp>
#include <sockops/testing/timeline.hpp>
#include <sockops/trace/trace.hpp>

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

/// An op that was fired; all is good while it is told, and the socket until the timeline ends.
struct fired_op {
	const timeline_event& event;
	sock_common& on;
	const fired& answer;
	std::vector<bpf_fault> faults;       ///< those of the answer
	std::vector<bpf_finding> findings{}; ///< the same
};

/// Told of what happens while it happens, on the thread that plays. `time_ns`: since the beginning. What a
/// program sets and prints in a call comes before the call itself, which is told when it is over.
struct play_listener {
	/// An event is about to be performed.
	virtual void event(u64 time_ns, const timeline_event& what);
	/// A call of the hook, with what each program did: programs, socket and cgroup are good meanwhile. Those
	/// that no program can see (a syncookie's request, a time-wait socket) are not told.
	virtual void called(side who, u64 time_ns, const trace_call& call);
	/// An op that was due and not called: its flag is clear. The record has no arguments.
	virtual void withheld(side who, u64 time_ns, const trace_call& call);
	/// An event `fire` is over. What programs did in it is told nowhere else.
	virtual void fired(u64 time_ns, const fired_op& what);
	/// All has been performed, and the time of the last event is over: sockets and programs are still there.
	virtual void ended(u64 time_ns);
	/// A program's bpf_setsockopt() that is over, refused ones too.
	virtual void option_set(side who, u64 time_ns, const sock_common& sk, const option_call& what);
	/// A socket is over, and is about to be freed: its address may be another's soon.
	virtual void freed(side who, u64 time_ns, const sock_common& sk);
	/// A line of bpf_trace_printk(). True: it is kept or shown; else it goes to stderr.
	virtual bool printk(side who, u64 time_ns, const char* text);
	/// A program was stopped. True as of printk().
	virtual bool fault(side who, u64 time_ns, const bpf_fault& what);
	/// A watched program read what nobody had written (bpf/bpf_finding.hpp). True as of printk().
	virtual bool found(side who, u64 time_ns, const bpf_finding& what);

  protected:
	~play_listener() = default;
};

struct play_options {
	u64 seed = 1;                      ///< what a random source and the first cookie begin with
	play_listener* listener = nullptr; ///< outlives the call
	u32 hz = 250;                      ///< jiffies a second, of both sides: as net_profile::hz
	std::string client_cgroup = "/client", server_cgroup = "/server"; ///< paths, as cgroup_root takes them
	/// The listener judges timeline_event::statements; else each of them is a difference, as nobody looks.
	bool listener_judges = false;
	/// Of both sides' nets: profile_of() it (bpf/release.hpp). What is younger does not happen; an event that
	/// fires a younger op is a std::runtime_error.
	kernel_release kernel = modelled_release;
};

/// An accept found no connection, however long it waited.
struct no_connection : std::runtime_error {
	no_connection(const std::string& why, unsigned of_line) : std::runtime_error(why), line(of_line) {}

	unsigned line; ///< of the event
};

/// What was seen, and how it differs from what was to be seen. Throws no_connection, and std::runtime_error
/// if a program cannot be attached, or the timeline (put together by hand, not parsed) names a sysctl that
/// there is not, has a peer without a side, or addresses that contradict each other.
[[nodiscard]] played play(const timeline& what, const cgroup_root& world, const play_options& options = {});

} // namespace sockops::testing
