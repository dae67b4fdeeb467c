// SPDX-License-Identifier: MIT
// The fields of struct bpf_sock_ops, once: name, place, guard, byte order, and where each value
// comes from. The C++ view, the checks of a program's accesses and the field tests all read this. Since
// when there is each is what docs.ebpf.io says of it (the page of the program type).
//
// Context: anywhere, by the context that is given: inside the call that it is of, or of one that the caller
// has made.
#pragma once

#include <iterator>
#include <string_view>

#include <sockops/bpf/bpf_sock_ops_kern.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/net/request_sock.hpp>
#include <sockops/net/tcp_sock.hpp>

namespace sockops {

/// When a field reads as 0 (or NULL) instead of its value.
enum class field_guard : u8 {
	none,
	fullsock, ///< unless is_fullsock
	locked,   ///< unless is_locked_tcp_sock (before 6.15: is_fullsock, which was the same then)
	skb,      ///< unless a segment is attached
};

enum class field_order : u8 {
	host,
	network,      ///< the raw network-order word
	network_port, ///< the raw 16 bits in the half that a 32-bit ntohl() brings down to the port
};

struct ctx_field {
	std::string_view name;
	u16 offset; ///< in struct bpf_sock_ops, bytes
	u8 size;    ///< of one element, bytes; reads must have this size
	u8 count;   ///< elements
	bool writable;
	field_guard guard;
	field_order order;
	kernel_release since;
	u64 (*read)(const bpf_sock_ops_kern&, unsigned index); ///< past its guard
	void (*write)(bpf_sock_ops_kern&, u32) = nullptr;      ///< past its guard
	bool narrow = false;                                   ///< its first bytes may be read alone
};

namespace detail {

template <auto Member>
constexpr u64 of_common(const bpf_sock_ops_kern& ctx, unsigned) {
	return ctx.sk->*Member;
}
template <in6_words sock_common::*Member>
constexpr u64 of_ip6(const bpf_sock_ops_kern& ctx, unsigned index) {
	return (ctx.sk->*Member)[index];
}
template <auto Member>
constexpr u64 of_tcp(const bpf_sock_ops_kern& ctx, unsigned) {
	return static_cast<const tcp_sock*>(ctx.sk)->*Member;
}
constexpr u64 of_args(const bpf_sock_ops_kern& ctx, unsigned index) { return ctx.args[index]; }
inline u64 address(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

/// A row that reads a member of sock_common: valid for requests too, so never guarded.
template <auto Member>
constexpr ctx_field common_field(std::string_view name, u16 offset, field_order order = field_order::host,
								 kernel_release since = release(4, 13)) {
	return {name, offset, 4, 1, false, field_guard::none, order, since, of_common<Member>};
}
template <in6_words sock_common::*Member>
constexpr ctx_field ip6_field(std::string_view name, u16 offset) {
	return {name,           offset,        4, 4, false, field_guard::none, field_order::network,
			release(4, 13), of_ip6<Member>};
}
/// A row that reads a member of tcp_sock, all of which came with 4.16.
template <auto Member>
constexpr ctx_field tcp_field(std::string_view name, u16 offset, u8 size = 4) {
	return {name,           offset,        size, 1, false, field_guard::locked, field_order::host,
			release(4, 16), of_tcp<Member>};
}
constexpr ctx_field skb_field(std::string_view name, u16 offset, u8 size, kernel_release since,
							  u64 (*read)(const bpf_sock_ops_kern&, unsigned), bool narrow = false) {
	return {name, offset, size, 1, false, field_guard::skb, field_order::host, since, read, nullptr, narrow};
}

} // namespace detail

inline constexpr ctx_field ctx_fields[] = {
	{"op", 0, 4, 1, false, field_guard::none, field_order::host, release(4, 13),
	 [](const bpf_sock_ops_kern& ctx, unsigned) -> u64 { return ctx.op; }},
	{"reply", 4, 4, 1, true, field_guard::none, field_order::host, release(4, 13), detail::of_args,
	 [](bpf_sock_ops_kern& ctx, u32 value) { ctx.args[0] = value; }},
	{"args", 4, 4, 4, false, field_guard::none, field_order::host, release(4, 16), detail::of_args},
	{"replylong", 4, 4, 4, false, field_guard::none, field_order::host, release(4, 13), detail::of_args},
	detail::common_field<&sock_common::skc_family>("family", 20),
	detail::common_field<&sock_common::skc_daddr>("remote_ip4", 24, field_order::network),
	detail::common_field<&sock_common::skc_rcv_saddr>("local_ip4", 28, field_order::network),
	detail::ip6_field<&sock_common::skc_v6_daddr>("remote_ip6", 32),
	detail::ip6_field<&sock_common::skc_v6_rcv_saddr>("local_ip6", 48),
	{"remote_port", 64, 4, 1, false, field_guard::none, field_order::network_port, release(4, 13),
	 [](const bpf_sock_ops_kern& ctx, unsigned) -> u64 {
		 const u32 raw = ctx.sk->skc_dport;
		 return std::endian::native == std::endian::little ? raw << 16 : raw;
	 }},
	detail::common_field<&sock_common::skc_num>("local_port", 68),
	{"is_fullsock", 72, 4, 1, false, field_guard::none, field_order::host, release(4, 16),
	 [](const bpf_sock_ops_kern& ctx, unsigned) -> u64 { return ctx.is_fullsock; }},
	detail::tcp_field<&tcp_sock::snd_cwnd>("snd_cwnd", 76),
	detail::tcp_field<&tcp_sock::srtt_us>("srtt_us", 80),
	detail::tcp_field<&tcp_sock::bpf_sock_ops_cb_flags>("bpf_sock_ops_cb_flags", 84),
	detail::common_field<&sock_common::skc_state>("state", 88, field_order::host, release(4, 16)),
	detail::tcp_field<&tcp_sock::rtt_min>("rtt_min", 92),
	detail::tcp_field<&tcp_sock::snd_ssthresh>("snd_ssthresh", 96),
	detail::tcp_field<&tcp_sock::rcv_nxt>("rcv_nxt", 100),
	detail::tcp_field<&tcp_sock::snd_nxt>("snd_nxt", 104),
	detail::tcp_field<&tcp_sock::snd_una>("snd_una", 108),
	detail::tcp_field<&tcp_sock::mss_cache>("mss_cache", 112),
	detail::tcp_field<&tcp_sock::ecn_flags>("ecn_flags", 116),
	detail::tcp_field<&tcp_sock::rate_delivered>("rate_delivered", 120),
	detail::tcp_field<&tcp_sock::rate_interval_us>("rate_interval_us", 124),
	detail::tcp_field<&tcp_sock::packets_out>("packets_out", 128),
	detail::tcp_field<&tcp_sock::retrans_out>("retrans_out", 132),
	detail::tcp_field<&tcp_sock::total_retrans>("total_retrans", 136),
	detail::tcp_field<&tcp_sock::segs_in>("segs_in", 140),
	detail::tcp_field<&tcp_sock::data_segs_in>("data_segs_in", 144),
	detail::tcp_field<&tcp_sock::segs_out>("segs_out", 148),
	detail::tcp_field<&tcp_sock::data_segs_out>("data_segs_out", 152),
	detail::tcp_field<&tcp_sock::lost_out>("lost_out", 156),
	detail::tcp_field<&tcp_sock::sacked_out>("sacked_out", 160),
	{"sk_txhash", 164, 4, 1, true, field_guard::locked, field_order::host, release(4, 16),
	 detail::of_tcp<&tcp_sock::sk_txhash>,
	 [](bpf_sock_ops_kern& ctx, u32 value) { static_cast<sock*>(ctx.sk)->sk_txhash = value; }},
	detail::tcp_field<&tcp_sock::bytes_received>("bytes_received", 168, 8),
	detail::tcp_field<&tcp_sock::bytes_acked>("bytes_acked", 176, 8),
	{"sk", 184, 8, 1, false, field_guard::fullsock, field_order::host, release(5, 3),
	 [](const bpf_sock_ops_kern& ctx, unsigned) -> u64 {
		 return detail::address(static_cast<const sock*>(ctx.sk));
	 }},
	detail::skb_field("skb_data", 192, 8, release(5, 10),
					  [](const bpf_sock_ops_kern& ctx, unsigned) { return detail::address(ctx.skb->data); }),
	{"skb_data_end", 200, 8, 1, false, field_guard::none, field_order::host, release(5, 10),
	 [](const bpf_sock_ops_kern& ctx, unsigned) { return detail::address(ctx.skb_data_end); }},
	detail::skb_field("skb_len", 208, 4, release(5, 10),
					  [](const bpf_sock_ops_kern& ctx, unsigned) -> u64 { return ctx.skb->len; }),
	detail::skb_field(
		"skb_tcp_flags", 212, 4, release(5, 10),
		[](const bpf_sock_ops_kern& ctx, unsigned) -> u64 { return ctx.skb->tcp_flags; }, true),
	detail::skb_field("skb_hwtstamp", 216, 8, release(6, 2),
					  [](const bpf_sock_ops_kern& ctx, unsigned) -> u64 { return ctx.skb->hwtstamp; }),
};

/// sizeof(struct bpf_sock_ops) since 6.2.
inline constexpr u32 bpf_sock_ops_size = 224;

/// The row of a name; ends a constant evaluation if there is none.
constexpr const ctx_field& find_ctx_field(std::string_view name) {
	for (const ctx_field& field : ctx_fields)
		if (field.name == name)
			return field;
	__builtin_unreachable();
}

/// Does a field with this guard read as its value in this call?
constexpr bool guard_is_open(field_guard guard, const bpf_sock_ops_kern& ctx) noexcept {
	switch (guard) {
	case field_guard::fullsock:
		return ctx.is_fullsock != 0;
	case field_guard::locked:
		return ctx.is_locked_tcp_sock != 0;
	case field_guard::skb:
		return ctx.skb != nullptr;
	case field_guard::none:
		break;
	}
	return true;
}

/// What a program reads: the value, or 0 behind a closed guard.
constexpr u64 read_ctx_field(const ctx_field& field, const bpf_sock_ops_kern& ctx, unsigned index = 0) {
	return guard_is_open(field.guard, ctx) ? field.read(ctx, index) : 0;
}

/// A write to a writable field; behind a closed guard it is silently dropped.
constexpr void write_ctx_field(const ctx_field& field, bpf_sock_ops_kern& ctx, u32 value) {
	if (guard_is_open(field.guard, ctx))
		field.write(ctx, value);
}

} // namespace sockops
