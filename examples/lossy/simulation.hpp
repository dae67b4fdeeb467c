// SPDX-License-Identifier: MIT
// The simulation of ns3_lossy: what is set, and what one run of it showed. No ns-3 in here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lossy {

struct settings {
	double loss = 0.01; ///< probability, for each packet from the client to the server
	std::uint32_t seed = 1;

	static constexpr std::uint32_t bytes = 3'000'000; ///< from client to server
	static constexpr std::uint32_t mss = 1448;        ///< bytes
	static constexpr std::uint16_t port = 80;         ///< the server's
	static constexpr int delay_ms = 20;               ///< one way
	static constexpr const char* rate = "20Mbps";
	static constexpr std::uint32_t hz = 250; ///< jiffies a second
};

/// One call of the hook in which a program ran.
struct callback {
	std::uint64_t time_ns;
	const char* side; ///< "client" or "server"
	std::uint32_t op;
	std::uint32_t state; ///< sockops::tcp_state
	std::uint32_t args[4];
	int result;                   ///< what the stack got
	std::vector<std::string> ran; ///< programs, in run order
	std::string answered_by;      ///< empty: nobody wrote a reply, or one denied
};

/// A bpf_setsockopt() that a program made.
struct sockopt_call {
	const char* side;
	const char* program;
	const char* option;
	std::string value;
	int result;            ///< 0 or -errno
	std::string read_back; ///< by bpf_getsockopt(); empty where Linux refuses to read it
};

/// Measured on the packets, except for the completion.
struct effects {
	std::optional<std::uint64_t> syn_retry_gap_ns; ///< from the first SYN to the second
	std::uint32_t syn_window = 0;                  ///< bytes, in the first SYN
	std::uint32_t synack_window = 0;               ///< bytes, in the first SYN-ACK
	bool ecn = false;                              ///< the SYN-ACK agreed to ECN
	std::uint32_t ect_packets = 0;                 ///< data packets sent as ECN-capable transport
	std::uint32_t first_flight = 0;                ///< data packets before the first one is acknowledged
	std::uint32_t retransmitted = 0;               ///< data packets sent again
	std::optional<std::uint64_t> completion_ns;    ///< from Connect() to the last byte at the server
};

struct run_result {
	std::vector<callback> callbacks;
	std::vector<sockopt_call> sockopts;
	effects seen;
};

/// Runs it once, with the programs of programs.hpp or with none.
run_result simulate(const settings& with, bool handlers);

} // namespace lossy
