// SPDX-License-Identifier: MIT
// How an array is run, which changed over the releases: what is held meanwhile, how the returns
// are folded, what the fold means. A policy is a type, chosen at compile time, at no cost; a stack chooses a
// release, which has one (bpf/release.hpp).
//
//   policy            | held during the run          | fold              | any 0   | a 2     | a 3
//   run_policy_4_19   | preempt + rcu, no_resched    | AND, from 1       | -EPERM  | -EPERM  | 0
//   run_policy_5_2    | preempt + rcu, may resched   | AND, from 1       | -EPERM  | -EPERM  | 0
//   run_policy_6_1    | migrate + rcu                | first 0 decides   | -EPERM  | 0       | 0
//
// All three run every program, whatever the ones before it returned. They agree on 0 and 1.
//
// Context: what a run does on its thread, in its section; never waits.
#pragma once

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/kern/errno.hpp>
#include <sockops/sync/preempt.hpp>

namespace sockops {

struct sock;
struct tcp_sock;

/// acc = 1; acc &= ret. The run succeeded if it is still 1.
struct and_fold {
	u32 acc = 1;
	/// Takes a program's return in.
	[[gnu::always_inline]] void add(u32 ret) noexcept { acc &= ret; }
	/// 0, or -EPERM: a program denied.
	[[gnu::always_inline]] int error() const noexcept { return acc == 1 ? 0 : -EPERM; }
};

/// acc = 0; a return of 0 makes it -EPERM, unless it is an errno already.
struct errno_fold {
	int acc = 0;
	/// Takes a program's return in.
	[[gnu::always_inline]] void add(u32 ret) noexcept { acc = ret == 0 && acc >= 0 ? -EPERM : acc; }
	/// 0, or -EPERM: a program denied.
	[[gnu::always_inline]] int error() const noexcept { return acc; }
};

/// preempt_disable(); rcu_read_lock(); … rcu_read_unlock(); preempt_enable_no_resched();
/// Leaving is not a scheduling point: whoever was woken meanwhile waits, even if it is urgent.
using preempt_no_resched_section = section_guard<thread_word::one_preempt + thread_word::one_rcu>;

/// The same with preempt_enable(): leaving is a scheduling point.
class preempt_section {
	struct resched_point {
		~resched_point() {
			if (need_resched()) [[unlikely]]
				preempt_check_resched();
		}
	};
	resched_point resched_; // destroyed after the section has been left
	preempt_no_resched_section section_;
};

/// migrate_disable(); rcu_read_lock(); … rcu_read_unlock(); migrate_enable();
using migrate_section = section_guard<thread_word::one_migrate + thread_word::one_rcu>;

/// Told nothing, costs nothing: what a policy has for an observer unless it is a traced one
/// (trace/trace.hpp).
struct no_observer {
	static constexpr bool observes = false;
	/// `owner`: whose programs run, where ctx.sk does not say it (header options, time stamps).
	no_observer(const bpf_sock_ops_kern& /*ctx*/, const sock* /*owner*/) noexcept {}
	/// The call is over, with what its caller gets.
	void done(int /*result*/) noexcept {}
	/// An op that was due and not called: its flag is clear.
	static void withheld(const tcp_sock& /*tp*/, bpf_sock_ops_op /*op*/) noexcept {}
};

/// Linux 4.19 to 5.0, and the default.
struct run_policy_4_19 {
	using section = preempt_no_resched_section;
	using fold = and_fold;
	using observer = no_observer;
	static constexpr bpf_prog_run_fn run_prog = bpf_prog_run;
};

/// Linux 5.1/5.2 to 5.6: commit 0edd6b64d193 made the leave a scheduling point again, because a
/// wake-up that is lost there can be delayed without bound, and that is the greater evil.
struct run_policy_5_2 : run_policy_4_19 {
	using section = preempt_section;
};

/// Linux 5.19 and later, 6.18 among them.
struct run_policy_6_1 : run_policy_4_19 {
	using section = migrate_section;
	using fold = errno_fold;
};

using default_run_policy = run_policy_4_19;

} // namespace sockops
