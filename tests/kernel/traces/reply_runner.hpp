// SPDX-License-Identifier: MIT
// Makes connections in this machine's kernel, under arrays of programs that reply.
#pragma once

#include <string>
#include <vector>

#include "replies.hpp"

namespace traces {

/// One effect for each row, in the same order; or what went wrong.
struct replies_seen {
	std::vector<reply_effect> effects;
	std::string error;
};

constexpr std::uint32_t replies_mtu = 1500;

replies_seen play_replies(const std::vector<reply_row>& rows);

} // namespace traces
