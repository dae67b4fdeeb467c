// SPDX-License-Identifier: MIT
// What the replies of several programs in one array do to a connection.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace traces {

/// A program that writes `value` to the reply (or not), and returns 1 or 0.
struct reply_program {
	bool writes = false;
	std::int32_t value = 0;
	bool returns_1 = true;

	friend bool operator==(const reply_program&, const reply_program&) = default;
};

enum class reply_op : std::uint8_t { timeout_init = 1, rwnd_init = 2, needs_ecn = 6 };

/// The same programs, in the order in which they run, on both sides; they answer one op.
struct reply_row {
	reply_op op = reply_op::timeout_init;
	std::vector<reply_program> programs;

	friend bool operator==(const reply_row&, const reply_row&) = default;
};

/// What TCP_INFO says. Only what the op is about; the rest is 0.
struct reply_effect {
	std::uint32_t client_rto_us = 0;             ///< while the client waits for the answer to its SYN
	std::uint32_t client_rcv_wnd = 0;            ///< the same; bytes
	std::uint32_t server_rcv_wnd = 0;            ///< of the accepted socket, before any data; bytes
	bool client_ecn = false, server_ecn = false; ///< negotiated

	friend bool operator==(const reply_effect&, const reply_effect&) = default;
};

std::vector<reply_row> reply_rows();

/// "TIMEOUT_INIT [25/1, -/0]": reply and return of each program.
std::string text_of(const reply_row& row);
std::string text_of(const reply_effect& effect);

struct recorded_replies {
	std::string recorded_on;
	std::uint32_t mtu = 0;
	std::vector<reply_row> rows;
	std::vector<reply_effect> effects; ///< one for each row

	friend bool operator==(const recorded_replies&, const recorded_replies&) = default;
};

/// false if the file cannot be written.
bool write_replies(const std::string& path, const recorded_replies& what);
/// `error` says what is wrong and where; then the result is of no use.
recorded_replies read_replies(const std::string& path, std::string& error);

/// Prints the first rows whose effects differ; how many do.
unsigned compare_replies(const std::vector<reply_row>& rows, const char* one,
						 const std::vector<reply_effect>& of_one, const char* other,
						 const std::vector<reply_effect>& of_other);

} // namespace traces
