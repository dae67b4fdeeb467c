// SPDX-License-Identifier: MIT
// Texts and bytes, for natively compiled programs.
#include <cerrno>
#include <cstring>

#include <sockops/hook/printk.hpp>

#include "../vm/strto.hpp"
#include "native_run.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

/// The words of a format: false if there are too many or half a one.
bool are_words(const void* data, u32 bytes) noexcept {
	return bytes % 8 == 0 && bytes <= max_trace_vprintk_varargs * 8 && (bytes == 0 || data);
}

} // namespace

extern "C" {

long sockops_native_bpf_trace_vprintk(const char* fmt, u32 fmt_size, const void* data, u32 data_len) {
	native_run* const run = native_run::current("bpf_trace_printk");
	if (!run || !are_words(data, data_len))
		return -EINVAL;
	bpf_sock_ops skops(run->kern());
	return bpf_trace_printk_args(skops, fmt, fmt_size, static_cast<const u64*>(data), data_len / 8);
}

long sockops_native_bpf_snprintf(char* str, u32 str_size, const char* fmt, const void* data, u32 data_len) {
	if (!are_words(data, data_len))
		return -EINVAL;
	char nowhere = 0;
	const int written =
		bpf_format(str_size ? str : &nowhere, str_size ? str_size : 1, fmt,
				   static_cast<u32>(std::strlen(fmt)) + 1, static_cast<const u64*>(data), data_len / 8);
	return written < 0 ? written : written + 1; // counts the NUL
}

long sockops_native_bpf_strtol(const char* buf, unsigned long buf_len, u64 flags, long* res) {
	s64 value = 0;
	const int taken = vm::strto<s64>(buf, buf_len, flags, value);
	*res = value;
	return taken;
}

long sockops_native_bpf_strtoul(const char* buf, unsigned long buf_len, u64 flags, unsigned long* res) {
	u64 value = 0;
	const int taken = vm::strto<u64>(buf, buf_len, flags, value);
	*res = value;
	return taken;
}

long sockops_native_bpf_strncmp(const char* s1, u32 s1_sz, const char* s2) {
	return std::strncmp(s1, s2, s1_sz);
}

/// Natively any address but NULL is one of this process; what is not readable ends it, and a debugger shows
/// where.
long sockops_native_bpf_probe_read_kernel(void* dst, u32 size, const void* unsafe_ptr) {
	if (!unsafe_ptr) {
		std::memset(dst, 0, size);
		return size == 0 ? 0 : -ERANGE;
	}
	std::memmove(dst, unsafe_ptr, size);
	return 0;
}

long sockops_native_bpf_probe_read_kernel_str(void* dst, u32 size, const void* unsafe_ptr) {
	if (size == 0)
		return 0;
	if (!unsafe_ptr) {
		std::memset(dst, 0, size);
		return -ERANGE;
	}
	const std::size_t length = ::strnlen(static_cast<const char*>(unsafe_ptr), size - 1);
	std::memcpy(dst, unsafe_ptr, length);
	static_cast<char*>(dst)[length] = 0;
	return static_cast<long>(length) + 1; // counts the NUL
}

/// There is no user space under a simulated socket.
long sockops_native_bpf_probe_read_user(void* dst, u32 size, const void*) {
	std::memset(dst, 0, size);
	return -EFAULT;
}
long sockops_native_bpf_probe_read_user_str(void* dst, u32 size, const void*) {
	std::memset(dst, 0, size);
	return -EFAULT;
}

} // extern "C"
