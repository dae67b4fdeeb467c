// SPDX-License-Identifier: MIT
// The kernel's types as far as this library has them: what CO-RE relocates against, and what a program may
// read by a pointer with a BTF type (bpf_skc_to_tcp_sock(), bpf_cast_to_kern_ctx()). One table: names and
// nesting are the kernel's, offsets and sizes those of our objects.
//
//   tcp6_sock { tcp: tcp_sock { inet_conn { icsk_inet { sk { __sk_common } } } } }       all at offset 0
//   tcp_request_sock { req: inet_request_sock { req: request_sock { __req_common } } }
//   tcp_timewait_sock { tw_sk: inet_timewait_sock { __tw_common } }
//
// A member that is not here is not modelled: bpf_core_field_exists() is 0, and a program that comes to where
// it is read is stopped. Neither is one whose unit or type differs from the kernel's, so that a program never
// reads a wrong number.
//
// Context: any thread; core_members() takes a lock the first time it is called.
#pragma once

#include <span>

#include <sockops/kern/types.hpp>

namespace sockops {

/// A member of one of the kernel's structs.
struct core_member {
	const char* type; ///< the struct or union that has it: "tcp_sock"
	const char* name; ///< "snd_cwnd"
	u32 offset;       ///< bytes, from the beginning of `type`
	u32 size;         ///< bytes
	/// "u32", "u8[16]", "struct sock *"; "struct x", "x_t": nested, if x is a `type`, else a plain type of
	/// the network, such as in6_addr
	const char* member_type;
};

/// All members; a type's stand together, and types before those that nest them.
[[nodiscard]] std::span<const core_member> core_members();

/// What a pointer with a BTF type points to: the whole object, whichever of its nested types was named.
enum class core_object : u8 { sock, request_sock, timewait_sock, kern_ctx, sk_buff };

/// Do `size` bytes at `offset` of such an object lie within one member that the table has (and that is no
/// struct)?
[[nodiscard]] bool core_readable(core_object kind, u32 offset, u32 size) noexcept;

} // namespace sockops
