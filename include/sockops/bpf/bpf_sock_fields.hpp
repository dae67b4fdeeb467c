// SPDX-License-Identifier: MIT
// The fields of struct bpf_sock and struct bpf_tcp_sock, the two views of a socket that BPF programs have
// besides the context: place, size, and where each value comes from.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <iterator>
#include <string_view>

#include <sockops/net/tcp_sock.hpp>

namespace sockops {

/// Which parts of a field, 1 or 2 bytes, may be read, beside all of it (as of 6.18; asked of a kernel).
enum class parts_of_field : u8 { none, first, all };

struct sock_view_field {
	std::string_view name;
	u16 offset; ///< bytes
	u8 size;    ///< of one element, bytes
	u8 count;   ///< elements
	u64 (*read)(const tcp_sock&, unsigned index);
	parts_of_field parts = parts_of_field::none;
	u8 used = size; ///< bytes that are not padding
};

namespace detail {
template <auto Member>
constexpr u64 view_member(const tcp_sock& sk, unsigned) {
	return static_cast<u64>(sk.*Member);
}
template <in6_words sock_common::*Member>
constexpr u64 view_ip6(const tcp_sock& sk, unsigned index) {
	return (sk.*Member)[index];
}
using part = parts_of_field;
template <auto Member>
constexpr sock_view_field view_field(std::string_view name, u16 offset, u8 size = 4,
									 part parts = part::none) {
	return {name, offset, size, 1, view_member<Member>, parts};
}
template <auto Member>
constexpr sock_view_field view_field(std::string_view name, u16 offset, part parts) {
	return view_field<Member>(name, offset, 4, parts);
}
} // namespace detail

/// struct bpf_sock (ctx->sk). Ports: src_port in host order, dst_port in network order; addresses in network
/// order.
inline constexpr sock_view_field bpf_sock_fields[] = {
	detail::view_field<&tcp_sock::sk_bound_dev_if>("bound_dev_if", 0),
	detail::view_field<&tcp_sock::skc_family>("family", 4, detail::part::first),
	{"type", 8, 4, 1, [](const tcp_sock&, unsigned) -> u64 { return 1; },
	 parts_of_field::first}, // SOCK_STREAM
	detail::view_field<&tcp_sock::sk_protocol>("protocol", 12, detail::part::first),
	detail::view_field<&tcp_sock::sk_mark>("mark", 16),
	detail::view_field<&tcp_sock::sk_priority>("priority", 20),
	detail::view_field<&tcp_sock::skc_rcv_saddr>("src_ip4", 24, detail::part::all),
	{"src_ip6", 28, 4, 4, detail::view_ip6<&sock_common::skc_v6_rcv_saddr>, parts_of_field::all},
	detail::view_field<&tcp_sock::skc_num>("src_port", 44, detail::part::first),
	{"dst_port", 48, 4, 1, detail::view_member<&tcp_sock::skc_dport>, parts_of_field::all, 2},
	detail::view_field<&tcp_sock::skc_daddr>("dst_ip4", 52, detail::part::all),
	{"dst_ip6", 56, 4, 4, detail::view_ip6<&sock_common::skc_v6_daddr>, parts_of_field::all},
	detail::view_field<&tcp_sock::skc_state>("state", 72, detail::part::first),
	{"rx_queue_mapping", 76, 4, 1, [](const tcp_sock&, unsigned) -> u64 { return ~u32{0}; },
	 parts_of_field::first}, // -1: no queue
};
inline constexpr u32 bpf_sock_size = 80; ///< sizeof(struct bpf_sock)

/// struct bpf_tcp_sock (bpf_tcp_sock()). Whole fields only.
inline constexpr sock_view_field bpf_tcp_sock_fields[] = {
	detail::view_field<&tcp_sock::snd_cwnd>("snd_cwnd", 0),
	detail::view_field<&tcp_sock::srtt_us>("srtt_us", 4),
	detail::view_field<&tcp_sock::rtt_min>("rtt_min", 8),
	detail::view_field<&tcp_sock::snd_ssthresh>("snd_ssthresh", 12),
	detail::view_field<&tcp_sock::rcv_nxt>("rcv_nxt", 16),
	detail::view_field<&tcp_sock::snd_nxt>("snd_nxt", 20),
	detail::view_field<&tcp_sock::snd_una>("snd_una", 24),
	detail::view_field<&tcp_sock::mss_cache>("mss_cache", 28),
	detail::view_field<&tcp_sock::ecn_flags>("ecn_flags", 32),
	detail::view_field<&tcp_sock::rate_delivered>("rate_delivered", 36),
	detail::view_field<&tcp_sock::rate_interval_us>("rate_interval_us", 40),
	detail::view_field<&tcp_sock::packets_out>("packets_out", 44),
	detail::view_field<&tcp_sock::retrans_out>("retrans_out", 48),
	detail::view_field<&tcp_sock::total_retrans>("total_retrans", 52),
	detail::view_field<&tcp_sock::segs_in>("segs_in", 56),
	detail::view_field<&tcp_sock::data_segs_in>("data_segs_in", 60),
	detail::view_field<&tcp_sock::segs_out>("segs_out", 64),
	detail::view_field<&tcp_sock::data_segs_out>("data_segs_out", 68),
	detail::view_field<&tcp_sock::lost_out>("lost_out", 72),
	detail::view_field<&tcp_sock::sacked_out>("sacked_out", 76),
	detail::view_field<&tcp_sock::bytes_received>("bytes_received", 80, 8),
	detail::view_field<&tcp_sock::bytes_acked>("bytes_acked", 88, 8),
	detail::view_field<&tcp_sock::dsack_dups>("dsack_dups", 96),
	detail::view_field<&tcp_sock::delivered>("delivered", 100),
	detail::view_field<&tcp_sock::delivered_ce>("delivered_ce", 104),
	detail::view_field<&tcp_sock::icsk_retransmits>("icsk_retransmits", 108),
};
inline constexpr u32 bpf_tcp_sock_size = 112; ///< sizeof(struct bpf_tcp_sock)

/// The field that holds the byte at `offset`; nullptr: none does.
template <std::size_t N>
constexpr const sock_view_field* find_view_field(const sock_view_field (&fields)[N], u64 offset) noexcept {
	for (const sock_view_field& field : fields)
		if (offset >= field.offset && offset < field.offset + u64{field.size} * field.count)
			return &field;
	return nullptr;
}

/// May a program read `size` bytes at `off` of the view? All of a field, or a part that is allowed; aligned
/// to its size.
template <std::size_t N>
constexpr bool view_is_valid_access(const sock_view_field (&fields)[N], s64 off, u32 size) noexcept {
	const sock_view_field* const field =
		off < 0 || off % size != 0 ? nullptr : find_view_field(fields, static_cast<u64>(off));
	if (!field || size >= field->size)
		return field && size == field->size && (static_cast<u64>(off) - field->offset) % size == 0;
	const u64 in_field = (static_cast<u64>(off) - field->offset) % field->size;
	return field->parts == parts_of_field::all     ? in_field + size <= field->used
		   : field->parts == parts_of_field::first ? in_field == 0
												   : false;
}
constexpr bool bpf_sock_is_valid_access(s64 off, u32 size) noexcept {
	return view_is_valid_access(bpf_sock_fields, off, size);
}
constexpr bool bpf_tcp_sock_is_valid_access(s64 off, u32 size) noexcept {
	return view_is_valid_access(bpf_tcp_sock_fields, off, size);
}

} // namespace sockops
