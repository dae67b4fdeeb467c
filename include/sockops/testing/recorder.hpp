// SPDX-License-Identifier: MIT
// Keeping every call of a net, to look at afterwards: time, op, arguments, what each program did, the
// result, and the ops that were due and not called.
//
//     using hook = tcp_hook<traced<>>;          // the stack's: said once
//     testing::recorder seen(in);               // from here on
//     hook::tcp_timeout_init(&sk);
//     seen.calls()[0].result …  seen.text() …  seen.explain(0) …
//
// A recorder keeps the programs and cgroups that it has seen alive; the sockets are the stack's, so of
// them it keeps what stands in the record, and the name that they were given.
//
// Context: told on any thread that dispatches, under a lock; asked when these have ended.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/cgroup/cgroup.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/trace/explain.hpp>
#include <sockops/trace/spoiled.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops::testing {

struct recorded_call : trace_call {
	std::string socket; ///< the name that the socket was given; "" without one
	/// What one program took from another (trace/spoiled.hpp): flags too that a call before has set.
	std::vector<sockops::spoiled> spoiled{};
};

/// Calls may come from several threads; looking at them is for when they have ended.
class recorder final : public net_observer {
  public:
	/// Observes the net until it ends. `with_withheld`: keeps the ops that were due and not called too.
	explicit recorder(net& in, bool with_withheld = true);
	~recorder();
	recorder(const recorder&) = delete;
	recorder& operator=(const recorder&) = delete;

	/// The name of a socket in what is recorded from here on: its own, and for a listener its requests'.
	void name(const sock_common& sk, std::string called);

	/// In the order in which they ended.
	const std::vector<recorded_call>& calls() const { return calls_; }
	/// Of one socket name.
	std::vector<const recorded_call*> calls_of(std::string_view socket) const;
	/// Forgets them; names and what the watch knows of sockets stay.
	void clear() { calls_.clear(); }

	/// "TCP_CONNECT RWND_INIT STATE(7>2)": the calls of a name (of all: ""), without the withheld ones.
	std::string text(std::string_view socket = {}) const;

	/// The call in words; whose flags it took; and if its flag was clear, who cleared it when.
	std::string explain(std::size_t index) const;

	void called(const trace_call& call) override;
	void withheld(const trace_call& call) override;

  private:
	void keep(const trace_call& call);

	const bool with_withheld_;
	mutable std::mutex lock_;
	std::vector<recorded_call> calls_;
	spoil_watch watch_;
	std::map<const sock_common*, std::string> names_;
	std::map<const bpf_prog*, bpf_prog_ptr> programs_;
	std::map<const cgroup*, cgroup*> cgroups_; ///< a reference each
	const net_watch watching_;
};

} // namespace sockops::testing
