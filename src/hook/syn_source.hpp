// SPDX-License-Identifier: MIT
// Where a program's view of the connection's SYN comes from (bpf_sock_ops_get_syn): what
// bpf_getsockopt(TCP_BPF_SYN*) copies, and bpf_load_hdr_opt() with BPF_LOAD_HDR_OPT_TCP_SYN searches.
#pragma once

#include <span>

#include <sockops/bpf/bpf_sock_ops_kern.hpp>
#include <sockops/net/request_sock.hpp>
#include <sockops/net/tcp_sock.hpp>

namespace sockops::detail {

/// The first header that is wanted; the TCP header and its options always follow. In the order of
/// TCP_BPF_SYN, TCP_BPF_SYN_IP, TCP_BPF_SYN_MAC.
enum class syn_part : u8 { tcp, ip, mac };

/// The headers of a SYN that has just come in. Without a link header (none was told) that part is empty.
inline std::span<const u8> syn_headers(const sk_buff& syn, syn_part first) noexcept {
	const u32 tcp = syn.tcp_header_len();
	if (tcp == 0)
		return {};
	const u32 ip = first == syn_part::tcp ? 0u : syn.network_header_len;
	const u32 mac = first == syn_part::mac ? syn.mac_header_len : 0u;
	return {syn.data - ip - mac, mac + ip + tcp};
}

/// The headers of a saved SYN; none if its link header is wanted and was not saved.
inline std::span<const u8> syn_headers(const saved_syn& syn, syn_part first) noexcept {
	if (syn.tcp_hdrlen == 0 || (first == syn_part::mac && syn.mac_hdrlen == 0))
		return {};
	const std::span<const u8> all(syn.data.get(), syn.total());
	switch (first) {
	case syn_part::mac:
		return all;
	case syn_part::ip:
		return all.subspan(syn.mac_hdrlen);
	default:
		return all.subspan(syn.mac_hdrlen + syn.network_hdrlen);
	}
}

/// The SYN that is being answered, else the one that the request or the connection has saved. Empty:
/// there is none, -ENOENT. The bytes live as long as the run of the program.
inline std::span<const u8> find_syn(const bpf_sock_ops_kern& ctx, syn_part first) noexcept {
	if (ctx.syn_skb)
		return syn_headers(*ctx.syn_skb, first);
	const saved_syn* saved = nullptr;
	if (ctx.sk && ctx.sk->skc_state == TCP_NEW_SYN_RECV)
		saved = static_cast<const request_sock*>(ctx.sk)->saved_syn.get();
	else if (ctx.sk && sk_fullsock(ctx.sk))
		saved = static_cast<const tcp_sock*>(ctx.sk)->saved_syn.get();
	return saved ? syn_headers(*saved, first) : std::span<const u8>{};
}

} // namespace sockops::detail
