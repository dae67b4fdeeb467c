// SPDX-License-Identifier: MIT
// Helpers about time, chance, the processor, and the process: in the kernel whichever was interrupted, here
// the one that everything happens in.

#include <unistd.h>

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstring>

#include <sockops/hook/time_helpers.hpp>

#include "helpers.hpp"

namespace sockops::vm {

namespace {

/// A helper that asks the net of the call's socket, or of a raw run.
template <auto Ask>
u64 of_net(machine& m, const u64*) noexcept {
	bpf_sock_ops skops(*m.asks);
	return Ask(skops);
}

u64 processor_id(machine&, const u64*) noexcept { return bpf_get_smp_processor_id(); }
u64 numa_node(machine&, const u64*) noexcept { return 0; }

u64 current_pid_tgid(machine&, const u64*) noexcept {
	return static_cast<u64>(::getpid()) << 32 | static_cast<u32>(::syscall(SYS_gettid));
}
u64 current_uid_gid(machine&, const u64*) noexcept { return u64{::getgid()} << 32 | ::getuid(); }

u64 current_comm(machine& m, const u64* r) noexcept {
	const auto size = static_cast<u32>(r[2]);
	u8* const to = m.writable(r[1], size, "bpf_get_current_comm");
	if (!to || size == 0)
		return 0;
	char name[16] = {};
	::prctl(PR_GET_NAME, name);
	std::memset(to, 0, size);
	std::memcpy(to, name, std::min<std::size_t>(::strnlen(name, sizeof name), size - 1));
	return 0;
}

constexpr helper_row rows[] = {
	{5, of_net<bpf_ktime_get_ns>},
	{7, of_net<bpf_get_prandom_u32>},
	{8, processor_id},
	{14, current_pid_tgid},
	{15, current_uid_gid},
	{16, current_comm},
	{42, numa_node},
	{118, of_net<bpf_jiffies64>},
	{125, of_net<bpf_ktime_get_boot_ns>},
	{160, of_net<bpf_ktime_get_coarse_ns>},
	{208, of_net<bpf_ktime_get_tai_ns>},
};

} // namespace

std::span<const helper_row> time_helpers() noexcept { return rows; }

} // namespace sockops::vm
