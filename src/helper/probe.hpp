// SPDX-License-Identifier: MIT
// Reading by an address that may be anything: bpf_probe_read_kernel() and its kin, also into a dynptr.
#pragma once

#include <cerrno>
#include <cstring>

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

inline s64 probe_read(room<u32> dst, unsafe_memory from) noexcept { return from.read(dst.at, dst.size); }
inline s64 probe_read_str(room<u32> dst, unsafe_memory from) noexcept {
	return from.read_text(dst.at, dst.size);
}
/// There is no user space under a simulated socket: -EFAULT, and zeroes.
inline int read_user(u8* to, u32 size) noexcept {
	std::memset(to, 0, size);
	return -EFAULT;
}
inline s64 probe_read_user(room<u32> dst, unsafe_memory) noexcept { return read_user(dst.at, dst.size); }

/// What `read` reads goes into the dynptr.
template <class Read>
int probe_into(const dynptr_bytes& to, u32 offset, u32 size, Read read) noexcept {
	if (!holds(to, offset, size))
		return -E2BIG;
	return to.base ? read(to.data() + offset) : 0;
}
inline int probe_dynptr(dynptr to, u32 offset, u32 size, unsafe_memory from) noexcept {
	return probe_into(to.bytes(), offset, size, [&](u8* at) { return from.read(at, size); });
}
inline int probe_str_dynptr(dynptr to, u32 offset, u32 size, unsafe_memory from) noexcept {
	return probe_into(to.bytes(), offset, size, [&](u8* at) { return from.read_text(at, size); });
}
inline int probe_user_dynptr(dynptr to, u32 offset, u32 size, unsafe_memory) noexcept {
	return probe_into(to.bytes(), offset, size, [&](u8* at) { return read_user(at, size); });
}

using probe_rules =
	rule_list<rule<"bpf_probe_read_kernel", probe_read>, rule<"bpf_probe_read_kernel_str", probe_read_str>,
			  rule<"bpf_probe_read_user", probe_read_user>, rule<"bpf_probe_read_user_str", probe_read_user>,
			  rule<"bpf_probe_read_kernel_dynptr", probe_dynptr>,
			  rule<"bpf_probe_read_kernel_str_dynptr", probe_str_dynptr>,
			  rule<"bpf_probe_read_user_dynptr", probe_user_dynptr>,
			  rule<"bpf_probe_read_user_str_dynptr", probe_user_dynptr>>;

} // namespace sockops::helper
