// SPDX-License-Identifier: MIT

#include "packet.hpp"

#include <algorithm>
#include <cstring>

namespace sockops::testing::model {

packet::packet(u32 payload) : bytes_(header_room + payload) {}

void packet::push_tcp(const segment& from, u32 options, u32 reserved) {
	tcp_header_ = tcp_header_size + options + reserved;
	u8* to = store_be16(store_be16(tcp(), from.source), from.dest);
	to = store_be32(store_be32(to, from.seq), from.ack);
	*to++ = static_cast<u8>(tcp_header_ / 4 << 4);
	*to++ = from.flags;
	to = store_be16(to, from.window);
	store_be32(to, 0); // checksum and urgent pointer
	std::fill_n(payload() - reserved, reserved, tcpopt::nop);
}

void packet::push_tcp(const segment& from, u32 reserved) {
	u8 options[max_tcp_option_space];
	const u32 size = static_cast<u32>(write_options(options, from.options) - options);
	push_tcp(from, size, reserved);
	std::memcpy(tcp() + tcp_header_size, options, size);
}

void packet::push_tcp(const segment& from, const std::vector<u8>& options) {
	push_tcp(from, static_cast<u32>(options.size()), 0);
	std::copy(options.begin(), options.end(), tcp() + tcp_header_size);
}

void packet::push_ip(const sock_common& from, bool ipv6, bool ect) {
	ip_header_ = ipv6 ? 40 : 20;
	u8* const ip = tcp() - ip_header_;
	const u8 tos = ect ? 2 : 0; // ECT(0)
	if (ipv6) {
		store_be32(ip, 6u << 28 | u32{tos} << 20);
		store_be16(ip + 4, static_cast<u16>(tcp_length()));
		ip[6] = 6; // TCP
		ip[7] = 64;
		std::memcpy(ip + 8, from.skc_v6_rcv_saddr.u6_addr32, 16);
		std::memcpy(ip + 24, from.skc_v6_daddr.u6_addr32, 16);
	} else {
		ip[0] = 0x45;
		ip[1] = tos;
		store_be16(ip + 2, static_cast<u16>(tcp_length() + 20));
		ip[8] = 64;
		ip[9] = 6;
		std::memcpy(ip + 12, &from.skc_rcv_saddr, 4);
		std::memcpy(ip + 16, &from.skc_daddr, 4);
	}
	u8* const link = ip - link_header;
	std::memset(link, 0, 12);
	store_be16(link + 12, ipv6 ? 0x86dd : 0x0800);
}

bool packet::same_options(const packet& as) const noexcept {
	return tcp_header_ == as.tcp_header_ && std::memcmp(tcp() + tcp_header_size, as.tcp() + tcp_header_size,
														tcp_header_ - tcp_header_size) == 0;
}

sk_buff packet::skb() noexcept {
	sk_buff view{.data = tcp(), .len = tcp_length(), .tcp_flags = tcp()[13]};
	view.network_header_len = ip_header_;
	view.mac_header_len = ip_header_ ? u8{link_header} : u8{0};
	view.seq = load_be32(tcp() + 4);
	return view;
}

sk_buff packet::frame() noexcept {
	const u32 below = link_header + ip_header_;
	return {.data = tcp() - below, .len = tcp_length() + below};
}

segment packet::parse() const noexcept {
	segment of;
	const u8* const at = tcp();
	of.source = load_be16(at);
	of.dest = load_be16(at + 2);
	of.seq = load_be32(at + 4);
	of.ack = load_be32(at + 8);
	of.flags = at[13];
	of.window = load_be16(at + 14);
	of.len = tcp_length() - tcp_header_;
	of.options = parse_options(at + tcp_header_size, tcp_header_ - tcp_header_size);
	const u8* const ip = at - ip_header_;
	of.ect = ip_header_ != 0 && (ip_header_ == 40 ? ip[1] >> 4 & 3 : ip[1] & 3) != 0;
	return of;
}

} // namespace sockops::testing::model
