// SPDX-License-Identifier: MIT
#include "numbered_helper.hpp"

#include <sockops/bpf/helper_table.hpp>

extern "C" long sockops_native_bpf_trace_vprintk(const void* format, sockops::u32 size, const void* data,
												 sockops::u32 data_size);

namespace sockops::native {

namespace {

/// The kernel's helper has registers for three arguments, whether a program passes them or not.
long trace_printk(const char* format, u32 size, u64 a, u64 b, u64 c) noexcept {
	const u64 words[] = {a, b, c};
	return sockops_native_bpf_trace_vprintk(format, size, words, sizeof words);
}

} // namespace

void* helper_function(u32 number) noexcept {
	const bpf_helper* const row = find_helper(number);
	if (row && row->name == "bpf_trace_printk")
		return reinterpret_cast<void*>(trace_printk);
	return numbered_helper(number);
}

} // namespace sockops::native
