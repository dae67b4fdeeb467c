// SPDX-License-Identifier: MIT
// Watching dispatches: a run policy that tells a sink what each call did, program by program.
//
// traced<Base> behaves as Base does. A call on a socket whose net has a trace sink is recorded,
// also when no program runs; other calls, and all other policies, pay nothing for it.
#pragma once

#include <vector>

#include <sockops/bpf/run_policy.hpp>
#include <sockops/net/net.hpp>

namespace sockops {

/// One program of one call.
struct trace_step {
	const bpf_prog* prog; ///< valid during trace_sink::called()
	u32 reply_before;     ///< the word that reply and args[0] share, as the program found it
	u32 reply_after;
	u32 ret; ///< 1 success, 0 deny
};

/// One call of the hook.
struct trace_call {
	u64 time_ns;
	const sock_common* sk;
	u8 op;
	u8 state; ///< tcp_state, before anything the call brings about
	bool is_fullsock;
	u32 args[4]; ///< as the stack passed them; op_nargs(op) of them mean something
	int result;  ///< of tcp_call_bpf()
	std::vector<trace_step> steps;

	/// The program whose write to `reply` is the result: nullptr if none wrote, or one denied. A
	/// write of the value that was there already is not seen.
	const bpf_prog* answered_by() const noexcept;
	/// The first program that returned 0, or nullptr.
	const bpf_prog* denied_by() const noexcept;
};

/// Told of each call when it is over, on the dispatching thread, nested calls first.
struct trace_sink {
	virtual void called(const trace_call& call) = 0;

  protected:
	~trace_sink() = default;
};

namespace detail {

/// Lives as long as the call it watches.
class call_observer {
  public:
	static constexpr bool observes = true;
	call_observer(const bpf_sock_ops_kern& ctx, const sock* owner);
	static void withheld(const tcp_sock& tp, bpf_sock_ops_op op);
	~call_observer();
	call_observer(const call_observer&) = delete;
	call_observer& operator=(const call_observer&) = delete;
	void done(int result);

  private:
	trace_call call_;
	trace_sink* sink_;
	trace_call* outer_; ///< the call that this one is nested in
};

u32 traced_run(const bpf_prog* prog, bpf_sock_ops_kern* ctx) noexcept;

} // namespace detail

template <class Base = default_run_policy>
struct traced : Base {
	using observer = detail::call_observer;
	static constexpr bpf_prog_run_fn run_prog = detail::traced_run;
};

} // namespace sockops
