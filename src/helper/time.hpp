// SPDX-License-Identifier: MIT
// Helpers about time, chance, the processor, and the process: in the kernel whichever was interrupted, here
// the one that everything happens in.
#pragma once

#include <unistd.h>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sockops/hook/time_helpers.hpp>

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

template <auto Ask>
auto ask_net(net_of_call of) noexcept {
	return Ask(of.skops);
}

inline u32 processor_id() noexcept { return bpf_get_smp_processor_id(); }
inline s64 numa_node() noexcept { return 0; }
inline u64 current_pid_tgid() noexcept {
	return static_cast<u64>(::getpid()) << 32 | static_cast<u32>(::syscall(SYS_gettid));
}
inline u64 current_uid_gid() noexcept { return u64{::getgid()} << 32 | ::getuid(); }

inline s64 current_comm(room<above_0<u32>> buf) noexcept {
	char name[16] = {};
	::prctl(PR_GET_NAME, name);
	std::memset(buf.at, 0, buf.size);
	std::memcpy(buf.at, name, std::min<std::size_t>(::strnlen(name, sizeof name), buf.size - 1));
	return 0;
}

/// By the pid namespace of `dev` and `ino`, as stat(2) gives them for /proc/self/ns/pid; of another one
/// -EINVAL.
inline s64 ns_current_pid_tgid(u64 dev, u64 ino, room<above_0<u32>> nsdata) noexcept {
	const u32 ids[] = {static_cast<u32>(::syscall(SYS_gettid)), static_cast<u32>(::getpid())};
	struct ::stat own {};
	std::memset(nsdata.at, 0, nsdata.size);
	if (nsdata.size != sizeof ids || ::stat("/proc/self/ns/pid", &own) != 0 || own.st_dev != dev ||
		own.st_ino != ino)
		return -EINVAL;
	std::memcpy(nsdata.at, ids, sizeof ids); // struct bpf_pidns_info: pid, tgid
	return 0;
}

using time_rules =
	rule_list<rule<"bpf_ktime_get_ns", ask_net<bpf_ktime_get_ns>>,
			  rule<"bpf_ktime_get_boot_ns", ask_net<bpf_ktime_get_boot_ns>>,
			  rule<"bpf_ktime_get_coarse_ns", ask_net<bpf_ktime_get_coarse_ns>>,
			  rule<"bpf_ktime_get_tai_ns", ask_net<bpf_ktime_get_tai_ns>>,
			  rule<"bpf_jiffies64", ask_net<bpf_jiffies64>>,
			  rule<"bpf_get_prandom_u32", ask_net<bpf_get_prandom_u32>>,
			  rule<"bpf_get_smp_processor_id", processor_id>, rule<"bpf_get_numa_node_id", numa_node>,
			  rule<"bpf_get_current_pid_tgid", current_pid_tgid>,
			  rule<"bpf_get_ns_current_pid_tgid", ns_current_pid_tgid>,
			  rule<"bpf_get_current_uid_gid", current_uid_gid>, rule<"bpf_get_current_comm", current_comm>>;

} // namespace sockops::helper
