// SPDX-License-Identifier: MIT
// A packet: link header, IP header, TCP header and payload, as bytes. And what its TCP header says.
#pragma once

#include <memory>
#include <vector>

#include <sockops/net/sk_buff.hpp>
#include <sockops/net/sock_common.hpp>

#include "options.hpp"

namespace sockops::testing::model {

constexpr bool before(u32 a, u32 b) noexcept { return static_cast<s32>(a - b) < 0; }
constexpr bool after(u32 a, u32 b) noexcept { return before(b, a); }

/// A TCP header as values, and how much comes behind it.
struct segment {
	u32 seq = 0, ack = 0;
	u32 len = 0; ///< payload, bytes
	u8 flags = 0;
	u16 window = 0; ///< not scaled
	u16 source = 0, dest = 0;
	tcp_options options{};
	bool ect = false; ///< the IP header marks it ECN-capable

	bool has(u8 flag) const noexcept { return flags & flag; }
	u32 end_seq() const noexcept { return seq + len + (has(TCPHDR_SYN) ? 1 : 0) + (has(TCPHDR_FIN) ? 1 : 0); }
};

/// Grows to the front, as headers are put before a payload of zeros.
class packet {
  public:
	packet() = default;
	explicit packet(u32 payload);

	u8* payload() noexcept { return bytes_.data() + header_room; }
	/// The TCP header, once there is one.
	u8* tcp() noexcept { return payload() - tcp_header_; }
	const u8* tcp() const noexcept { return const_cast<packet*>(this)->tcp(); }
	u32 tcp_header() const noexcept { return tcp_header_; }
	u32 tcp_length() const noexcept { return static_cast<u32>(bytes_.size()) - header_room + tcp_header_; }

	/// Writes 20 bytes and the options of `from`; `reserved` bytes behind them are left to others, and
	/// become NOPs.
	void push_tcp(const segment& from, u32 reserved);
	/// The same with options as they are on the wire.
	void push_tcp(const segment& from, const std::vector<u8>& options);
	void push_ip(const sock_common& from, bool ipv6, bool ect);

	/// Data is the TCP header; IP and link header stand before it.
	sk_buff skb() noexcept;
	/// As the device has it: data is the link header, and TCP's notes are gone.
	sk_buff frame() noexcept;
	segment parse() const noexcept;

	bool same_options(const packet& as) const noexcept;

	/// What its sender keeps to send it again, as long as it does.
	std::weak_ptr<const char> original;

  private:
	static constexpr u32 link_header = 14, header_room = link_header + 40 + 60;
	void push_tcp(const segment& from, u32 options, u32 reserved);

	std::vector<u8> bytes_;
	u32 tcp_header_ = 0;
	u8 ip_header_ = 0;
};

} // namespace sockops::testing::model
