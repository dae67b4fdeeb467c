// SPDX-License-Identifier: MIT
// The header option helpers (5.10 on): reserve room in HDR_OPT_LEN_CB, store in WRITE_HDR_OPT_CB, load
// from the segment at hand or from the connection's SYN. An option is kind, length, data; the kinds 253
// and 254 are shared, and told apart by a magic of 2 or 4 bytes that the data begins with.
//
// Context: inside the call of a handler, on its thread; never waits.
#pragma once

#include <sockops/bpf/bpf_sock_ops.hpp>

namespace sockops {

/// bpf_reserve_hdr_opt(): `len` bytes for this program in the header that is being sized. What all
/// programs reserve adds up. 0 or, in this order:
///   -EPERM   the op is not HDR_OPT_LEN_CB
///   -EINVAL  len < 2, or flags are not 0
///   -ENOSPC  less than `len` bytes of option space are left
int bpf_reserve_hdr_opt(bpf_sock_ops& skops, u32 len, u64 flags) noexcept;

/// bpf_store_hdr_opt(): appends the option at `from`, which has `len` readable bytes; as many as its
/// length byte says are written, be it 0 or 1. 0 or, in this order:
///   -EPERM   the op is not WRITE_HDR_OPT_CB
///   -EINVAL  len < 2, flags are not 0, the option is longer than `len`, or it is EOL or NOP
///   -ENOSPC  it is longer than what is left of the reserved room
///   -EINVAL  kind 253 or 254 without a magic of 2 bytes
///   -EEXIST  the header has one of this kind; of 253 and 254, with the same 2 bytes of magic
///   -EFAULT  an option in the header is malformed
///   -ENOSPC  the header's options end with EOL
/// from == nullptr: illegal use, -EINVAL.
int bpf_store_hdr_opt(bpf_sock_ops& skops, const void* from, u32 len, u64 flags) noexcept;

/// bpf_load_hdr_opt(): looks for the option whose kind is buf[0], and copies it to buf, which has `len`
/// bytes. buf[1] is 0; for kinds 253 and 254 it is 4 or 6, and 2 or 4 bytes of magic follow. With flags
/// bpf_load_hdr_opt_tcp_syn the search is in the connection's SYN: the one that is being answered, or the
/// one that request or connection has saved. The option's length or, in this order:
///   -EOPNOTSUPP  in the TSTAMP ops
///   -EINVAL      len < 2, flags unknown, buf[1] > len, EOL or NOP asked for, buf[1] not as above
///   -ENOENT      there is no SYN
///   -EPERM       without that flag: no segment is at hand, or the op is HDR_OPT_LEN_CB
///   -ENOMSG      not found before EOL or the end, or an option of this kind was too short for the magic
///   -EFAULT      a malformed option comes first
///   -ENOSPC      longer than `len`; its first `len` bytes were copied
/// Other errors leave buf as it is. buf == nullptr: illegal use, -EINVAL.
int bpf_load_hdr_opt(bpf_sock_ops& skops, void* buf, u32 len, u64 flags) noexcept;

} // namespace sockops
