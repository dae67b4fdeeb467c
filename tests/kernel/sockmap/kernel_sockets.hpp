// SPDX-License-Identifier: MIT
// Sockets of the machine's kernel, on the loopback of a network namespace of the calling thread.
#pragma once

#include <cstdint>
#include <string>

#include "../bpf_calls.hpp"

namespace sockmap_diff {

/// "", or why there is no such namespace.
std::string enter_own_network();

/// A bound TCP socket, born in the cgroup.
kernel_diff::owned_fd open_socket(int cgroup_fd);
bool listen_on(int fd);
/// Returns when the child stands in the listener's queue.
bool connect_to(int fd, int listener);
/// An empty one if no child is there.
kernel_diff::owned_fd accept_from(int listener);
/// connect() to AF_UNSPEC.
bool disconnect(int fd);
void reset_at_close(int fd);
void send_some(int fd);

std::uint64_t cookie_of(int fd);
/// The TCP state.
std::uint8_t state_of(int fd);

} // namespace sockmap_diff
