// SPDX-License-Identifier: MIT
// The sockets of one side, in that side's cgroup.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../bpf_calls.hpp"
#include "addresses.hpp"
#include "timeline_files.hpp"

namespace traces {

using socket_option = sockops::testing::timeline_sockopt;

class endpoint {
  public:
	/// `options`: of each socket, before connect() or listen().
	endpoint(side who, const both_addresses& where, int cgroup, std::vector<socket_option> options);
	/// Sends RST for what is still open.
	~endpoint();

	/// Any action of a socket. @return what went wrong, in words; "" if nothing.
	std::string perform(const timeline_event& one);
	/// The socket that is connected or connects; -1 if there is none.
	[[nodiscard]] int connection() const noexcept { return connection_.get(); }

  private:
	std::string open(kernel_diff::owned_fd& into);
	std::string listen();
	std::string connect();
	std::string accept(bool blocking);
	std::string send(const timeline_event& one);
	std::string read();
	std::string close();
	std::string abort();
	std::string disconnect();

	const timeline_address mine_, other_;
	int cgroup_;
	std::vector<socket_option> options_;
	kernel_diff::owned_fd listener_, connection_;
};

/// A TCP socket that belongs to a cgroup for good. An fd, or -errno.
int open_tcp_socket(int cgroup, const socket_address& here);

} // namespace traces
