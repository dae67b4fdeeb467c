// SPDX-License-Identifier: MIT
// The way of one dispatch, from a stack's call to the programs and back. tcp_dispatch reads top to bottom:
//
//   tcp_call_bpf_2arg, _3arg               pack arguments
//   tcp_call_bpf                           build the context; 0 -> reply, anything else -> -1
//   bpf_cgroup_run_prog_sock_ops           static key; the full socket, if there is one
//   cgroup_bpf_run_filter_sock_ops         its cgroup's effective array of this type
//   run_array (bpf/run_array.hpp)          enter; each program; AND-fold; leave
//
// A stack that names its release, or wants its calls observed, says so once: hook/tcp_hook.hpp.
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <cstring>

#include <sockops/bpf/bpf_sock_ops_kern.hpp>
#include <sockops/bpf/release.hpp>
#include <sockops/bpf/run_array.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/cgroup/sock_life.hpp>

namespace sockops {

namespace detail {
// Misuse, reported out of line. Each returns what its caller then returns.
[[gnu::cold]] int sock_in_no_cgroup(const sock* sk, const bpf_sock_ops_kern* ctx) noexcept;
[[gnu::cold]] int bad_tcp_call_bpf(const sock_common* sk, int op, u32 nargs) noexcept;

/// A context as every call begins it: all zero up to temp, then who and what.
[[gnu::always_inline]] inline void begin_context(bpf_sock_ops_kern& ctx, sock_common* sk, u8 op,
												 bool full) noexcept {
	std::memset(static_cast<void*>(&ctx), 0, offsetof(bpf_sock_ops_kern, temp));
	ctx.is_fullsock = ctx.is_locked_tcp_sock = full;
	ctx.sk = sk;
	ctx.op = op;
}
} // namespace detail

/// `Release`: bpf/release.hpp, or traced<> of one (trace/trace.hpp).
template <class Release = default_release>
struct tcp_dispatch {
	/// As tcp_call_bpf(), with the arguments one by one.
	static int tcp_call_bpf_2arg(sock_common* sk, int op, u32 arg1, u32 arg2) noexcept {
		const u32 args[2] = {arg1, arg2};
		return tcp_call_bpf(sk, op, 2, args);
	}

	/// As tcp_call_bpf(), with the arguments one by one.
	static int tcp_call_bpf_3arg(sock_common* sk, int op, u32 arg1, u32 arg2, u32 arg3) noexcept {
		const u32 args[3] = {arg1, arg2, arg3};
		return tcp_call_bpf(sk, op, 3, args);
	}

	/// tcp_call_bpf(sk, op, nargs, args): `sk` a full socket or a request, not null; op 0 to 255; nargs
	/// at most 4, args not null with them (anything else: illegal use, -1, and no program runs).
	/// Returns the reply: -1 if any program denied; else what the last writer wrote, as an int; else
	/// args[0], with which the reply shares its word; so 0 without arguments.
	static int tcp_call_bpf(sock_common* sk, int op, u32 nargs, const u32* args) noexcept {
		if (!sk || nargs > 4 || (nargs && !args) || static_cast<unsigned>(op) > 255) [[unlikely]]
			return detail::bad_tcp_call_bpf(sk, op, nargs);
		const bool full = sk_fullsock(sk);
		if (full)
			sock_owned_by_me(static_cast<sock*>(sk));
		// With the key off nobody would see the context: the answer is known now. As in the kernel's
		// static_branch_unlikely(), off is the straight line.
		if (!Release::observer::observes && !cgroup_bpf_enabled(CGROUP_SOCK_OPS)) [[likely]]
			return nargs ? static_cast<int>(args[0]) : 0;

		bpf_sock_ops_kern sock_ops;
		detail::begin_context(sock_ops, sk, static_cast<u8>(op), full);
		for (u32 i = 0; i != nargs; ++i)
			sock_ops.args[i] = args[i];

		[[maybe_unused]] typename Release::observer observer(sock_ops, nullptr);
		const int error = bpf_cgroup_run_prog_sock_ops(&sock_ops);
		const int result = error == 0 ? static_cast<int>(sock_ops.reply) : -1;
		observer.done(result);
		return result;
	}

	/// BPF_CGROUP_RUN_PROG_SOCK_OPS(ctx): for all ops but the header options. 0, or -EPERM if a
	/// program denied. No program runs if nothing is attached anywhere, or ctx->sk leads to no full socket
	/// (time-wait; a request without a listener).
	[[nodiscard, gnu::always_inline]] static int
	bpf_cgroup_run_prog_sock_ops(bpf_sock_ops_kern* ctx) noexcept {
		if (!cgroup_bpf_enabled(CGROUP_SOCK_OPS) || !ctx->sk)
			return 0;
		sock* const full = sk_to_full_sk(ctx->sk);
		if (!full || !sk_fullsock(full))
			return 0;
		return cgroup_bpf_run_filter_sock_ops(full, ctx, CGROUP_SOCK_OPS);
	}

	/// BPF_CGROUP_RUN_PROG_SOCK_OPS_SK(ctx, sk): runs the programs of `sk`, whatever ctx->sk is: a
	/// syncookie request has no listener to find them by. No full-socket test. 0, or -EPERM if a program
	/// denied.
	[[nodiscard, gnu::always_inline]] static int bpf_cgroup_run_prog_sock_ops_sk(bpf_sock_ops_kern* ctx,
																				 sock* sk) noexcept {
		return cgroup_bpf_enabled(CGROUP_SOCK_OPS) ? cgroup_bpf_run_filter_sock_ops(sk, ctx, CGROUP_SOCK_OPS)
												   : 0;
	}

	/// __cgroup_bpf_run_filter_sock_ops(sk, ctx, type): 0, or -EPERM (6.x: the run's errno) if a
	/// program denied. A socket that is in no cgroup: illegal use, -EPERM.
	[[nodiscard, gnu::always_inline]] static int
	cgroup_bpf_run_filter_sock_ops(sock* sk, bpf_sock_ops_kern* ctx, cgroup_bpf_attach_type type) noexcept {
		cgroup* const cgrp = sock_cgroup_ptr(sk);
		if (!cgrp) [[unlikely]]
			return detail::sock_in_no_cgroup(sk, ctx);
		return run_array<Release, false>(cgrp->bpf.effective(type), ctx).error();
	}
};

} // namespace sockops
