// SPDX-License-Identifier: MIT
// A socket's life as far as the hook is concerned: created in a cgroup, asked for by a request,
// cloned for a connection, freed. The memory is the stack's; so are all fields not named here.
//
// Context: whoever owns the socket, on any thread, inside programs too; never waits. Takes memory or a lock
// for a moment, so not from a signal handler; but sock_cgroup_ptr() anywhere.
#pragma once

#include <sockops/cgroup/cgroup.hpp>
#include <sockops/net/request_sock.hpp>
#include <sockops/net/tcp_sock.hpp>

namespace sockops {

/// sock_cgroup_ptr(): the cgroup whose programs run for the socket, fixed when it was created.
[[nodiscard]] inline cgroup* sock_cgroup_ptr(const sock* sk) noexcept { return sk->sk_cgrp_data; }

namespace detail {
/// Where a stack begins to use a socket, once a connection: an illegal use if another copy of the library
/// made its cgroup (kern/library.hpp), whose programs do not run here. The call goes on.
void expect_own_copy(const char* call, const sock& sk) noexcept;

/// Reports a socket that has no net; false.
[[gnu::cold]] bool never_initialised(const char* call) noexcept;
/// Has it a net, whose clock and profile `call` needs? If not: illegal use.
[[nodiscard]] inline bool is_initialised(const char* call, const sock& sk) noexcept {
	return sk.skc_net ? true : never_initialised(call);
}
} // namespace detail

/// What socket() leaves behind: a closed TCP socket of `in`, in `cgrp` for good (a reference is
/// taken), with a fresh socket's timers: RTO 1 s, RTO_MIN and DELACK_MAX HZ/5.
/// 0; -ENOENT if the cgroup has been removed. `tp` must be newly constructed or freed (else: illegal
/// use, -EBUSY, nothing changes), and the net's profile have a possible hz (-EINVAL likewise), and
/// the cgroup be of this copy of the library (-EXDEV likewise).
[[nodiscard]] int tcp_init_sock(tcp_sock& tp, net& in, cgroup& cgrp) noexcept;

/// inet_reqsk_alloc(): a request from a listener, which must outlive it; state NEW_SYN_RECV, no
/// cookie yet. Addresses and ports are the stack's to fill in. With a null listener: a syncookie
/// request, for which the generic ops run no program; `in` names its net.
void inet_reqsk_init(request_sock& req, sock* listener, net& in) noexcept;

/// inet_csk_clone_lock() and tcp_create_openreq_child(): `child` becomes a copy of the listener
/// with the request's addresses, ports, cookie and ECN result, in SYN_RECV (no STATE_CB for that).
/// It takes over the request's saved SYN. It keeps the listener's cgroup (another reference), cb flags,
/// backend, congestion control and timer bounds; counters and estimates start afresh. With tracked locks it
/// is bh-locked. A stack with one backend a socket sets the child's afterwards. `child` must be newly
/// constructed or freed, the request initialised (else: illegal use, -EINVAL). It gets a copy of the
/// listener's sk_storage in maps made to be cloned. 0; -ENOMEM if there was none for such a copy: then
/// there is no child, `child` is as sk_free() leaves a socket, and the stack drops the connection.
int inet_csk_clone(tcp_sock& child, const tcp_sock& listener, request_sock& req) noexcept;

/// sk_free(): gives the cgroup reference, the sk_storage and the entries in SOCKMAPs back (close(2) already
/// does the latter: sock_map_close(), bpf/sock_map.hpp). Afterwards the hook reports the socket as one that
/// is in no cgroup. A second call does nothing.
void sk_free(sock& sk) noexcept;

/// A tcp_sock that is initialised and freed with its scope.
struct scoped_tcp_sock : tcp_sock {
	scoped_tcp_sock(net& in, cgroup& cgrp) noexcept { error = tcp_init_sock(*this, in, cgrp); }
	scoped_tcp_sock(const tcp_sock& listener, request_sock& req) noexcept {
		error = inet_csk_clone(*this, listener, req);
	}
	~scoped_tcp_sock() { sk_free(*this); }
	scoped_tcp_sock(const scoped_tcp_sock&) = delete;
	scoped_tcp_sock& operator=(const scoped_tcp_sock&) = delete;

	int error = 0; ///< of tcp_init_sock() or inet_csk_clone()
};

} // namespace sockops
