// SPDX-License-Identifier: MIT
// struct sock, the lock that owns it, and which sockets are full ones.
//
// Context: whoever owns the socket, on any thread, inside programs too; never waits.
#pragma once

#include <sockops/kern/check.hpp>
#include <sockops/net/net.hpp>
#include <sockops/net/sock_attachments.hpp>
#include <sockops/net/sock_common.hpp>

namespace sockops {

struct cgroup;
struct dst_entry; ///< a route; what one is is the stack's affair

inline constexpr u16 ipproto_tcp = 6; ///< IPPROTO_TCP, without the system header's macro

/// Who owns a socket. `untracked` unless net::debug_locks was set when the socket was made: then
/// the stack reports each change through lock_sock() and its kin, and the hook checks it.
enum class sock_lock_state : u8 {
	untracked,
	free,
	owned,     ///< lock_sock(): a process
	bh_locked, ///< bh_lock_sock(): packet processing, as for a child during the handshake
};

/// SOCK_*BUF_LOCK, bits of sock::sk_userlocks: a size that was set is no longer tuned.
namespace sock_userlock {
inline constexpr u8 sndbuf = 1, rcvbuf = 2;
}

/// A socket's cgroup, of which it holds a reference: a pointer that stays with its socket. A copied socket is
/// in none, and one that is assigned to keeps its own: so that no reference is given back twice.
class sock_cgroup_data {
  public:
	sock_cgroup_data() = default;
	sock_cgroup_data(const sock_cgroup_data&) noexcept {}
	sock_cgroup_data& operator=(const sock_cgroup_data&) noexcept { return *this; }

	sock_cgroup_data& operator=(cgroup* cgrp) noexcept {
		cgrp_ = cgrp;
		return *this;
	}
	operator cgroup*() const noexcept { return cgrp_; }
	cgroup* operator->() const noexcept { return cgrp_; }

  private:
	cgroup* cgrp_ = nullptr;
};

/// Fields by their kernel names; those without a comment hold the option of their name.
struct sock : sock_common {
	u32 sk_txhash = 0;
	u16 sk_protocol = ipproto_tcp;
	sock_lock_state sk_lock = sock_lock_state::untracked;
	u8 sk_bpf_cb_flags = 0; ///< SK_BPF_CB_FLAGS (6.15): bit 0, sends are reported (TSTAMP_SENDMSG_CB)
	/// The cgroup the socket was created in, for good; a reference is held (cgroup/sock_life.hpp). A plain
	/// C++ copy of a socket is in none: it is data to look at, and calling the hook with it is told.
	sock_cgroup_data sk_cgrp_data;
	sock_charge sk_omem_alloc;       ///< option memory: bytes charged for what hangs on it
	sock_attachments sk_bpf_storage; ///< values that are kept for it (SK_STORAGE)
	sock_attachments sk_psock;       ///< entries that it stands in (SOCKMAP, SOCKHASH)

	// What a dispatch does not look at.
	bool sk_reuse = false;
	bool sk_reuseport = false;
	bool sock_keepopen = false; ///< SOCK_KEEPOPEN, the flag of SO_KEEPALIVE
	bool sk_socket = true;      ///< a process has it; false: a child not yet accepted, or closed
	u8 sk_userlocks = 0;        ///< sock_userlock
	u8 sk_txrehash = 0;
	int sk_sndbuf = 0; ///< bytes, twice what was asked for
	int sk_rcvbuf = 0; ///< bytes, twice what was asked for
	int sk_rcvlowat = 1;
	u32 sk_priority = 0;
	u32 sk_mark = 0;
	int sk_bound_dev_if = 0;          ///< SO_BINDTOIFINDEX and SO_BINDTODEVICE; 0: none
	u64 sk_max_pacing_rate = ~u64{0}; ///< bytes a second
	/// Its route, which programs may ask for; nullptr, as in a fresh socket.
	dst_entry* sk_dst_cache = nullptr;
};

/// Takes all off the socket that hangs on it; two loads where nothing does.
inline void leave_all(sock& sk) noexcept {
	sk.sk_psock.leave();
	sk.sk_bpf_storage.leave();
}

/// The profile of a socket's net. The standard one for no socket and for a socket in no net: misuse,
/// which a dispatch reports; its caller still gets a result.
[[nodiscard]] inline const net_profile& sock_profile(const sock_common* sk) noexcept {
	static constexpr net_profile standard;
	return sk && sk->skc_net ? sk->skc_net->profile : standard;
}

/// The observers of a socket's net (net/observer.hpp); nullptr: there are none, or no socket, or it is in no
/// net.
[[nodiscard]] inline const net_watch* sock_observers(const sock_common* sk) noexcept {
	return sk && sk->skc_net ? sk->skc_net->observers : nullptr;
}

/// Anything that is not a time-wait socket or a request; states 0 and 13 too.
[[nodiscard]] constexpr bool sk_fullsock(const sock_common* sk) noexcept {
	constexpr u32 not_full = 1u << TCP_TIME_WAIT | 1u << TCP_NEW_SYN_RECV;
	return (1u << (sk->skc_state & 31) & ~not_full) != 0;
}

/// What a stack reports where it takes or releases the socket's lock (net::debug_locks): recorded, and
/// nothing is locked. Of an untracked socket: nothing.
inline void set_lock_state(sock& sk, sock_lock_state to) noexcept {
	if (sk.sk_lock != sock_lock_state::untracked)
		sk.sk_lock = to;
}
inline void lock_sock(sock& sk) noexcept { set_lock_state(sk, sock_lock_state::owned); }
inline void release_sock(sock& sk) noexcept { set_lock_state(sk, sock_lock_state::free); }
inline void bh_lock_sock(sock& sk) noexcept { set_lock_state(sk, sock_lock_state::bh_locked); }
inline void bh_unlock_sock(sock& sk) noexcept { set_lock_state(sk, sock_lock_state::free); }

/// Warns once if the socket's lock is tracked and nobody holds it. A debugging aid, as in the
/// kernel, where only lockdep builds look.
inline void sock_owned_by_me(const sock* sk) noexcept {
	warn_on_once(sk->sk_lock == sock_lock_state::free,
				 "the socket's lock is not held: lock_sock() or bh_lock_sock() before the hook");
}

/// The socket's cookie, given out at the first call: never 0, but of a socket without a net (illegal use).
/// Any thread.
u64 sock_gen_cookie(sock_common* sk) noexcept;

} // namespace sockops
