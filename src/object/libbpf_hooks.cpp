// SPDX-License-Identifier: MIT
// What the private copy of libbpf calls instead of the machine (libbpf.hpp, cmake/private_libbpf.cmake).
#include <cerrno>
#include <cstdarg>
#include <cstring>

#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "bpf_session.hpp"
#include "core_btf.hpp"

namespace {

/// Failures of memory and other exceptions stay on this side of libbpf's C.
long bpf_call(int command, const void* attr, unsigned size) noexcept {
	sockops::bpf_session* const session = sockops::session_scope::current();
	if (!session)
		return -ENOSYS;
	try {
		return session->call(command, attr, size);
	} catch (...) {
		return -ENOMEM;
	}
}

} // namespace

/// syscall(2): bpf(2) is the session's, and nothing is measured. Newer versions of libbpf ask for memfds by
/// it, too.
extern "C" long sockops_libbpf_syscall(long number, ...) {
	va_list arguments;
	va_start(arguments, number);
	long given[6];
	for (long& each : given)
		each = va_arg(arguments, long);
	va_end(arguments);
	if (number != SYS_bpf && number != SYS_perf_event_open)
		return ::syscall(number, given[0], given[1], given[2], given[3], given[4], given[5]);
	const long result = number == SYS_bpf
							? bpf_call(static_cast<int>(given[0]), reinterpret_cast<const void*>(given[1]),
									   static_cast<unsigned>(given[2]))
							: -ENOSYS;
	if (result >= 0)
		return result;
	errno = static_cast<int>(-result);
	return -1;
}

/// Is there a file of the machine's: /proc/version_signature, with the release of Ubuntu's kernels, or one of
/// tracing.
extern "C" int sockops_libbpf_faccessat(int, const char*, int, int) {
	errno = ENOENT;
	return -1;
}
extern "C" int sockops_libbpf_access(const char*, int) {
	errno = ENOENT;
	return -1;
}

/// The kernel that is modelled; LINUX_KERNEL_VERSION of programs comes from here.
extern "C" int sockops_libbpf_uname(utsname* about) {
	*about = {};
	std::strcpy(about->sysname, "Linux");
	std::strcpy(about->release, "6.18.0");
	return 0;
}

/// The kernel's configuration: an empty one, so that weak __kconfig variables are 0 and others are an error.
extern "C" gzFile sockops_libbpf_gzopen64(const char*, const char* mode) {
	return ::gzopen("/dev/null", mode);
}

/// The types that the object is loaded with.
extern "C" btf* sockops_libbpf_btf__load_vmlinux_btf() {
	const sockops::bpf_session* const session = sockops::session_scope::current();
	const std::span<const std::byte> data = session ? session->kernel_types() : sockops::core_btf_data();
	return sockops::libbpf::btf_new(data.data(), static_cast<unsigned>(data.size()));
}
