// SPDX-License-Identifier: MIT
// What the private copy of libbpf calls instead of the machine (libbpf.hpp, cmake/private_libbpf.cmake).
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "../../kern/release_words.hpp"
#include "../core/core_btf.hpp"
#include "answering_kernel.hpp"
#include "handles.hpp"
#include "libbpf.hpp"

namespace sockops::object {
namespace {

thread_local answering_kernel* current_kernel = nullptr;

} // namespace

session_scope::session_scope(answering_kernel& kernel) noexcept : before_(current_kernel) {
	current_kernel = &kernel;
}
session_scope::~session_scope() { current_kernel = before_; }
answering_kernel* session_scope::current() noexcept { return current_kernel; }

} // namespace sockops::object

namespace {

using sockops::object::answering_kernel;
using sockops::object::session_scope;

/// Failures of memory and other exceptions stay on this side of libbpf's C.
long bpf_call(int command, const void* attr, unsigned size) noexcept {
	answering_kernel* const kernel = session_scope::current();
	if (!kernel)
		return -ENOSYS;
	try {
		return kernel->call(command, attr, size);
	} catch (...) {
		return -ENOMEM;
	}
}

} // namespace

/// syscall(2): bpf(2) is the answering kernel's, and what is measured is nothing (it is asked for to find out
/// whether system calls have wrappers, which they do on this architecture). Newer versions of libbpf ask for
/// memfds by it, too.
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
							: sockops::object::handle_table::open_nothing();
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

/// LINUX_KERNEL_VERSION of programs comes from here.
extern "C" int sockops_libbpf_uname(utsname* about) {
	const answering_kernel* const kernel = session_scope::current();
	*about = {};
	std::strcpy(about->sysname, "Linux");
	const std::string release =
		kernel ? kernel->release() : sockops::detail::release_in_words(sockops::modelled_release) + ".0";
	std::strncpy(about->release, release.c_str(), sizeof about->release - 1);
	return 0;
}

/// The kernel's configuration.
extern "C" gzFile sockops_libbpf_gzopen64(const char*, const char* mode) {
	const answering_kernel* const kernel = session_scope::current();
	const int fd = kernel ? ::memfd_create("sockops kconfig", MFD_CLOEXEC) : -1;
	if (fd < 0)
		return nullptr;
	const std::string& text = kernel->kconfig();
	const gzFile file = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
								::lseek(fd, 0, SEEK_SET) == 0
							? ::gzdopen(fd, mode)
							: nullptr;
	if (!file)
		::close(fd);
	return file;
}

/// Files of the kernel: its symbols, and that it has kprobes by perf_event_open(2).
extern "C" FILE* sockops_libbpf_fopen64(const char* path, const char* mode) {
	static char kprobe_type[] = "6\n";
	const answering_kernel* const kernel = session_scope::current();
	if (std::strcmp(path, "/proc/kallsyms") == 0)
		return ::fopen(kernel ? kernel->symbols() : "/dev/null", mode);
	if (std::strcmp(path, "/sys/bus/event_source/devices/kprobe/type") == 0)
		return ::fmemopen(kprobe_type, 2, "r");
	errno = ENOENT;
	return nullptr;
}

/// stderr, for what is said before libbpf has its print function (messages.hpp). Hidden, so that the code of
/// the static archive, which is not made for shared objects, reaches it in one.
extern "C" [[gnu::visibility("hidden")]] FILE* sockops_libbpf_stderr;
FILE* sockops_libbpf_stderr = nullptr;
// Before the constructors of others.
[[gnu::constructor(101)]] static void have_stderr() { sockops_libbpf_stderr = stderr; }

/// The types that the object is loaded with.
extern "C" btf* sockops_libbpf_btf__load_vmlinux_btf() {
	const answering_kernel* const kernel = session_scope::current();
	const std::span<const std::byte> data = kernel ? kernel->types() : sockops::object::core_btf_data();
	return sockops::libbpf::btf_new(data.data(), static_cast<unsigned>(data.size()));
}
