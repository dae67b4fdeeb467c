// SPDX-License-Identifier: MIT
// Which accesses to the context a program's instructions may make: sock_ops_is_valid_access().
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <sockops/bpf/bpf_sock_ops_fields.hpp>

namespace sockops {

/// May an instruction read, or with `write` write, `size` bytes at `off` of struct bpf_sock_ops? By the
/// field table: a read has the size of its field (skb_tcp_flags may also be read by its first 1 or 2
/// bytes), a write goes to a whole writable field.
constexpr bool sock_ops_is_valid_access(s32 off, u32 size, bool write) noexcept {
	if (off < 0 || static_cast<u32>(off) >= bpf_sock_ops_size || size == 0 ||
		static_cast<u32>(off) % size != 0)
		return false;
	const auto at = static_cast<u32>(off);
	for (const ctx_field& field : ctx_fields) {
		if (at < field.offset || at >= field.offset + u32{field.size} * field.count)
			continue;
		if (write && !field.writable)
			continue; // args[0] is reply too
		return size == field.size || (!write && field.narrow && at == field.offset && size < field.size);
	}
	return false;
}

} // namespace sockops
