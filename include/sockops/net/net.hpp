// SPDX-License-Identifier: MIT
// struct net: everything that two simulations in one process must not share.
//
// Context: any thread, inside programs too, and in signal handlers as far as the sources allow it; never
// waits. What is set is set before other threads use the net.
#pragma once

#include <atomic>

#include <sockops/kern/kernel_release.hpp>
#include <sockops/kern/types.hpp>

namespace sockops {

class net_watch;

/// Where kernel releases differ in what a stack or a program can see. The default is 6.18; that of another
/// release is made by profile_of() (bpf/release.hpp).
struct net_profile {
	u32 hz = 250;                   ///< jiffies a second: 1 to most_hz
	bool clamp_timeout_init = true; ///< TIMEOUT_INIT at most 120 s (since about 5.14)
	bool rtt_cb_args = true;        ///< RTT_CB has arguments (since 6.10)
	/// TCP_NODELAY in HDR_OPT_LEN_CB and WRITE_HDR_OPT_CB is -EOPNOTSUPP (since 7.1). Before, the kernel
	/// took it, pushed what was queued, and so came back to HDR_OPT_LEN_CB without end.
	bool no_nodelay_in_hdr_opt = false;
	/// Bits of bpf_sock_ops_cb_flags that there are; those of others stay clear, and their ops are not
	/// called.
	u8 cb_flags = 0x7f;
	/// Of this release: a younger op that needs no flag is not called, a younger option is -EINVAL.
	kernel_release kernel = modelled_release;

	/// Linux has 24 to 1024. With more than this TCP_KEEPIDLE's seconds would not fit into jiffies of 32
	/// bits.
	static constexpr u32 most_hz = 100'000;
	/// Is hz one that a net takes?
	[[nodiscard]] constexpr bool has_possible_hz() const noexcept { return hz != 0 && hz <= most_hz; }

	/// A part of a second in jiffies, rounded down, as the kernel's HZ / 5 is 200 ms; but at least one: with
	/// none a timer would be over before it begins.
	[[nodiscard]] constexpr u32 part_of_second(u32 parts) const noexcept {
		return hz >= parts ? hz / parts : 1;
	}

	/// 6.18, the default.
	static constexpr net_profile linux_6_18() noexcept { return {}; }
	/// The release whose dispatch is the library's default: no clamp, no RTT_CB arguments. (RTT_CB
	/// itself is younger, 5.3: this profile takes no op away; profile_of(release(5, 0)) does.)
	static constexpr net_profile linux_5_0() noexcept { return {250, false, false}; }
};

namespace detail {
/// Reports it; the profile with another hz.
[[gnu::cold]] net_profile impossible_hz(const net_profile& with) noexcept;
} // namespace detail

/// The sysctls of a net that the hook's rules ask, by their names under /proc/sys/net/ipv4; the
/// values are a fresh namespace's.
struct netns_ipv4 {
	u8 sysctl_tcp_syn_retries = 6;
	u8 sysctl_tcp_syn_linear_timeouts = 4; ///< since 6.5: so many SYN timeouts before they double
	u8 sysctl_tcp_synack_retries = 5;
	u8 sysctl_tcp_retries1 = 3;
	u8 sysctl_tcp_retries2 = 15;
	u8 sysctl_tcp_ecn = 2; ///< 0 off, 1 asks and accepts, 2 accepts
	u8 sysctl_tcp_keepalive_probes = 9;
	char tcp_congestion_control[16] = "cubic";           ///< a new socket's
	u32 sysctl_tcp_keepalive_time = 7200;                ///< seconds (the kernel keeps jiffies)
	u32 sysctl_tcp_keepalive_intvl = 75;                 ///< seconds
	u32 sysctl_tcp_rto_max_ms = 120'000;                 ///< since 6.15
	int sysctl_tcp_wmem[3] = {4096, 16384, 4194304};     ///< bytes; [1]: a new socket's sk_sndbuf
	int sysctl_tcp_rmem[3] = {4096, 131072, 33'554'432}; ///< bytes; [1]: a new socket's sk_rcvbuf
	u8 sysctl_tcp_syncookies = 1;                        ///< 2: each SYN is answered by a cookie
	u8 sysctl_tcp_early_retrans = 3;                     ///< 0: no tail loss probes
	u8 sysctl_tcp_timestamps = 1;                        ///< 0: no time stamp option
	u8 sysctl_tcp_sack = 1;                              ///< 0: no selective acknowledgements
	u8 sysctl_tcp_window_scaling = 1;                    ///< 0: no window scale option
	u32 sysctl_tcp_fin_timeout = 60;                     ///< seconds in FIN_WAIT2 without an application
	u32 sysctl_tcp_fastopen = 1;                         ///< 1 client, 2 server, 4 and 0x200 without cookies
};

/// /proc/sys/net/core.
struct netns_core {
	u32 sysctl_wmem_max = 4'194'304; ///< bytes: SO_SNDBUF at most, before it is doubled
	u32 sysctl_rmem_max = 4'194'304; ///< bytes: SO_RCVBUF at most, before it is doubled
	u8 sysctl_txrehash = 1;          ///< a new socket's sk_txrehash
	u32 sysctl_optmem_max = 131'072; ///< bytes that programs may keep for a socket, with what the kernel adds
};

/// /proc/sys/net/ipv6.
struct netns_ipv6 {
	u8 auto_flowlabels = 1; ///< 0 never, 1 unless the socket says no, 2 if it says so, 3 always
};

/// A clock in nanoseconds that never goes back, and a source of random words; `context` is handed
/// to both. Called on the threads that dispatch.
struct net_sources {
	u64 (*ktime_get_ns)(void* context) = nullptr;   ///< nullptr: always 0
	u32 (*get_random_u32)(void* context) = nullptr; ///< nullptr: a fixed sequence from `seed`
	void* context = nullptr;
	u64 seed = 1;
	u64 suspended_ns = 0;  ///< what CLOCK_BOOTTIME is ahead of the clock: time that was slept through
	u64 tai_offset_ns = 0; ///< what CLOCK_TAI is ahead of the clock
};

/// A network namespace and its time. Outlives its sockets; its address is its identity.
struct net {
	net_profile profile{};
	net_sources sources{};
	netns_ipv4 ipv4{};
	netns_ipv6 ipv6{};
	netns_core core{};
	/// dev_get_by_name(): the index of the device of that name, 0 if there is none. nullptr: there is
	/// "lo", 1, as in a fresh namespace. Handed sources.context.
	int (*dev_ifindex)(void* context, const char* name) = nullptr;
	u64 net_cookie = 1;             ///< what bpf_get_netns_cookie() will answer
	bool debug_locks = false;       ///< sockets made from here on are checked by sock_owned_by_me()
	net_watch* observers = nullptr; ///< the first of them (net/observer.hpp)

	net() = default;
	/// A profile without a possible hz is an illegal use; its hz is 250 then.
	explicit net(const net_profile& with, const net_sources& from = {}) noexcept
		: profile(with.has_possible_hz() ? with : detail::impossible_hz(with)), sources(from),
		  random_state_(from.seed) {}
	net(const net&) = delete;
	net& operator=(const net&) = delete;

	/// The clock, nanoseconds; without a source 0.
	u64 ktime_get_ns() const noexcept {
		return sources.ktime_get_ns ? sources.ktime_get_ns(sources.context) : 0;
	}
	/// HZ ticks since the clock's 0.
	u64 jiffies() const noexcept {
		const u64 ns = ktime_get_ns();
		return ns / 1'000'000'000 * profile.hz + ns % 1'000'000'000 * profile.hz / 1'000'000'000;
	}
	/// The next word of the random source; without one of a sequence that sources.seed begins.
	u32 get_random_u32() noexcept {
		return sources.get_random_u32 ? sources.get_random_u32(sources.context) : next_random();
	}
	/// The next socket cookie: never 0, never given twice by this net, nor by those it shares its cookies
	/// with.
	u64 next_sock_cookie() noexcept { return cookies_->fetch_add(1, std::memory_order_relaxed); }
	/// As namespaces of one machine do. Before a socket of this net has a cookie; `with` outlives this net.
	void share_sock_cookies(net& with) noexcept { cookies_ = with.cookies_; }

  private:
	/// SplitMix64's upper half.
	u32 next_random() noexcept {
		u64 z = random_state_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed);
		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
		z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
		return static_cast<u32>((z ^ (z >> 31)) >> 32);
	}

	std::atomic<u64> own_cookies_{1};
	std::atomic<u64>* cookies_ = &own_cookies_;
	std::atomic<u64> random_state_{1};
};

/// Milliseconds to jiffies, rounded up.
inline u32 msecs_to_jiffies(const net& in, u64 ms) noexcept {
	return static_cast<u32>((ms * in.profile.hz + 999) / 1000);
}
/// Jiffies to milliseconds, rounded down.
inline u64 jiffies_to_msecs(const net& in, u64 jiffies) noexcept { return jiffies * 1000 / in.profile.hz; }
/// Microseconds to jiffies, rounded up.
inline u64 usecs_to_jiffies(const net& in, u64 us) noexcept {
	return (us * in.profile.hz + 999'999) / 1'000'000;
}
/// Jiffies to microseconds, rounded down.
inline u64 jiffies_to_usecs(const net& in, u64 jiffies) noexcept {
	return jiffies * 1'000'000 / in.profile.hz;
}

} // namespace sockops
