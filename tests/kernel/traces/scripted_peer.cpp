// SPDX-License-Identifier: MIT
#include "scripted_peer.hpp"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "call.hpp"
#include "private_network.hpp"

namespace traces {

namespace {

constexpr char device_name[] = "peer";
constexpr std::size_t ipv4_header = 20, ipv6_header = 40, tcp_header = 20;
enum : unsigned char { kind_end = 0, kind_nop = 1, kind_timestamp = 8 };

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

using bytes = std::vector<unsigned char>;

void put_16(bytes& to, std::uint32_t value) {
	to.push_back(static_cast<unsigned char>(value >> 8));
	to.push_back(static_cast<unsigned char>(value));
}
void put_32(bytes& to, std::uint32_t value) {
	put_16(to, value >> 16);
	put_16(to, value & 0xffff);
}
template <class Address>
void put(bytes& to, const Address& address) {
	const auto* const begin = reinterpret_cast<const unsigned char*>(&address);
	to.insert(to.end(), begin, begin + sizeof(address));
}
void set_16(bytes& in, std::size_t at, std::uint32_t value) {
	in[at] = static_cast<unsigned char>(value >> 8);
	in[at + 1] = static_cast<unsigned char>(value);
}
std::uint32_t get_32(const unsigned char* from) {
	return std::uint32_t{from[0]} << 24 | std::uint32_t{from[1]} << 16 | std::uint32_t{from[2]} << 8 |
		   from[3];
}

/// The Internet checksum.
std::uint16_t checksum(const bytes& of) {
	std::uint32_t sum = 0;
	for (std::size_t at = 0; at < of.size(); ++at)
		sum += at % 2 ? of[at] : std::uint32_t{of[at]} << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return static_cast<std::uint16_t>(~sum);
}

/// That of the TCP header at `tcp`; it also covers the addresses, which are the `addresses` bytes before.
std::uint16_t tcp_checksum(const bytes& packet, std::size_t tcp, std::size_t addresses) {
	bytes covered(packet.begin() + static_cast<std::ptrdiff_t>(tcp - addresses), packet.end());
	if (covered.size() % 2)
		covered.push_back(0);
	put_32(covered, static_cast<std::uint32_t>(packet.size() - tcp));
	put_32(covered, IPPROTO_TCP);
	return checksum(covered);
}

/// Where the value of the timestamp option is, counted from the first option; 0 if there is none.
std::size_t find_timestamp(const unsigned char* options, std::size_t size) {
	for (std::size_t at = 0; at < size && options[at] != kind_end;) {
		if (options[at] == kind_nop) {
			++at;
			continue;
		}
		if (at + 1 >= size || options[at + 1] < 2)
			return 0;
		if (options[at] == kind_timestamp)
			return at + 2;
		at += options[at + 1];
	}
	return 0;
}

/// IPv6 has a way to it only some time after the device was set up.
bool is_reachable(const timeline_address& where) {
	const socket_address there(where.ip, 9, where.ipv6);
	const kernel_diff::owned_fd fd(::socket(there.get()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	return ::connect(fd.get(), there.get(), there.size) == 0;
}

} // namespace

std::string scripted_peer::set_up(std::uint32_t mtu) {
	device_ = kernel_diff::owned_fd(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
	if (!device_)
		return failed("/dev/net/tun");
	ifreq request{};
	std::strcpy(request.ifr_name, device_name);
	request.ifr_flags = IFF_TUN | IFF_NO_PI;
	if (::ioctl(device_.get(), TUNSETIFF, &request) != 0)
		return failed("a TUN device");
	if (std::string error = set_up_device(device_name, mtu); !error.empty())
		return error;
	if (std::string error = add_address(device_name, stack_.ip, peer_.ip); !error.empty())
		return error;
	constexpr int attempts = 5000;
	for (int attempt = 0; attempt != attempts; ++attempt) {
		if (is_reachable(peer_))
			return "";
		::usleep(1000);
	}
	return "the other end of the TUN device cannot be reached";
}

std::string scripted_peer::send(const peer_segment& segment) {
	read_what_came();
	const bytes packet = packet_of(segment);
	const ssize_t written = ::write(device_.get(), packet.data(), packet.size());
	return written == static_cast<ssize_t>(packet.size()) ? "" : failed("peer sends");
}

void scripted_peer::read_what_came() {
	unsigned char packet[65536];
	for (;;) {
		const ssize_t size = ::read(device_.get(), packet, sizeof(packet));
		if (size <= 0)
			return;
		const bool ipv4 = packet[0] >> 4 == 4;
		const std::size_t header = ipv4 ? (packet[0] & 15) * std::size_t{4} : ipv6_header;
		const unsigned char protocol = packet[ipv4 ? 9 : 6];
		if (protocol == IPPROTO_TCP && static_cast<std::size_t>(size) >= header + tcp_header)
			look_at(packet + header, static_cast<std::size_t>(size) - header);
	}
}

void scripted_peer::look_at(const unsigned char* tcp, std::size_t size) {
	constexpr unsigned char syn = 2;
	if (tcp[13] & syn)
		stack_first_ = get_32(tcp + 4);
	const std::size_t header = (tcp[12] >> 4) * std::size_t{4};
	if (header < tcp_header || header > size)
		return;
	if (const std::size_t at = find_timestamp(tcp + tcp_header, header - tcp_header))
		stack_timestamp_ = get_32(tcp + tcp_header + at);
}

std::vector<unsigned char> scripted_peer::packet_of(const peer_segment& segment) const {
	bytes options(segment.options.begin(), segment.options.end());
	if (const std::size_t at = find_timestamp(options.data(), options.size()); at && segment.ack) {
		set_16(options, at + 4, stack_timestamp_ >> 16);
		set_16(options, at + 6, stack_timestamp_ & 0xffff);
	}
	const bool ipv4 = stack_.over_ipv4();
	const std::size_t size = tcp_header + options.size() + (segment.end_seq - segment.seq);
	bytes packet;
	if (ipv4) {
		packet = {0x45, static_cast<unsigned char>(segment.ect ? 2 : 0)};
		put_16(packet, static_cast<std::uint32_t>(ipv4_header + size));
		put_32(packet, 0x4000); // do not fragment
		packet.insert(packet.end(), {64, IPPROTO_TCP, 0, 0});
		put(packet, ipv4_of(peer_.ip));
		put(packet, ipv4_of(stack_.ip));
		set_16(packet, 10, checksum(packet));
	} else {
		put_32(packet, 6u << 28 | (segment.ect ? 2u << 20 : 0));
		put_16(packet, static_cast<std::uint32_t>(size));
		packet.insert(packet.end(), {IPPROTO_TCP, 64});
		put(packet, ipv6_of(peer_.ip));
		put(packet, ipv6_of(stack_.ip));
	}
	const std::size_t tcp = packet.size();
	put_16(packet, peer_.port);
	put_16(packet, stack_.port);
	put_32(packet, first_sequence_number + segment.seq);
	put_32(packet, segment.ack ? stack_first_ + *segment.ack : 0);
	packet.push_back(static_cast<unsigned char>((tcp_header + options.size()) / 4 << 4));
	packet.push_back(segment.flags);
	put_16(packet, segment.window);
	put_32(packet, 0); // checksum and urgent pointer
	packet.insert(packet.end(), options.begin(), options.end());
	packet.resize(tcp + size, 'p');
	set_16(packet, tcp + 16, tcp_checksum(packet, tcp, ipv4 ? 8 : 32));
	return packet;
}

} // namespace traces
