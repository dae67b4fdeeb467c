// SPDX-License-Identifier: MIT
// The release of the adapter's calls: the default, traced (trace/trace.hpp), so that
// a script can watch by a net_observer. Next to a simulated segment the cost is nothing.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/bpf/bpf_sock_ops_kern.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/sync/rcu.hpp>
#include <sockops/trace/trace.hpp>

namespace ns3 {

struct SockOpsRelease : sockops::traced<> {
	/// The result of the thread's last TIMEOUT_INIT; above 0 if a program replied. Where none did,
	/// ns-3's own ConnTimeout stays in force, not Linux's 1 s: a program that only watches leaves
	/// the simulation as it was. tcp_timeout_init() alone cannot tell the two apart.
	static int& TimeoutReply() {
		static thread_local int reply = 0;
		return reply;
	}

	/// Keeps that of the call which this one is nested in: a program, or who is told of a call, may have
	/// another socket connect.
	class NestedTimeoutReply {
	  public:
		NestedTimeoutReply() = default;
		~NestedTimeoutReply() { TimeoutReply() = m_outer; }
		NestedTimeoutReply(const NestedTimeoutReply&) = delete;
		NestedTimeoutReply& operator=(const NestedTimeoutReply&) = delete;

	  private:
		int m_outer = TimeoutReply();
	};

	class observer : public sockops::traced<>::observer {
	  public:
		observer(const sockops::bpf_sock_ops_kern& ctx, const sockops::sock* owner)
			: sockops::traced<>::observer(ctx, owner), m_op(ctx.op) {}
		/// Keeps the result of a TIMEOUT_INIT, and tells it as traced<> does.
		void done(int result) {
			if (m_op == sockops::BPF_SOCK_OPS_TIMEOUT_INIT)
				TimeoutReply() = result;
			sockops::traced<>::observer::done(result);
		}

	  private:
		/// Who is told of a call may detach a program of it: it stays until all have been told.
		sockops::rcu_read_guard m_programsStay;
		sockops::u8 m_op;
	};
};

} // namespace ns3
