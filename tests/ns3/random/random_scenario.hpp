// SPDX-License-Identifier: MIT
// A simulation made from a seed: nodes on links that lose, delay and repeat packets, the settings of their
// TCP, and connections that write, read and end in many ways. Here it is only said; random_world.hpp runs it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// Attributes of ns-3 and their values, as text.
using attributes = std::vector<std::pair<std::string, std::string>>;

/// What happens to packets on one direction of a link.
struct road_plan {
	std::uint32_t lost_per_mille, late_per_mille, twice_per_mille;
	std::uint32_t late_us;           ///< at most so much
	std::vector<std::uint32_t> lost; ///< the n-th packets, from 0
	std::uint64_t seed;
};

/// Between node i + 1, whose link this is, and one with a lower number.
struct link_plan {
	std::uint32_t to;
	std::uint32_t rate_kbps, delay_us, queue_packets;
	road_plan up, down; ///< from the link's node, and to it
};

struct node_plan {
	std::string congestion_control, recovery; ///< types
	attributes socket;                        ///< of each socket
};

enum class ending {
	stays,      ///< open; it closes when the peer has
	closes,     ///< when it has written all
	half_closes ///< when it has written all; closes when the peer has
};

/// What an application does at its end of a connection.
struct side_plan {
	std::uint32_t bytes, piece; ///< written in all, and at a time
	std::uint32_t gap_us;       ///< between pieces; 0: as fast as the buffer takes them
	std::uint32_t read_gap_us;  ///< between reads of at most `piece`; 0: all at once
	ending end;
	std::uint32_t quits_after_us; ///< reads no more, and closes so long after the handshake; 0: never
};

struct connection_plan {
	std::uint32_t from, to; ///< nodes
	std::uint32_t start_us;
	bool crossed;        ///< both sides connect
	bool nobody_listens; ///< there
	side_plan sides[2];  ///< of the one that connects, of the other

	/// Does neither application stop what the other has written?
	bool gentle() const {
		return !nobody_listens && sides[0].quits_after_us == 0 && sides[1].quits_after_us == 0;
	}
};

struct scenario {
	std::uint64_t seed;
	bool ipv6;
	std::uint32_t seconds; ///< simulated
	attributes defaults;
	std::vector<node_plan> nodes;
	std::vector<link_plan> links;
	std::vector<connection_plan> connections;
};

/// The congestion controls that the ns-3 at hand has; 3.37 has 17.
const std::vector<std::string>& congestion_controls();

scenario draw_scenario(std::uint64_t seed);

/// What it is, in a line.
std::string in_words(const scenario& what);

} // namespace test
