// SPDX-License-Identifier: MIT
// What a dispatch reports when it is called wrongly: kept out of its way.

#include <sockops/hook/header_options.hpp>

#include <cerrno>

#include <sockops/bpf/uapi.hpp>
#include <sockops/kern/check.hpp>

namespace sockops {

int detail::sock_in_no_cgroup(const sock*, const bpf_sock_ops_kern* ctx) noexcept {
	illegal_use(
		"tcp_call_bpf",
		"op %s on a socket that is in no cgroup: it was never initialised (tcp_init_sock, inet_csk_clone), "
		"has been freed (sk_free), or is a copy of another, as a std::vector makes when it grows; no "
		"program runs, the result is -1",
		op_name(ctx->op));
	return -EPERM;
}

int detail::bad_tcp_call_bpf(const sock_common* sk, int op, u32 nargs) noexcept {
	if (!sk)
		illegal_use("tcp_call_bpf", "op %d on a null socket; the result is -1", op);
	else if (nargs > 4)
		illegal_use("tcp_call_bpf", "nargs %u: a context has room for 4 arguments; the result is -1", nargs);
	else if (static_cast<unsigned>(op) <= 255)
		illegal_use("tcp_call_bpf", "op %s: nargs %u and a null args; the result is -1",
					op_name(static_cast<u32>(op)), nargs);
	else
		illegal_use("tcp_call_bpf", "op %d: an op is a number from 0 to 255; the result is -1", op);
	return -1;
}

void detail::bad_option_room(u32 remaining) noexcept {
	illegal_use(
		"bpf_skops_hdr_opt_len",
		"remaining %u: the option space left is a multiple of 4, at most 40 bytes; nothing is reserved",
		remaining);
}

void detail::bad_option_area(const sk_buff* skb, u32 reserved) noexcept {
	if (!skb)
		illegal_use("bpf_skops_write_hdr_opt",
					"reserved %u and no segment: hand in the one whose header was sized; nothing is written",
					reserved);
	else
		illegal_use("bpf_skops_write_hdr_opt",
					"reserved %u in a header of %u bytes (len %u): the data offset has to count 20 bytes and "
					"what was reserved; nothing is written",
					reserved, skb->tcp_header_len(), skb->len);
}

} // namespace sockops
