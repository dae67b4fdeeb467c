// SPDX-License-Identifier: MIT
#include "private_network.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../bpf_calls.hpp"
#include "addresses.hpp"

namespace traces {

namespace {

using kernel_diff::owned_fd;

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

ifreq request_for(const char* device) {
	ifreq request{};
	std::strncpy(request.ifr_name, device, sizeof(request.ifr_name) - 1);
	return request;
}

/// ETHTOOL_SGSO and the like.
bool set_offload(int fd, const char* device, std::uint32_t command, bool on) {
	ethtool_value value{command, on};
	ifreq request = request_for(device);
	request.ifr_data = reinterpret_cast<char*>(&value);
	return ::ioctl(fd, SIOCETHTOOL, &request) == 0;
}

/// A request to rtnetlink, and its answer: false, and errno. Request: a struct that begins with an nlmsghdr.
template <class Request>
bool ask_rtnetlink(Request request, std::uint16_t type, std::uint16_t flags) {
	request.header.nlmsg_len = sizeof(request);
	request.header.nlmsg_type = type;
	request.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
	struct {
		nlmsghdr header;
		nlmsgerr error;
		char rest[256];
	} answer{};
	const owned_fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
	if (::send(fd.get(), &request, sizeof(request), 0) < 0 ||
		::recv(fd.get(), &answer, sizeof(answer), 0) < 0)
		return false;
	errno = answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EPROTO;
	return errno == 0;
}

template <class Value>
struct attribute {
	nlattr header{};
	Value value{};
	attribute(std::uint16_t type, const Value& of) : value(of) {
		header.nla_len = sizeof(header) + sizeof(of);
		header.nla_type = type;
	}
};

/// TCP makes packets of at most one segment for an interface. What ethtool can turn off does not do
/// that: TCP leaves it to a lower layer to split them then.
bool forbid_packets_of_many_segments(int interface) {
	struct {
		nlmsghdr header{};
		ifinfomsg link{};
		attribute<std::uint32_t> segments{IFLA_GSO_MAX_SEGS, 1};
	} request;
	request.link.ifi_index = interface;
	return ask_rtnetlink(request, RTM_NEWLINK, 0);
}

template <class Address>
bool add_address_of(const char* device, std::uint8_t family, const Address& own, const Address& peer) {
	struct request {
		nlmsghdr header{};
		ifaddrmsg about{};
		attribute<Address> local, other_end;
		request(const Address& here, const Address& there)
			: local(IFA_LOCAL, here), other_end(IFA_ADDRESS, there) {}
	} asked(own, peer);
	asked.about.ifa_family = family;
	asked.about.ifa_prefixlen = sizeof(Address) * 8;
	asked.about.ifa_flags = IFA_F_NODAD; // else IPv6 makes it usable a while later
	asked.about.ifa_index = ::if_nametoindex(device);
	return ask_rtnetlink(asked, RTM_NEWADDR, NLM_F_CREATE) || errno == EEXIST;
}

} // namespace

std::string enter_private_network(std::uint32_t mtu) {
	if (::unshare(CLONE_NEWNET) != 0)
		return failed("no network namespace can be made");
	// It has the machine's choice otherwise.
	if (std::string error = set_sysctl("tcp_congestion_control", "reno"); !error.empty())
		return error;
	return set_up_device("lo", mtu);
}

std::string add_address(const char* device, const sockops::in6_words& own, const sockops::in6_words& peer) {
	const bool ipv4 = sockops::testing::timeline_address::is_mapped(own);
	const bool added = ipv4 ? add_address_of(device, AF_INET, ipv4_of(own), ipv4_of(peer))
							: add_address_of(device, AF_INET6, ipv6_of(own), ipv6_of(peer));
	return added ? "" : failed(std::string("an address of ") + device);
}

std::string set_up_device(const char* device, std::uint32_t mtu) {
	const std::string name = device;
	const owned_fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	ifreq request = request_for(device);
	request.ifr_mtu = static_cast<int>(mtu);
	if (::ioctl(fd.get(), SIOCSIFMTU, &request) != 0)
		return failed(name + " cannot have an MTU of " + std::to_string(mtu));
	for (const std::uint32_t offload : {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO})
		if (!set_offload(fd.get(), device, offload, false))
			return failed("the offloads of " + name + " cannot be turned off");
	if (!forbid_packets_of_many_segments(static_cast<int>(::if_nametoindex(device))))
		return failed(name + " cannot have packets of one segment only");
	request = request_for(device);
	request.ifr_flags = IFF_UP;
	return ::ioctl(fd.get(), SIOCSIFFLAGS, &request) == 0 ? "" : failed(name + " cannot be set up");
}

std::string set_sysctl(const std::string& name, const std::string& value) {
	const std::string path = "/proc/sys/net/ipv4/" + name;
	const owned_fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
	if (!fd)
		return failed(path);
	const auto size = static_cast<ssize_t>(value.size());
	return ::write(fd.get(), value.data(), value.size()) == size ? "" : failed(path + " = " + value);
}

} // namespace traces
