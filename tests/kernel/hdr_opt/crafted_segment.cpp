// SPDX-License-Identifier: MIT
#include "crafted_segment.hpp"

#include <algorithm>

namespace hdr_opt {

namespace {

constexpr std::size_t ip_bytes = 20, tcp_bytes = 20;

void add_to(std::uint8_t* word, std::uint32_t amount) {
	std::uint32_t value = 0;
	for (int at = 0; at != 4; ++at)
		value = value << 8 | word[at];
	value += amount;
	for (int at = 3; at >= 0; --at, value >>= 8)
		word[at] = static_cast<std::uint8_t>(value);
}

/// The TCP checksum of a segment of even length between 127.0.0.1 and 127.0.0.1.
std::uint16_t checksum(const std::uint8_t* segment, std::size_t length) {
	std::uint32_t sum = 2 * (0x7f00 + 0x0001) + 6 + static_cast<std::uint32_t>(length);
	for (std::size_t at = 0; at != length; at += 2)
		sum += static_cast<std::uint32_t>(segment[at] << 8 | segment[at + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return static_cast<std::uint16_t>(~sum);
}

} // namespace

byte_list crafted_segment(const byte_list& after, std::uint32_t data, const byte_list& options) {
	const std::size_t segment = tcp_bytes + options.size(), total = ip_bytes + segment;
	byte_list packet(total);
	// The kernel fills in the IP header's checksum and identification.
	const std::uint8_t ip[ip_bytes] = {
		0x45, 0, 0, static_cast<std::uint8_t>(total), 0, 0, 0x40, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1};
	std::uint8_t* const tcp = packet.data() + ip_bytes;
	std::copy_n(ip, ip_bytes, packet.data());
	std::copy_n(after.data(), tcp_bytes, tcp);
	std::copy_n(options.data(), options.size(), tcp + tcp_bytes);
	add_to(tcp + 4, data);
	add_to(tcp + 8, 1);
	tcp[12] = static_cast<std::uint8_t>(segment / 4 << 4);
	tcp[13] = 0x10; // ACK
	tcp[16] = tcp[17] = 0;
	const std::uint16_t sum = checksum(tcp, segment);
	tcp[16] = static_cast<std::uint8_t>(sum >> 8);
	tcp[17] = static_cast<std::uint8_t>(sum);
	return packet;
}

bool dropped_unseen(const byte_list& options) {
	constexpr std::size_t smallest_signature = 18;
	std::size_t at = 0;
	while (options.size() - at >= smallest_signature && options[at] != 0) {
		if (options[at] == 1) {
			++at;
			continue;
		}
		const std::size_t size = options[at + 1];
		if (size < 2 || size > options.size() - at)
			return true;
		at += size;
	}
	return false;
}

} // namespace hdr_opt
