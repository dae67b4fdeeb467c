// SPDX-License-Identifier: MIT
// A network namespace of one thread's own, with nothing in it but `lo`.
#pragma once

#include <cstdint>
#include <string>

#include <sockops/net/sock_common.hpp>

namespace traces {

/// Moves the calling thread to a new network namespace, for good: it goes with the thread and its last
/// socket. One segment is one packet there, and congestion control is Reno.
/// @return what went wrong, in words; "" if nothing.
std::string enter_private_network(std::uint32_t mtu);

/// An address for a device of the thread's network namespace, to be used at once, and its peer's (the same:
/// it has none). One that is there already stays. "" or what went wrong.
std::string add_address(const char* device, const sockops::in6_words& own, const sockops::in6_words& peer);

/// MTU, no offloads, packets of one segment, up. "" or what went wrong.
std::string set_up_device(const char* device, std::uint32_t mtu);

/// Writes /proc/sys/net/ipv4/<name> of the thread's network namespace. "" or what went wrong.
std::string set_sysctl(const std::string& name, const std::string& value);

} // namespace traces
