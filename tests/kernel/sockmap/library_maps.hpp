// SPDX-License-Identifier: MIT
// The same maps here, with a socket for each cookie of the kernel's that has been seen.
#pragma once

#include <map>
#include <memory>

#include <sockops/sockops.hpp>

#include "sockmap_log.h"

namespace sockmap_diff {

class library_maps {
  public:
	library_maps();

	/// What the call answers here.
	int play(const sockmap_call& call);
	int update(unsigned map, unsigned key, std::uint64_t cookie, std::uint8_t state, std::uint64_t flags);
	int erase(unsigned map, unsigned key);
	int lookup(unsigned map, unsigned key, std::uint64_t& cookie);
	/// Of a SOCKHASH.
	int next_key(unsigned map, const sockmap_key* key, sockmap_key& next);

	/// close(2) of a socket.
	void close(std::uint64_t cookie) { sock_map_close(socket(cookie)); }
	/// The end of one that nobody has closed.
	void destroy(std::uint64_t cookie) { sk_free(socket(cookie)); }
	/// Entries of all maps.
	std::size_t count() const;

  private:
	sockops::scoped_tcp_sock& socket(std::uint64_t cookie);

	sockops::net in_;
	sockops::cgroup_root root_;
	sockops::bpf_map_ptr maps_[sockmap_maps];
	std::map<std::uint64_t, std::unique_ptr<sockops::scoped_tcp_sock>> sockets_;
};

} // namespace sockmap_diff
