// SPDX-License-Identifier: MIT
// TCP sockets that are born in a cgroup.
#pragma once

namespace sockopt_diff {

/// An fd, or -errno.
int open_socket_in(int cgroup_fd, bool v6, bool v6only);

} // namespace sockopt_diff
