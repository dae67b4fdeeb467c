// SPDX-License-Identifier: MIT
// Watching dispatches: a release whose calls the observers of a net are told of, program by program.
//
// traced<Release> behaves as Release does; a stack says it once, tcp_hook<traced<release_6_18>>
// (hook/tcp_hook.hpp). A call on a socket whose net has an observer (net/observer.hpp) is told, also when no
// program runs; so is each op that was due but not called because its flag is clear. Other nets, and all
// other releases, pay nothing for it. What a record means in words: trace/explain.hpp.
//
// Context: records are made on the thread that dispatches, and told there, when the call is over.
#pragma once

#include <vector>

#include <sockops/bpf/release.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/net/observer.hpp>
#include <sockops/net/sock.hpp>

namespace sockops {

/// What programs may change in a call, at one moment.
struct trace_state {
	u32 reply;            ///< the word that reply and args[0] share
	u8 cb_flags;          ///< the socket's bpf_sock_ops_cb_flags; 0 for a request
	u8 remaining_opt_len; ///< bytes that may still be reserved (HDR_OPT_LEN_CB) or written (WRITE_HDR_OPT_CB)

	bool operator==(const trace_state&) const = default;
};

/// One program of one call.
struct trace_step {
	const bpf_prog* prog; ///< valid during net_observer::called()
	trace_state before, after;
	u32 ret; ///< 1 success, 0 deny
	/// Bytes of its last header option that was refused, and why: -ENOSPC, or -EEXIST for one whose kind the
	/// header has. 0: none was.
	u32 refused_opt_len = 0;
	int refused_opt_error = 0;
};

/// What became of a call.
enum class trace_fate : u8 {
	ran,         ///< at least one program ran
	no_program,  ///< the socket's cgroup has none, nor has one above it
	key_off,     ///< nothing is attached in the whole process
	time_wait,   ///< no full socket: a time-wait socket
	no_listener, ///< no full socket: a request that a syncookie answers
	withheld,    ///< not called: the flag that this op needs is clear
};

/// One call of the hook, or one that was due.
struct trace_call {
	u64 time_ns;
	const sock_common* sk; ///< ctx.sk; valid during net_observer::called()
	net_profile profile;   ///< of its net
	const cgroup* cgrp;    ///< whose programs are asked; nullptr: nobody's. Valid as long as sk
	u8 op;
	u8 state; ///< tcp_state, before anything the call brings about
	bool is_fullsock;
	trace_fate fate;
	u32 args[4]; ///< as the stack passed them; op_nargs(op) of them mean something
	trace_state at_start;
	u32 skb_len;      ///< of the segment; 0 without one
	u8 skb_tcp_flags; ///< of the segment; 0 without one
	/// Of tcp_call_bpf(); for header options and time stamps 0, or -errno if a program denied.
	int result;
	std::vector<trace_step> steps;

	/// The program whose write to `reply` is the result: nullptr if none wrote, or one denied. A
	/// write of the value that was there already is not seen.
	const bpf_prog* answered_by() const noexcept;
	/// The first program that returned 0, or nullptr.
	const bpf_prog* denied_by() const noexcept;
};

/// The program that a traced release is running on this thread; nullptr: none. For observers of what programs
/// do meanwhile (options, lines), which are not told whose it is.
[[nodiscard]] const bpf_prog* program_traced_now() noexcept;

namespace detail {

/// Lives as long as the call it watches.
class call_observer {
  public:
	static constexpr bool observes = true;
	call_observer(const bpf_sock_ops_kern& ctx, const sock* owner);
	~call_observer();
	call_observer(const call_observer&) = delete;
	call_observer& operator=(const call_observer&) = delete;
	void done(int result);
	static void withheld(const tcp_sock& tp, bpf_sock_ops_op op);

  private:
	trace_call call_;
	const net_watch* observers_;
	trace_call* outer_; ///< the call that this one is nested in
};

u32 traced_run(const bpf_prog* prog, bpf_sock_ops_kern* ctx) noexcept;

} // namespace detail

template <class Release = default_release>
struct traced : Release {
	using observer = detail::call_observer;
	static constexpr bpf_prog_run_fn run_prog = detail::traced_run;
};

} // namespace sockops
