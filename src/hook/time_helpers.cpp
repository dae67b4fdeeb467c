// SPDX-License-Identifier: MIT
// Clocks and chance, by the net of the call's socket.

#include <sockops/hook/time_helpers.hpp>

#include <sockops/net/net.hpp>

namespace sockops {

namespace {
net& net_of(bpf_sock_ops& skops) noexcept { return *skops.kern().sk->skc_net; }
} // namespace

u64 bpf_ktime_get_ns(bpf_sock_ops& skops) noexcept { return net_of(skops).ktime_get_ns(); }

u64 bpf_ktime_get_boot_ns(bpf_sock_ops& skops) noexcept {
	const net& in = net_of(skops);
	return in.ktime_get_ns() + in.sources.suspended_ns;
}

u64 bpf_ktime_get_tai_ns(bpf_sock_ops& skops) noexcept {
	const net& in = net_of(skops);
	return in.ktime_get_ns() + in.sources.tai_offset_ns;
}

u64 bpf_ktime_get_coarse_ns(bpf_sock_ops& skops) noexcept {
	const net& in = net_of(skops);
	const u64 tick = 1'000'000'000 / in.profile.hz;
	return in.ktime_get_ns() / tick * tick;
}

u64 bpf_jiffies64(bpf_sock_ops& skops) noexcept { return net_of(skops).jiffies(); }

u32 bpf_get_prandom_u32(bpf_sock_ops& skops) noexcept { return net_of(skops).get_random_u32(); }

} // namespace sockops
