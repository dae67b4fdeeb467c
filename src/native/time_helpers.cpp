// SPDX-License-Identifier: MIT
// Time, chance, the processor and the process, for natively compiled programs.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sockops/hook/time_helpers.hpp>

#include "native_run.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

/// Asks the net of the call's socket.
template <auto Ask>
auto of_net(const char* helper) noexcept {
	native_run* const run = native_run::current(helper);
	if (!run)
		return decltype(Ask(std::declval<bpf_sock_ops&>())){0};
	bpf_sock_ops skops(run->kern());
	return Ask(skops);
}

} // namespace

extern "C" {

u64 sockops_native_bpf_ktime_get_ns() { return of_net<bpf_ktime_get_ns>("bpf_ktime_get_ns"); }
u64 sockops_native_bpf_ktime_get_boot_ns() { return of_net<bpf_ktime_get_boot_ns>("bpf_ktime_get_boot_ns"); }
u64 sockops_native_bpf_ktime_get_tai_ns() { return of_net<bpf_ktime_get_tai_ns>("bpf_ktime_get_tai_ns"); }
u64 sockops_native_bpf_ktime_get_coarse_ns() {
	return of_net<bpf_ktime_get_coarse_ns>("bpf_ktime_get_coarse_ns");
}
u64 sockops_native_bpf_jiffies64() { return of_net<bpf_jiffies64>("bpf_jiffies64"); }
u32 sockops_native_bpf_get_prandom_u32() { return of_net<bpf_get_prandom_u32>("bpf_get_prandom_u32"); }
long sockops_native_bpf_get_numa_node_id() { return 0; }
u32 sockops_native_bpf_get_smp_processor_id() { return bpf_get_smp_processor_id(); }

u64 sockops_native_bpf_get_current_pid_tgid() {
	return static_cast<u64>(::getpid()) << 32 | static_cast<u32>(::syscall(SYS_gettid));
}
u64 sockops_native_bpf_get_current_uid_gid() { return u64{::getgid()} << 32 | ::getuid(); }

long sockops_native_bpf_get_current_comm(void* buf, u32 size_of_buf) {
	if (!buf || size_of_buf == 0)
		return -EINVAL;
	char name[16] = {};
	::prctl(PR_GET_NAME, name);
	std::memset(buf, 0, size_of_buf);
	std::memcpy(buf, name, std::min<std::size_t>(::strnlen(name, sizeof name), size_of_buf - 1));
	return 0;
}

} // extern "C"
