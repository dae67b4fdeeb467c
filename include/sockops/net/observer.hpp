// SPDX-License-Identifier: MIT
// Observers of a net: told of each call of the hook, of ops that were due and not called, of each option that
// a program sets, of each line that it prints, of a program that is stopped, and of what a watched one read
// that nobody had written.
//
//     struct my_observer : net_observer {
//         void called(const trace_call& call) override { … }
//     } mine;
//     net_watch watching(in, mine);                         // from here to the end of the block
//
// As many as wanted, each of as many nets: all are told, in the order in which they came. A net without one
// costs nothing. Calls are told by the call sites of `tcp_hook<traced<…>>` alone (trace/trace.hpp), all else
// by any.
//
// Context: observers are told on the thread that dispatches, in the middle of it; they come and go while no
// other thread uses the net.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

struct bpf_fault;   ///< bpf/bpf_fault.hpp
struct bpf_finding; ///< bpf/bpf_finding.hpp
struct net;
struct sock_common;
struct trace_call; ///< trace/trace.hpp

/// A bpf_setsockopt(), when it is over: of those that fail too. Valid while it is told.
struct set_option {
	const sock_common& sk;
	u32 op; ///< what the program was called for
	int level, optname;
	const void* value;
	int length; ///< bytes at `value`
	int result; ///< 0 or -errno
};

/// All are told on the thread that dispatches, printk(), option_set(), fault() and finding() in the middle of a
/// program: they may not wait, throw, or end a watch.
struct net_observer {
	/// A call that is over; calls nested in it come first.
	virtual void called(const trace_call& call);
	/// An op that was due and not called, its flag being clear (fate withheld).
	virtual void withheld(const trace_call& call);
	/// A program's bpf_setsockopt() that is over.
	virtual void option_set(const set_option& what);
	/// A line of bpf_trace_printk(), as the program wrote it, with or without a line's end. True: it is kept
	/// or shown now; if no observer of the net says so, it goes to stderr.
	virtual bool printk(const char* text);
	/// A program was stopped. True as of printk().
	virtual bool fault(const bpf_fault& what);
	/// A watched program read what nobody had written (vm/watch.hpp), and goes on. True as of printk().
	virtual bool finding(const bpf_finding& what);

  protected:
	~net_observer() = default;
};

/// An observer is told of a net as long as this lives. It comes and goes while no other thread uses the net.
class net_watch {
  public:
	net_watch(net& in, net_observer& who) noexcept;
	~net_watch();
	net_watch(const net_watch&) = delete;
	net_watch& operator=(const net_watch&) = delete;

	/// Who is told.
	net_observer& observer() const noexcept { return observer_; }
	/// The next watch of the same net, in the order in which they came; nullptr after the last.
	const net_watch* next() const noexcept { return next_; }

  private:
	net& in_;
	net_observer& observer_;
	net_watch* next_ = nullptr;
};

namespace detail {
/// Tells all observers of a net, in order: `tell` takes a net_observer&.
template <class Tell>
void tell_observers(const net_watch* first, Tell&& tell) {
	for (const net_watch* each = first; each; each = each->next())
		tell(each->observer());
}
/// The same of what one of them may keep: does one? `tell` returns it.
template <class Tell>
bool kept_by_an_observer(const net_watch* first, Tell&& tell) {
	bool kept = false;
	tell_observers(first, [&](net_observer& who) { kept |= tell(who); });
	return kept;
}
} // namespace detail

} // namespace sockops
