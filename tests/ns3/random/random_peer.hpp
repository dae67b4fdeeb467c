// SPDX-License-Identifier: MIT
// An application at one end of a random connection: writes, reads and ends as its plan says. The n-th byte of
// a direction is known, so that it sees what is missing, doubled or from elsewhere.
#pragma once

#include <cstdint>
#include <vector>

#include <sockops/ns3/ns3.hpp>

#include <ns3/socket.h>

#include "random_scenario.hpp"

namespace test {

/// What came of one end.
struct side_end {
	std::uint64_t written, received;
	std::uint64_t wrong_at;    ///< the first byte that is not the one of its place
	std::int64_t connected_ns; ///< -1: it never was
	std::int64_t last_read_ns; ///< -1: nothing came
	static constexpr std::uint64_t none = ~std::uint64_t{0};

	bool operator==(const side_end&) const = default;
};

class peer {
  public:
	/// `stream` is of the bytes it writes; it reads those of `stream ^ 1`.
	peer(const side_plan& plan, std::uint32_t stream) : plan_(plan), stream_(stream) {}
	peer(const peer&) = delete;
	peer& operator=(const peer&) = delete;

	/// Its socket, not yet connected or just accepted.
	void take(ns3::Ptr<ns3::Socket> socket);
	/// The handshake is complete.
	void begin();
	bool has_socket() const { return socket_ != nullptr; }
	const side_end& end() const { return end_; }

  private:
	void write();
	void write_later();
	void written_all();
	void read();
	void take_in(ns3::Ptr<ns3::Packet> data);
	void peer_closed();
	void close_when_read();
	void quit();

	const side_plan plan_;
	const std::uint32_t stream_;
	ns3::Ptr<ns3::Socket> socket_;
	side_end end_{0, 0, side_end::none, -1, -1};
	int tries_ = 0;
	bool begun_ = false, pausing_ = false, read_scheduled_ = false;
	bool ended_ = false; ///< has closed its half, or all
	bool peer_closed_ = false, closing_ = false, closed_ = false, quit_ = false;
};

} // namespace test
